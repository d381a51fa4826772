import Imaging
import InpaintingData

/// The indexed pictures of an evaluation with their holes. A picture with several holes occurs once for each.
package struct EvaluationPictures: Sendable {
  /// The default number of built-in pictures.
  package static let defaultSceneCount = 100

  /// The rule by which pictures are cropped and resized.
  package let rule: SquareRule
  /// The source of the pictures.
  private let collection: PictureCollection
  /// The indices of the pictures in the collection that are measured, each with the index of its hole.
  private let pairs: [(picture: Int, hole: Int)]
  /// Sentences about what was left out or counted once.
  let remarks: [String]
  /// The missing pixels of each picture.
  private let holes: EvaluationHoles
  /// The sketches; nil if there are none.
  let sketches: EvaluationSketches?
  /// The labels; nil if none are measured.
  let labels: EvaluationLabels?

  /// Lists the files without reading them.
  ///
  /// - Parameters:
  ///   - data: A folder, a list file, or `procedural`, which means the pictures that training validates on.
  ///   - holes: A folder or list file of hole pictures, or `generated`.
  ///   - sketches: The sketches; nil if there are none.
  ///   - labels: The labels; nil if none are measured.
  ///   - limit: The maximum number of pictures, evenly spaced in the list.
  /// - Throws: `Failure` if there is no such source, or nothing in it.
  package init(
    data: String, holes: String, sketches: EvaluationSketches? = nil, labels: EvaluationLabels? = nil, size: Int,
    limit: Int?, seed: UInt64
  ) throws {
    let source = try PictureSource(data)
    let listing = try source.listing()
    let holeListing = try EvaluationHoles.listing(holes)
    let holeFiles = holeListing.map { PairedFiles.divided(pictures: listing.pictures, holes: $0.pictures).holes }
    let all = try PictureCollection(source, seed: 0, listing: listing, holes: holeListing?.pictures ?? [])
    let collection = source.isBuiltIn ? all.split(holdingOutAtMost: limit ?? Self.defaultSceneCount).heldOut : all
    guard let collection, let count = collection.count else {
      preconditionFailure("EvaluationPictures: there is an end of the pictures")
    }
    let used = min(count, limit ?? count)
    let indices = (0..<used).map { $0 * count / used }
    let origin = try EvaluationHoles(holes, files: holeFiles, pictures: indices.map(collection.name), seed: seed)
    self.collection = collection
    self.holes = origin
    self.sketches = sketches
    self.labels = labels
    try labels?.check(collection)
    pairs = indices.flatMap { index in
      (0..<(origin.names(forPicture: collection.name(of: index))?.count ?? 1)).map { (index, $0) }
    }
    remarks = all.remarks + (holeListing?.remarks ?? [])
    rule = SquareRule(size: size)
  }

  /// The number of pictures with a hole each, readable or not.
  package var count: Int { pairs.count }

  /// A description of the origin of the holes, for display.
  var holeDescription: String { holes.description }

  /// The name of a picture in messages, with its hole's if it has several.
  func name(of number: Int) -> String {
    let name = collection.name(of: pairs[number].picture)
    return holes.names(forPicture: name).map { "\(name) (\($0[pairs[number].hole]))" } ?? name
  }

  /// The format of a picture's file, such as `JPEG`; nil for a built-in one, and where it is unknown.
  func fileType(of number: Int) -> String? {
    (try? collection.header(at: pairs[number].picture))?.format.rawValue
  }

  /// Reads a picture and its hole.
  ///
  /// - Throws: `Failure` if one of them cannot be used.
  func example(_ number: Int) throws -> EvaluationExample {
    var source = try collection.loaded(at: pairs[number].picture, size: rule.size)
    source.picture.alpha = nil
    let picture = source.picture
    let geometry = rule.geometry(ofWidth: picture.width, height: picture.height)
    let (hole, remark) = try holes.hole(
      forPicture: collection.name(of: pairs[number].picture), number: pairs[number].hole, rule: rule)
    let square = geometry.applied(to: picture)
    let sketch = try sketches?.edges(
      of: square, name: collection.name(of: pairs[number].picture), source: picture, geometry: geometry)
    let given = sketches?.isGiven == true ? sketch.map { [$0] } ?? [] : []
    return EvaluationExample(
      example: Example(picture: square, hole: hole, conditions: Conditions(given), name: name(of: number)),
      remark: remark, sketch: sketch, labels: try labels?.map(of: source, geometry: geometry))
  }
}

/// A picture of an evaluation with its hole.
struct EvaluationExample {
  /// The example, with the sketch that the network gets, if any.
  let example: Example
  /// A remark on the reading of its hole; nil if there is none.
  let remark: String?
  /// The sketch that edges are compared with; nil if there is none.
  let sketch: EdgeMap?
  /// The classes of its pixels; nil if they are unknown.
  let labels: LabelMap?
}

/// The rule by which all pictures are cropped and resized to squares of one size, stated in every report.
package struct SquareRule: Equatable, Sendable {
  /// The side of the square, in pixels.
  package let size: Int

  package init(size: Int) {
    self.size = size
  }

  /// The rule in words.
  package var description: String {
    "the largest square in the middle, brought to \(size)x\(size) by a triangle filter with antialiasing, in 8 bits"
  }

  /// The geometry of the square in a source; small sources are upsampled.
  func geometry(ofWidth width: Int, height: Int) -> CropGeometry {
    .centeredSquare(ofWidth: width, height: height, size: size)
  }
}
