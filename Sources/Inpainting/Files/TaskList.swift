import Foundation
import InpaintingData
import Support

/// Everything that a request asks for: one picture, or those of a folder with their holes.
struct TaskList {
  /// In the order of the pictures' names.
  private(set) var tasks: [InpaintingTask] = []
  /// Pictures that cannot even be tried, and why.
  private(set) var problems: [(name: String, reason: Sentence)] = []
  /// True if a folder was named.
  let isFolder: Bool

  /// - Throws: `Failure` of the kind `usage` if the paths do not go together or an output would replace an input,
  ///   `missingInput` if there is no such picture, and what listing a folder throws.
  init(_ request: InpaintingRequest) throws {
    guard Paths.exists(request.image) else {
      throw Failure(.missingInput, "There is no \(request.image): expected a picture or a folder of pictures.")
    }
    if let hole = request.hole, !Paths.exists(hole) {
      throw Failure(.missingInput, "There is no \(hole): expected a hole picture or a folder of them.")
    }
    isFolder = Paths.isFolder(request.image)
    if isFolder { try addFolder(request) } else { try addPicture(request) }
    try refuseReplacingInputs()
  }

  private mutating func addPicture(_ request: InpaintingRequest) throws {
    if let hole = request.hole, Paths.isFolder(hole) {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .hole, hole) is a folder and \(setting: .image, request.image) is not: expected one hole picture \
          for it.
          """)
    }
    let output: OutputFile
    if Paths.isFolder(request.output) {
      // As with `cp`.
      let name = (request.image as NSString).lastPathComponent
      let path = request.output + "/" + (request.format.map { PairedFiles.stem(of: name) + "." + $0 } ?? name)
      output = try OutputFile(path: path, likePicture: request.image)
    } else {
      output = try OutputFile(path: request.output)
    }
    try request.check(output)
    tasks = [InpaintingTask(name: request.image, picture: request.image, hole: request.hole, output: output)]
  }

  private mutating func addFolder(_ request: InpaintingRequest) throws {
    if Paths.exists(request.output) ? !Paths.isFolder(request.output) : request.namesFileAsOutput {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .image, request.image) is a folder: expected another one for \(setting: .output), found \
          \(request.output).
          """)
    }
    let holes = try request.hole.map { try HoleChoice($0) }
    // Holes and older results may lie in the folder, and are no pictures to fill.
    let others = [request.output] + (request.hole.map { Paths.isFolder($0) ? [$0] : [] } ?? [])
    let excluded = others.filter { Paths.isInside($0, folder: request.image) }
    var sources: [String: String] = [:]
    for picture in try PictureSource.folder(request.image).files() {
      if excluded.contains(where: { Paths.isInside(picture.path, folder: $0) }) { continue }
      let name = request.format.map { PairedFiles.stem(of: picture.name) + "." + $0 } ?? picture.name
      do {
        let hole = try holes?.hole(for: picture.name)
        let output = try OutputFile(path: request.output + "/" + name, likePicture: picture.path)
        if let other = sources[output.path] {
          throw Failure(.data, "its result would replace that of \(other), which has the same name")
        }
        sources[output.path] = picture.name
        tasks.append(InpaintingTask(name: picture.name, picture: picture.path, hole: hole, output: output))
      } catch let failure as Failure {
        problems.append((picture.name, failure.sentence))
      }
    }
  }

  /// Outputs are written to what links lead to, and inputs are read from there.
  private func refuseReplacingInputs() throws {
    let inputs = Set(tasks.flatMap { [$0.picture] + ($0.hole.map { [$0] } ?? []) }.compactMap(Paths.place))
    for task in tasks {
      guard let place = Paths.place(of: task.output.path), inputs.contains(place) else { continue }
      throw Failure(
        .usage,
        sentence:
          "The output \(task.output.path) would replace an input: name another file or folder with \(setting: .output)."
      )
    }
  }
}

/// Where the holes of a folder's pictures are.
private enum HoleChoice {
  case one(String)
  /// The files of a folder, by the pictures' names.
  case byName(folder: String, PairedFiles)

  init(_ path: String) throws {
    guard Paths.isFolder(path) else {
      self = .one(path)
      return
    }
    self = .byName(folder: path, PairedFiles(try PictureSource.folder(path).files()))
  }

  /// - Throws: `Failure` of the kind `data` if there is none, or more than one.
  func hole(for name: String) throws -> String {
    switch self {
    case .one(let path): return path
    case .byName(let folder, let paired):
      let paths = paired.files(forPicture: name).map(\.path)
      guard let path = paths.first else {
        throw Failure(.data, "there is no hole picture for it, such as \(folder)/\(PairedFiles.stem(of: name)).png")
      }
      guard paths.count == 1 else {
        throw Failure(.data, "there is more than one hole picture for it: \(paths.joined(separator: ", "))")
      }
      return path
    }
  }
}
