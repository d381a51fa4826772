import Imaging
import InpaintingData
import Support

/// The origin of the holes of an evaluation.
struct EvaluationHoles: Sendable {
  private enum Origin {
    case generated(GeneratedHoles)
    case files(HoleFiles)
  }

  private let origin: Origin
  /// A line for display.
  let description: String

  /// The hole pictures that an argument names; nil for `generated`.
  ///
  /// - Throws: As `PictureSource.listing()`; `Failure` of kind `usage` for the built-in pictures.
  static func listing(_ argument: String) throws -> PictureListing? {
    if argument == "generated" { return nil }
    let source = try PictureSource(argument)
    guard !source.isBuiltIn else {
      throw Failure(
        .usage,
        sentence:
          "\(setting: .holes): expected a folder or list file of hole pictures, or `generated`, found `\(source.path)`."
      )
    }
    return try source.listing()
  }

  /// - Parameters:
  ///   - argument: `generated`, or a folder or list file.
  ///   - files: The hole pictures that it names; nil for `generated`.
  ///   - pictures: The names of all pictures.
  /// - Throws: As `HoleFiles.init`; `Failure` of kind `data` if there are no files, as all are the pictures themselves.
  init(_ argument: String, files: [ListedPicture]?, pictures: [String], seed: UInt64) throws {
    guard let files else {
      origin = .generated(GeneratedHoles(seed: seed))
      description = "\(GeneratedHoles.recipe), seed \(seed)"
      return
    }
    if files.isEmpty { throw PairedFiles.ownHoles(argument) }
    let holes = try HoleFiles(files, pictures: pictures, seed: seed)
    origin = .files(holes)
    description = "pictures of \(argument), " + (holes.isByName ? "by name" : "chosen by seed \(seed)")
  }

  /// The names of a picture's holes where it has several; nil for its one hole, or none.
  func names(forPicture name: String) -> [String]? {
    guard case .files(let holes) = origin else { return nil }
    let files = holes.files(forPicture: name)
    return files.count > 1 ? files.map(\.name) : nil
  }

  /// A hole of a picture, cropped and resized by the rule; partly missing pixels are missing.
  ///
  /// - Parameter number: The index of the hole, if there are several.
  /// - Returns: The hole, and a remark on its reading.
  /// - Throws: `Failure` if it comes from a file that cannot be used; of kind `data` if there is none, or it is empty
  ///   or covers everything.
  func hole(forPicture name: String, number: Int = 0, rule: SquareRule) throws -> (hole: Hole, remark: String?) {
    switch origin {
    case .generated(let holes): return (holes.hole(forPicture: name, size: rule.size), nil)
    case .files(let holes):
      let files = holes.files(forPicture: name)
      guard number < files.count else {
        throw Failure(
          .data, "expected a hole of the name \(PairedFiles.stem(of: name)), as other pictures have theirs, found none."
        )
      }
      let path = files[number].path
      let reading = try HoleReading(contentsOfFile: path)
      let geometry = rule.geometry(ofWidth: reading.hole.width, height: reading.hole.height)
      let hole = geometry.applied(to: reading.hole)
      if hole.isEmpty || hole.coversEverything {
        let extent = hole.isEmpty ? "nothing" : "everything"
        let reason = reading.fault ?? "\(extent) is missing in the square in the middle at \(rule.size)x\(rule.size)"
        throw Failure(.data, "\(path): \(reason).")
      }
      return (hole, reading.alphaRemark.map { "\(path): \($0)." })
    }
  }
}

/// Reproducible holes for evaluation: brush strokes, a pure function of the seed, the picture's name and the size.
///
/// First the class of `HoleRatio` and the number of missing pixels are drawn, then strokes are added until that number
/// is reached. Only integers and the operations that IEEE 754 rounds exactly (sums, products, quotients, square roots)
/// are used, not sines and logarithms, whose last bits differ between machines: holes are the same everywhere.
struct GeneratedHoles: Equatable, Sendable {
  /// The seed of the series of holes.
  let seed: UInt64

  /// The recipe in words.
  static let recipe =
    "generated brush strokes (1 to 5 straight pieces, up to 1/3 of the side long on each axis, 1/24 to 1/6 of it wide; ratios "
    + "of hole to picture 0.01–0.6)"

  /// The hole of a picture, `size` x `size`.
  ///
  /// - Precondition: The size is at least 16, so that every class has room.
  func hole(forPicture name: String, size: Int) -> Hole {
    precondition(size >= 16, "GeneratedHoles: expected a size of at least 16, found \(size)")
    var stream = RandomStream(seed: seed, purpose: "evaluation hole " + name, step: size)
    let ratio = HoleRatio.all[stream.integer(in: 0..<HoleRatio.all.count)]
    let allowed = ratio.missingCounts(of: size * size)
    // Without the topmost quarter, so that the last stroke has room.
    let wanted = allowed.lowerBound + stream.integer(in: 0...allowed.count * 3 / 4)
    var hole = Hole(width: size, height: size)
    var stroke = size
    // A stroke that exceeds the limit is retried at half the size; one of a single pixel always fits.
    while hole.missingCount < wanted {
      var tried = hole
      addStroke(to: &tried, size: stroke, using: &stream)
      if tried.missingCount <= allowed.upperBound { hole = tried } else { stroke = max(1, stroke / 2) }
    }
    return hole
  }

  /// A polyline of one to five segments with round joints.
  ///
  /// - Parameter size: The brush is up to a sixth of it wide, and a segment up to a third of it long on each axis.
  private func addStroke(to hole: inout Hole, size: Int, using stream: inout RandomStream) {
    let brush = stream.integer(in: max(1, size / 24)...max(1, size / 6))
    let reach = size / 3
    var column = stream.integer(in: 0..<hole.width)
    var row = stream.integer(in: 0..<hole.height)
    for _ in 0..<stream.integer(in: 1...5) {
      let start = Hole.Point(x: Double(column), y: Double(row))
      column = min(max(column + stream.integer(in: -reach...reach), 0), hole.width - 1)
      row = min(max(row + stream.integer(in: -reach...reach), 0), hole.height - 1)
      let end = Hole.Point(x: Double(column), y: Double(row))
      hole.fillSegment(from: start, to: end, width: Double(brush))
      for joint in [start, end] { hole.fillDisc(centerX: joint.x, centerY: joint.y, radius: Double((brush - 1) / 2)) }
    }
  }
}

/// Holes for evaluation from picture files, as `HoleReading` reads them: white, from 128 on, is missing.
///
/// A hole with a picture's own name, apart from the extension, belongs to that picture; so do those with its name and a
/// suffix such as `_mask001`, of which a picture may have several. If no hole has the name of any picture, each picture
/// gets one of them, chosen by the seed and its name.
struct HoleFiles: Sendable {
  private enum Choice {
    /// Files that have pictures' names.
    case byName(PairedFiles)
    /// All files, and the seed by which they are chosen.
    case bySeed([ListedPicture], UInt64)
  }

  private let choice: Choice

  /// Groups files by their names, without reading them.
  ///
  /// - Parameters:
  ///   - files: At least one.
  ///   - pictures: The names of all pictures.
  /// - Throws: `Failure` of kind `data` if two holes have the same name apart from the extension.
  init(_ files: [ListedPicture], pictures: [String], seed: UInt64) throws {
    let paired = PairedFiles(files)
    guard pictures.contains(where: { !paired.files(forPicture: $0).isEmpty }) else {
      choice = .bySeed(files, seed)
      return
    }
    if let repeated = paired.firstRepeated {
      throw Failure(
        .data,
        "\(repeated.name): expected one hole for each picture's name, found another one of that name.")
    }
    choice = .byName(paired)
  }

  /// True if holes are matched with pictures by name.
  var isByName: Bool {
    if case .byName = choice { true } else { false }
  }

  /// The files of a picture: one, or several with suffixes; none if it has none while others have theirs.
  func files(forPicture name: String) -> [ListedPicture] {
    switch choice {
    case .byName(let paired): return paired.files(forPicture: name)
    case .bySeed(let files, let seed):
      var stream = RandomStream(seed: seed, purpose: "evaluation hole file " + name)
      return [files[stream.integer(in: 0..<files.count)]]
    }
  }
}

/// The classes of holes in papers (Liu et al., "Image Inpainting for Irregular Holes Using Partial Convolutions",
/// 2018): the share of the picture that is missing, more than `lower` and at most `upper` per cent.
package struct HoleRatio: Equatable, Sendable {
  /// The lower bound in per cent, exclusive.
  package let lower: Int
  /// The upper bound in per cent, inclusive.
  package let upper: Int

  /// 1–10 %, 10–20 % … 50–60 %.
  package static let all: [HoleRatio] = [1, 10, 20, 30, 40, 50].map {
    HoleRatio(lower: $0, upper: $0 == 1 ? 10 : $0 + 10)
  }

  /// The key, such as `0.1-0.2`.
  package var key: String { "\(Self.fraction(lower))-\(Self.fraction(upper))" }

  /// The title, such as `0.1–0.2`.
  package var title: String { "\(Self.fraction(lower))–\(Self.fraction(upper))" }

  /// True if the class contains this number of missing pixels; in integer arithmetic.
  func contains(missing: Int, of count: Int) -> Bool {
    missing * 100 > lower * count && missing * 100 <= upper * count
  }

  /// The numbers of missing pixels in this class, for a picture of `count` pixels.
  func missingCounts(of count: Int) -> ClosedRange<Int> {
    lower * count / 100 + 1...upper * count / 100
  }

  private static func fraction(_ percent: Int) -> String {
    percent % 10 == 0 ? "0.\(percent / 10)" : "0.0\(percent)"
  }
}
