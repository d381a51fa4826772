package import Imaging
import Support

/// A picture with its origin: a file, or the scene that was drawn.
package struct LoadedPicture: Sendable {
  /// Red, green and blue, upright.
  package var picture: Picture
  /// The relative path of a file, or the kind and number of a scene: for messages.
  package let name: String
  /// Nil for a built-in picture.
  package let file: ListedPicture?
  /// Nil for a file.
  package let scene: ProceduralScene?
}

/// An indexed collection of pictures, from files or generated.
package struct PictureCollection: Sendable {
  private enum Contents {
    case files([ListedPicture])
    case scenes(ProceduralScene.Kind, seed: UInt64)
  }

  /// The files or scenes that `picture(at:size:)` chooses from.
  private let contents: Contents
  /// The number of pictures; nil if it is endless, as for built-in ones.
  package let count: Int?
  /// Sentences about what was left out or counted once.
  package let remarks: [String]

  /// - Parameters:
  ///   - seed: The series of built-in pictures; ignored for files.
  ///   - listing: The source's listing, if it is known already.
  ///   - holes: The hole pictures, which are left out where they lie among the pictures.
  /// - Throws: As `PictureSource.listing()`.
  package init(
    _ source: PictureSource, seed: UInt64, listing: PictureListing? = nil, holes: [ListedPicture] = []
  ) throws {
    if case .builtIn(let kind) = source {
      self.init(kind, seed: seed, count: nil)
      return
    }
    let listing = try (listing ?? source.listing()).countingFilesOnce(source: source.path)
    let pictures = PairedFiles.divided(pictures: listing.pictures, holes: holes).pictures
    let holeCount = listing.pictures.count - pictures.count
    let remark =
      holeCount == 0 ? [] : ["\(source.path): \(holeCount) of its files are hole pictures, and no pictures to fill."]
    self.init(files: pictures, remarks: listing.remarks + remark)
  }

  /// - Precondition: There is at least one file.
  package init(files: [ListedPicture], remarks: [String] = []) {
    precondition(!files.isEmpty, "PictureCollection: expected at least one file")
    contents = .files(files)
    count = files.count
    self.remarks = remarks
  }

  /// Built-in pictures; endless if `count` is nil.
  init(_ kind: ProceduralScene.Kind, seed: UInt64, count: Int?) {
    contents = .scenes(kind, seed: seed)
    self.count = count
    remarks = []
  }

  /// The relative path of a file, or the kind and number of a scene: for messages.
  package func name(of index: Int) -> String {
    switch contents {
    case .files(let files): files[index].name
    case .scenes(let kind, _): "\(kind.rawValue) \(index)"
    }
  }

  /// The kind of built-in pictures; nil for files.
  package var sceneKind: ProceduralScene.Kind? { if case .scenes(let kind, _) = contents { kind } else { nil } }
  /// True for built-in pictures.
  package var isGenerated: Bool { sceneKind != nil }

  /// The file of a picture; nil for a built-in one.
  package func file(at index: Int) -> ListedPicture? {
    if case .files(let files) = contents { files[index] } else { nil }
  }

  /// Reads or draws a picture in red, green and blue, with its origin; the parameters are those of `picture(at:size:)`.
  package func loaded(at index: Int, size: Int) throws -> LoadedPicture {
    precondition(index >= 0 && index < count ?? .max, "PictureCollection.loaded: there is no picture \(index)")
    switch contents {
    case .files(let files):
      return LoadedPicture(
        picture: try Picture(contentsOfFile: files[index].path), name: files[index].name, file: files[index], scene: nil
      )
    case .scenes(let kind, let seed):
      let scene = ProceduralScene(kind, seed: seed, index: index, size: size)
      return LoadedPicture(picture: scene.picture, name: name(of: index), file: nil, scene: scene)
    }
  }

  /// Reads or draws a picture in red, green and blue.
  ///
  /// - Parameters:
  ///   - index: A number below `count`.
  ///   - size: The side of generated pictures in pixels; ignored for files.
  /// - Throws: As `Picture.init(contentsOfFile:)`.
  package func picture(at index: Int, size: Int) throws -> Picture {
    try loaded(at: index, size: size).picture
  }

  /// Checks that at least one picture can be read.
  ///
  /// - Throws: `Failure` of kind `data`, with what is wrong with the first one, if none can.
  package func requireReadable(size: Int) throws {
    guard let count else { return }
    var first: Failure?
    for index in 0..<count {
      do {
        _ = try picture(at: index, size: size)
        return
      } catch let failure as Failure where failure.isAboutOneFile {
        first = first ?? failure
      }
    }
    throw Failure(
      .data,
      sentence: """
        the pictures: expected some that can be read, found none among \(count); of the first one: \
        \(first?.sentence ?? "nothing is known")
        """)
  }

  /// The format and size of a picture file, without decoding it; nil for generated pictures.
  ///
  /// - Throws: As `PictureHeader.init(ofFile:)`.
  package func header(at index: Int) throws -> PictureHeader? {
    guard case .files(let files) = contents else { return nil }
    return try PictureHeader(ofFile: files[index].path)
  }

  /// Holds pictures out for validation: about 5 % of the files, chosen by their names alone, so that they remain the
  /// same when a run is resumed or the folder is moved; or built-in pictures that are the same for every seed.
  ///
  /// - Parameter limit: The maximum number of pictures to hold out.
  /// - Returns: The rest, and the pictures held out; nil if there is only one picture or the limit is 0.
  package func split(holdingOutAtMost limit: Int) -> (training: PictureCollection, heldOut: PictureCollection?) {
    guard limit > 0 else { return (self, nil) }
    let files: [ListedPicture]
    switch contents {
    case .files(let all): files = all
    case .scenes(let kind, _):
      return (self, PictureCollection(kind, seed: PictureCollection.validationSeed, count: limit))
    }
    let held = HeldOutSplit(names: files.map(\.name), limit: limit)
    if held.indices.isEmpty { return (self, nil) }
    var training: [ListedPicture] = []
    var validation: [ListedPicture] = []
    for (index, file) in files.enumerated() {
      if held.indices.contains(index) { validation.append(file) } else { training.append(file) }
    }
    return (PictureCollection(files: training), PictureCollection(files: validation))
  }

  /// A seed that no one is likely to choose.
  private static let validationSeed: UInt64 = 0x6b69_6e74_7375_6769
}
