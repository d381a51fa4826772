import Foundation
import InpaintingData
import Support

/// The tasks of a request: one picture, or those of a folder with their holes.
struct TaskList {
  /// The tasks, in the order of the pictures' names.
  private(set) var tasks: [InpaintingTask] = []
  /// Pictures for which there is no task, with reasons.
  private(set) var problems: [(name: String, reason: Sentence)] = []
  /// Remarks on what was left out, a sentence each.
  private(set) var remarks: [String] = []
  /// True if a folder was named.
  let isFolder: Bool

  /// - Throws: `Failure` of the kind `usage` if the paths do not go together, an output would replace an input, or a
  ///   picture is its own hole; `missingInput` if there is no such picture, `data` if no picture of a folder has a hole
  ///   other than itself, and the errors of listing a folder.
  init(_ request: InpaintingRequest) throws {
    guard Path.existsUnfollowed(request.image) else {
      throw Failure(.missingInput, "\(request.image): expected a picture or a folder of pictures, found nothing there.")
    }
    if let hole = request.hole, !Path.existsUnfollowed(hole) {
      throw Failure(.missingInput, "\(hole): expected a hole picture or a folder of them, found nothing there.")
    }
    for guide in request.guides where !Path.existsUnfollowed(guide.path) {
      throw Failure(
        .missingInput, "\(guide.path): expected a \(guide.kind.noun) or a folder of them, found nothing there.")
    }
    isFolder = Path.isFolder(request.image)
    if isFolder { try addFolder(request) } else { try addPicture(request) }
    try refuseReplacingInputs()
    try refuseOwnHoles()
  }

  private mutating func addPicture(_ request: InpaintingRequest) throws {
    if let hole = request.hole, Path.isFolder(hole) {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .hole, hole): expected one hole picture, as \(setting: .image, request.image) is no folder, found a folder.
          """)
    }
    for guide in request.guides where Path.isFolder(guide.path) {
      throw Failure(
        .usage,
        sentence: """
          \(setting: guide.kind.setting, guide.path): expected one \(guide.kind.noun), as \
          \(setting: .image, request.image) is no folder, found a folder.
          """)
    }
    let output: OutputFile
    if Path.isFolder(request.output) {
      // Like `cp`.
      let name = (request.image as NSString).lastPathComponent
      let path = request.output + "/" + (request.format.map { PairedFiles.stem(of: name) + "." + $0 } ?? name)
      output = try OutputFile(path: path, likePicture: request.image)
    } else {
      output = try OutputFile(path: request.output)
    }
    try request.check(output)
    tasks = [
      InpaintingTask(
        name: request.image, picture: request.image, hole: request.hole, sketch: request.sketch,
        labels: request.labels, output: output)
    ]
  }

  private mutating func addFolder(_ request: InpaintingRequest) throws {
    if Path.existsUnfollowed(request.output) ? !Path.isFolder(request.output) : request.namesFileAsOutput {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .output, request.output): expected a folder, as \(setting: .image, request.image) is one, found the \
          path of a file.
          """)
    }
    // Older results in the folder are not filled, nor are files of holes, sketches and labels.
    let holePicture = request.hole.flatMap { Path.isFolder($0) ? nil : $0 }
    let others = [request.output] + (holePicture.map { [$0] } ?? []) + request.guides.map(\.path)
    let excluded = others.filter { Path.isInside($0, folder: request.image) }.compactMap(Path.resolved)
    let listing = try PictureSource.folder(request.image).listing()
    remarks += listing.remarks
    func isExcluded(_ file: ListedPicture) -> Bool {
      excluded.contains { Path.resolved(file.path) == $0 || Path.isInside(file.path, folder: $0) }
    }
    var pictures = listing.pictures.filter { !isExcluded($0) }
    let holes = try request.hole.map { try holeChoice($0, excluding: isExcluded, dividing: &pictures) }
    let sketches = try request.sketch.map { try guideChoice($0, .sketch) }
    let labels = try request.labels.map { try guideChoice($0, .labels) }
    var sources: [String: String] = [:]
    for picture in pictures {
      do {
        let files = try holes?.files(for: picture.name) ?? [nil]
        for file in files {
          // Each of several holes has a result of its own, under its own name.
          let named = files.count > 1 ? file?.name ?? picture.name : picture.name
          let format = request.format ?? (picture.name as NSString).pathExtension
          let ending = format.isEmpty ? "" : "." + format
          let name = files.count > 1 || request.format != nil ? PairedFiles.stem(of: named) + ending : named
          let output = try OutputFile(path: request.output + "/" + name, likePicture: picture.path)
          if let other = sources[output.path] {
            throw Failure(.data, "expected a name of its own for its result, found that of \(other)")
          }
          sources[output.path] = picture.name
          tasks.append(
            InpaintingTask(
              name: files.count > 1 ? "\(picture.name) (\(named))" : picture.name, picture: picture.path,
              hole: file?.path, sketch: try sketches?(picture.name), labels: try labels?(picture.name), output: output))
        }
      } catch let failure as Failure {
        problems.append((picture.name, failure.sentence))
      }
    }
  }

  /// Finds the holes of a folder's pictures.
  ///
  /// - Parameter pictures: The pictures; hole pictures among them are removed.
  private mutating func holeChoice(
    _ path: String, excluding isExcluded: (ListedPicture) -> Bool, dividing pictures: inout [ListedPicture]
  ) throws -> HoleChoice {
    guard Path.isFolder(path) else { return .one(ListedPicture(name: path, path: path)) }
    let listing = try PictureSource.folder(path).listing()
    remarks += listing.remarks
    let divided = PairedFiles.divided(pictures: pictures, holes: listing.pictures.filter { !isExcluded($0) })
    if divided.holes.isEmpty { throw PairedFiles.ownHoles(path) }
    pictures = divided.pictures
    return .byName(folder: path, PairedFiles(divided.holes))
  }

  /// Finds the sketches or label maps of a folder's pictures: one file for all, or a folder of files with the pictures'
  /// names. Pictures without one are filled without.
  private mutating func guideChoice(
    _ path: String, _ kind: ConditionFileKind
  ) throws -> (_ picture: String) throws -> String? {
    guard Path.isFolder(path) else { return { _ in path } }
    let listing = try PictureSource.folder(path).listing()
    remarks += listing.remarks
    let paired = PairedFiles(listing.pictures, suffix: kind.rawValue)
    return { picture in
      let files = paired.files(forPicture: picture)
      guard files.count <= 1 else {
        throw Failure(
          .data, "expected one \(kind.noun) for it, found \(files.count): \(files.map(\.path).joined(separator: ", "))")
      }
      return files.first?.path
    }
  }

  /// - Throws: `Failure` of the kind `usage`.
  private func refuseOwnHoles() throws {
    for task in tasks {
      guard let hole = task.hole, let file = Path.resolved(hole), file == Path.resolved(task.picture) else {
        continue
      }
      throw Failure(
        .usage,
        sentence: """
          \(setting: .hole, hole): expected a hole picture, or \(setting: .convention, "alpha") for a picture that is \
          transparent where pixels are missing, found the picture itself.
          """)
    }
  }

  /// Compares canonical paths, as links are followed in reading and writing.
  private func refuseReplacingInputs() throws {
    let inputs = Set(
      tasks.flatMap { [$0.picture, $0.hole, $0.sketch, $0.labels].compactMap(\.self) }.compactMap(Path.place))
    for task in tasks {
      guard let place = Path.place(of: task.output.path), inputs.contains(place) else { continue }
      throw Failure(
        .usage,
        sentence:
          "\(task.output.path): the output would replace an input; name another file or folder with \(setting: .output)."
      )
    }
  }
}

/// The holes of a folder's pictures.
private enum HoleChoice {
  case one(ListedPicture)
  /// The files of a folder, by the pictures' names.
  case byName(folder: String, PairedFiles)

  /// - Returns: One file, or several whose names have suffixes.
  /// - Throws: `Failure` of the kind `data` if there is none, or more than one of the picture's own name.
  func files(for name: String) throws -> [ListedPicture?] {
    switch self {
    case .one(let file): return [file]
    case .byName(let folder, let paired):
      let files = paired.files(forPicture: name)
      if files.isEmpty {
        let stem = PairedFiles.stem(of: name)
        throw Failure(
          .data,
          "expected a hole picture for it, such as \(folder)/\(stem).png or \(folder)/\(stem)_mask.png, found none")
      }
      guard files.count == 1 || paired.haveSuffix(forPicture: name) else {
        throw Failure(
          .data, "expected one hole picture for it, found \(files.count): \(files.map(\.path).joined(separator: ", "))")
      }
      return files
    }
  }
}
