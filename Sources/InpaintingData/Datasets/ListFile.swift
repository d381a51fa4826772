import Foundation
import Support

/// The pictures named by a text file: one path a line, relative to the file's own folder. Blank lines and lines that
/// begin with `#` are ignored.
///
/// Further columns of a line, after tabs, name files that belong to the picture. Spaces separate columns as well where
/// the line as a whole is not a file and its first word is.
struct ListFile {
  /// In the order of the lines. A picture that several lines name counts once, however they spell its path.
  let listing: PictureListing

  /// - Throws: `Failure` of kind `missingInput` if the list or pictures in it do not exist, with the lines' numbers;
  ///   `data` if the list names no picture or is not text; `inputOutput` if it cannot be read.
  init(_ path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    let lines = try ListFile.bytes(of: path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var listing = PictureListing()
    var repeats = RepeatedLines()
    var (count, missing) = (0, [(line: Int, file: String)]())
    for (index, bytes) in lines.enumerated() {
      guard !bytes.contains(0) else {
        throw Failure(.data, "\(path), line \(index + 1): expected a path, found zero bytes; save the list as UTF-8.")
      }
      let text = String(pathBytes: bytes)
      // Spaces and carriage returns at the ends; also the byte order mark of Windows' editors.
      let line = text.trimmingCharacters(in: .whitespacesAndNewlines.union(["\u{feff}", "\r"]))
      if line.isEmpty || line.hasPrefix("#") { continue }
      func located(_ name: String) -> String { name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name }
      let columns = ListFile.columns(of: line, path: located)
      let (name, file) = (columns[0], located(columns[0]))
      count += 1
      if try !ListFile.exists(file, list: path, line: index + 1) { missing.append((index + 1, file)) }
      if repeats.isNew(file, line: index + 1) {
        listing.pictures.append(
          ListedPicture(name: name, path: file, columns: columns.dropFirst().map(located)))
      }
    }
    if !missing.isEmpty { throw ListFile.failure(missing, of: count, list: path) }
    if listing.pictures.isEmpty {
      throw Failure(.data, "\(path): expected one path of a picture a line, relative to the list's folder, found none.")
    }
    listing.remarks += repeats.remark(list: path).map { [$0] } ?? []
    self.listing = listing
  }

  /// The columns of a line.
  ///
  /// - Parameter path: Returns the path to open for a name.
  private static func columns(of line: String, path: (String) -> String) -> [String] {
    func parts(_ isSeparator: (Character) -> Bool) -> [String] {
      line.split(whereSeparator: isSeparator).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    if line.contains("\t") { return parts { $0 == "\t" } }
    // Names may contain spaces.
    let words = parts { $0 == " " }
    return FileKind(ofPath: path(line)) == nil && FileKind(ofPath: path(words[0])) == .file ? words : [line]
  }

  /// The whole file.
  private static func bytes(of path: String) throws -> [UInt8] {
    guard FileKind(ofPath: path) == .file else {
      throw Failure(.missingInput, "\(path): expected a text file with one path a line, found none there.")
    }
    do {
      return try FileReader.read(path)
    } catch {
      throw Failure(.inputOutput, "\(path): the list file cannot be read; check its permissions.")
    }
  }

  /// Checks that a line's file exists, so that training does not fail after hours.
  private static func exists(_ file: String, list: String, line: Int) throws -> Bool {
    switch FileKind(ofPath: file) {
    case .file: return true
    case nil: return false
    case .folder, .other:
      throw Failure(.data, "\(list), line \(line): expected the path of a picture, found \(file), which is no file.")
    }
  }

  /// The failure that names the first ten missing files, as their common folder has often been moved.
  private static func failure(_ missing: [(line: Int, file: String)], of count: Int, list: String) -> Failure {
    let advice = "paths are relative to the list's folder."
    if missing.count == 1 {
      return Failure(
        .missingInput, "\(list), line \(missing[0].line): there is no picture \(missing[0].file); \(advice)")
    }
    let shown = missing.prefix(10).map { "line \($0.line) \($0.file)" }.joined(separator: ", ")
    let rest = missing.count > 10 ? " and \(missing.count - 10) more" : ""
    return Failure(
      .missingInput, "\(list): \(missing.count) of \(count) pictures do not exist: \(shown)\(rest); \(advice)")
  }
}

/// The lines of a list that name the same file as an earlier one.
private struct RepeatedLines {
  private var lines: [String: Int] = [:]
  private var folders: [String: String] = [:]
  private var repeats: [(line: Int, earlier: Int)] = []

  /// True if no earlier line names the file. Files are compared by their canonical folder and their name in it.
  mutating func isNew(_ file: String, line: Int) -> Bool {
    let folder = (file as NSString).deletingLastPathComponent
    let resolved = folders[folder] ?? Path.resolved(folder.isEmpty ? "." : folder) ?? folder
    folders[folder] = resolved
    let place = resolved + "/" + (file as NSString).lastPathComponent
    if let earlier = lines[place] {
      repeats.append((line, earlier))
      return false
    }
    lines[place] = line
    return true
  }

  /// The sentence about the repeated lines, nil if there are none.
  func remark(list: String) -> String? {
    guard let first = repeats.first else { return nil }
    let lines = repeats.count == 1 ? "1 line names a picture" : "\(repeats.count) lines name pictures"
    let repeated = repeats.prefix(10).map { "\($0.line)" }.joined(separator: ", ")
    let more = repeats.count > 10 ? " and \(repeats.count - 10) more" : ""
    return "\(list): \(lines) that an earlier line names (line \(first.line) is line \(first.earlier) again; repeated: "
      + "\(repeated)\(more)); each counts once."
  }
}
