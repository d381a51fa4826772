import Imaging
import InpaintingData
import Support

/// One picture to fill: the paths of its files and of the output.
struct InpaintingTask: Equatable, Sendable {
  /// The path in messages; for pictures of a folder it is relative to the folder.
  let name: String
  let picture: String
  /// Nil if the hole is in the picture's own alpha channel.
  let hole: String?
  /// Nil if there is none.
  let sketch: String?
  /// The label map to follow; nil if there is none.
  let labels: String?
  let output: OutputFile
}

/// The files of a task, on disk or in memory, by the names in the task.
struct TaskFiles: Sendable {
  static let onDisk = TaskFiles(contents: nil)

  private let contents: [String: [UInt8]]?

  private init(contents: [String: [UInt8]]?) { self.contents = contents }

  /// - Parameter contents: The bytes of every file of the task, by name.
  init(inMemory contents: [String: [UInt8]]) { self.init(contents: contents) }

  /// - Throws: As `PictureHeader.init(ofFile:maxMegapixels:)`.
  func header(of name: String) throws -> PictureHeader {
    guard let contents else { return try PictureHeader(ofFile: name, maxMegapixels: .max) }
    return try PictureHeader(decoding: contents[name] ?? [], name: name, maxMegapixels: .max)
  }

  /// The length in bytes; 0 if there is no such file.
  func size(of name: String) -> Int { contents.map { $0[name]?.count ?? 0 } ?? FileReader.size(of: name) }

  /// - Throws: As `Picture.init(contentsOfFile:keepsGray:maxMegapixels:)`.
  func picture(_ name: String, maxMegapixels: Int) throws -> Picture {
    guard let contents else {
      return try Picture(contentsOfFile: name, keepsGray: true, maxMegapixels: maxMegapixels)
    }
    return try Picture(decoding: contents[name] ?? [], name: name, keepsGray: true, maxMegapixels: maxMegapixels)
  }

  /// - Throws: As `LabelMap.init(contentsOfFile:)`.
  func labels(_ name: String, classes: LabelClasses, maxMegapixels: Int) throws -> RequestedLabels {
    guard let contents else {
      return try RequestedLabels(contentsOfFile: name, classes: classes, maxMegapixels: maxMegapixels)
    }
    return RequestedLabels(
      try LabelMap(
        decoding: contents[name] ?? [], name: name, classes: classes, remap: LabelRemap(),
        maxMegapixels: maxMegapixels))
  }
}
