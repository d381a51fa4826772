import Imaging
import InpaintingData

/// The pictures of an evaluation with their holes, by number.
package struct EvaluationPictures: Sendable {
  /// How many built-in pictures are measured if nobody says.
  package static let defaultSceneCount = 100

  /// How every picture becomes a square.
  package let rule: SquareRule
  /// Where they are read from.
  private let collection: PictureCollection
  /// Which pictures of the collection.
  private let indices: [Int]
  /// What is missing from each.
  private let holes: EvaluationHoles

  /// Looks for the files, and reads none.
  ///
  /// - Parameters:
  ///   - data: A folder, a list file, or `procedural`, which means the pictures that training validates on.
  ///   - holes: A folder or list file of hole pictures, or `generated`.
  ///   - limit: The most pictures to use: some from everywhere in the list, evenly spaced.
  /// - Throws: `Failure` if there is no such source, or nothing in it.
  package init(data: String, holes: String, size: Int, limit: Int?, seed: UInt64) throws {
    let source = try PictureSource(data)
    let all = try PictureCollection(source, seed: 0)
    let collection = source == .procedural ? all.split(holdingOutAtMost: limit ?? Self.defaultSceneCount).heldOut : all
    guard let collection, let count = collection.count else {
      preconditionFailure("EvaluationPictures: there is an end of the pictures")
    }
    let used = min(count, limit ?? count)
    let indices = (0..<used).map { $0 * count / used }
    self.collection = collection
    self.indices = indices
    self.holes = try EvaluationHoles(holes, pictures: indices.map(collection.name), seed: seed)
    rule = SquareRule(size: size)
  }

  /// How many there are, readable or not.
  package var count: Int { indices.count }

  /// Where the holes come from, for people.
  var holeDescription: String { holes.description }

  /// What messages call a picture.
  func name(of number: Int) -> String { collection.name(of: indices[number]) }

  /// Reads a picture and its hole.
  ///
  /// - Throws: `Failure` if one of them cannot be used.
  func example(_ number: Int) throws -> Example {
    var picture = try collection.picture(at: indices[number], size: rule.size)
    picture.alpha = nil
    let geometry = rule.geometry(ofWidth: picture.width, height: picture.height)
    let hole = try holes.hole(forPicture: name(of: number), rule: rule)
    return Example(picture: geometry.applied(to: picture), hole: hole, name: name(of: number))
  }
}
