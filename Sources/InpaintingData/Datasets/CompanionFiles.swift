import Foundation
import Imaging
import Support

/// The location of companion files, which belong to pictures, in a configuration.
package struct CompanionSettings: Sendable {
  /// A folder or list; nil if they lie beside their pictures, or are named in the pictures' list.
  let path: String?
  /// The folder or list for validation, if it is another.
  private let validationPath: String?
  /// The column of the pictures' list that names them, from 2.
  private let column: Int?

  init(_ reader: JSONReader) throws {
    path = try reader.optional("path")?.string()
    validationPath = try reader.optional("validation_path")?.string()
    column = try reader.optional("column")?.integer(in: 2...16)
    guard path == nil || column == nil else {
      throw reader.failure(
        "expected one of `path`, a folder of files, and `column`, one of the pictures' list, found both")
    }
    guard validationPath == nil || path != nil else {
      throw reader.failure(
        "`validation_path`: expected a `path` too, in whose place it is for pictures to validate on, found none")
    }
  }

  /// A folder or list of files.
  init(folder: String) { (path, validationPath, column) = (folder, nil, nil) }

  /// True if the files lie beside the pictures.
  var areBeside: Bool { path == nil && column == nil }

  /// The folder for pictures to train on, or to validate on.
  func root(validates: Bool) -> String { (validates ? validationPath : nil) ?? path ?? "." }

  /// Finds the files.
  ///
  /// - Parameters:
  ///   - suffix: The suffix of a file's name, after its picture's name and an underscore.
  ///   - noun: The word for a file in messages.
  /// - Throws: As `PictureSource.listing()`.
  func files(validates: Bool, suffix: String, noun: String) throws -> CompanionFiles {
    let place: CompanionFiles.Place
    if let column {
      place = .column(column)
    } else if path != nil {
      let root = root(validates: validates)
      place = .listed(PairedFiles(try PictureSource(root).listing().pictures, suffix: suffix), root: root)
    } else {
      place = .beside
    }
    return CompanionFiles(place: place, suffix: suffix, noun: noun)
  }
}

/// Companion files, each of which belongs to one picture.
package struct CompanionFiles: Sendable {
  enum Place: Sendable {
    /// In the picture's folder, under its name with the suffix.
    case beside
    /// In a folder or list of their own, under their pictures' names, with the suffix or without.
    case listed(PairedFiles, root: String)
    /// In a column of the pictures' list.
    case column(Int)
  }

  let place: Place
  let suffix: String
  let noun: String

  /// The file of a picture.
  ///
  /// - Throws: `Failure` of the kind `missingInput` if there is none, `data` if there are several.
  package func file(for picture: LoadedPicture) throws -> ListedPicture {
    guard let file = try fileIfAny(for: picture) else {
      throw Failure(
        .missingInput, "\(picture.name): expected \(expectation(for: picture.name)), found no \(noun).")
    }
    return file
  }

  /// The file of a picture, nil if there is none.
  ///
  /// - Throws: `Failure` of the kind `data` if there are several.
  func fileIfAny(for picture: LoadedPicture) throws -> ListedPicture? { try picture.file.flatMap(found) }

  /// - Throws: `Failure` of the kind `missingInput` that counts the pictures without a file and names the first ten.
  package func check(_ pictures: PictureCollection) throws { try coverage(of: pictures).requireAll() }

  /// The pictures with and without a file.
  ///
  /// - Throws: `Failure` of the kind `configuration` for built-in pictures, `data` if a picture has several files.
  func coverage(of pictures: PictureCollection) throws -> ConditionCoverage {
    guard !pictures.isGenerated, let count = pictures.count else {
      throw Failure(
        .configuration, "the pictures: expected files with one \(noun) each, found built-in ones, which have none.")
    }
    let missing = try (0..<count).filter { index in
      try pictures.file(at: index).map { try found(for: $0) == nil } ?? true
    }.map { pictures.name(of: $0) }
    return ConditionCoverage(
      noun: noun, count: count, missing: missing, expectation: missing.first.map(expectation) ?? "")
  }

  /// The file of a picture; nil if there is none.
  private func found(for picture: ListedPicture) throws -> ListedPicture? {
    switch place {
    case .beside:
      let stem = PairedFiles.stem(of: picture.path) + "_" + suffix
      let path = PictureFormat.allCases.flatMap(\.fileExtensions).map { stem + "." + $0 }.first {
        FileKind(ofPath: $0) == .file
      }
      return path.map { ListedPicture(name: $0, path: $0) }
    case .listed(let files, _):
      let found = files.files(forPicture: picture.name)
      guard found.count <= 1 else {
        throw Failure(
          .data,
          "\(picture.name): expected one \(noun), found \(found.count): \(found.map(\.path).joined(separator: ", ")).")
      }
      return found.first
    case .column(let column):
      guard picture.columns.count > column - 2 else { return nil }
      let path = picture.columns[column - 2]
      return FileKind(ofPath: path) == .file ? ListedPicture(name: path, path: path) : nil
    }
  }

  private func expectation(for name: String) -> String {
    let stem = PairedFiles.stem(of: name)
    return switch place {
    case .beside: "\(stem)_\(suffix).png beside it"
    case .listed(_, let root): "\(root)/\(stem).png or \(root)/\(stem)_\(suffix).png"
    case .column(let column): "the path of a file in column \(column) of its line, columns separated by tabs"
    }
  }

  /// Those of some pictures that belong to others of them by their names.
  static func companions(among pictures: [ListedPicture], suffix: String) -> [ListedPicture] {
    let stems = Set(pictures.map { PairedFiles.stem(of: $0.name) })
    return pictures.filter { picture in
      let stem = PairedFiles.stem(of: picture.name)
      return stem.hasSuffix("_" + suffix) && stems.contains(String(stem.dropLast(suffix.count + 1)))
    }
  }
}
