import Glibc

/// A log that grows at its end: records are appended whole, each by one system call.
///
/// Failures are of the kind `inputOutput`, unless said otherwise.
package final class AppendingFile {
  private let file: OpenFile

  package var path: String { file.path }

  /// Opens the file for appending; it is made if it is missing.
  ///
  /// - Parameter mustBeNew: Refuse a file that exists, with a failure of the kind `exists`.
  package init(_ path: String, mustBeNew: Bool = false) throws {
    let flags = O_WRONLY | O_APPEND | O_CREAT | (mustBeNew ? O_EXCL : 0)
    file = try OpenFile(path, flags: flags, action: "write")
  }

  /// Appends a record. If the disk is full in the midst of it, its beginning is taken back, so that later records do
  /// not join a torn one.
  package func append(_ record: [UInt8]) throws {
    let end = lseek(file.descriptor, 0, SEEK_END)
    do {
      try record.withUnsafeBytes(file.write)
    } catch {
      if end >= 0 { ftruncate(file.descriptor, end) }
      throw error
    }
  }

  /// Appends a line.
  ///
  /// - Precondition: the text has no newline in it.
  package func append(line: String) throws {
    precondition(!line.utf8.contains(UInt8(ascii: "\n")), "AppendingFile: a line must not contain a newline")
    try append(Array(line.utf8) + [UInt8(ascii: "\n")])
  }

  /// Waits until the disk has everything.
  package func synchronize() throws {
    try file.synchronize()
  }
}
