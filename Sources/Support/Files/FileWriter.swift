import Glibc
import Synchronization

/// Atomic writing of files, the only place where files are written.
///
/// A file is written under a temporary name in the same folder, synchronized to disk and renamed, and then the folder
/// is synchronized: after a crash at any moment the path holds either the whole old file or the whole new one. All
/// failures are of the kind `inputOutput` and give the path and the system's reason.
package enum FileWriter {
  /// The file that `writeAtomically` passes to its caller, to be written piece by piece.
  package final class Stream {
    private let file: OpenFile

    fileprivate init(_ file: OpenFile) {
      self.file = file
    }

    /// Writes the bytes without copying them; large pieces are fastest.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
      try file.write(bytes)
    }

    package func write(_ bytes: [UInt8]) throws {
      try bytes.withUnsafeBytes(file.write)
    }
  }

  /// Creates or replaces the file at `path` with what `body` writes; if `body` throws, nothing is changed.
  ///
  /// The permissions of a replaced file are kept, and its owner and group as far as the process may set them. A
  /// symbolic link stays: its target is created or replaced.
  package static func writeAtomically<Result>(
    to path: String, _ body: (Stream) throws -> Result
  ) throws -> Result {
    let destination = try Path.destination(of: path)
    let old = regularFile(at: destination)
    let temporary = try TemporaryName.next(besides: destination)
    do {
      let file = try OpenFile(
        temporary, flags: O_WRONLY | O_CREAT | O_EXCL, named: path, action: "write it", mode: old == nil ? 0o666 : 0o600
      )
      // Held until the file is closed: `sweepTemporaries` leaves locked files alone.
      _ = flock(file.descriptor, LOCK_EX | LOCK_NB)
      let result = try body(Stream(file))
      if let old { copyOwnership(old, to: file) }
      try file.synchronize()
      try file.close()
      try rename(temporary, to: destination, named: path)
      return result
    } catch {
      try? remove(temporary)
      throw error
    }
  }

  /// Creates or replaces the file at `path` with these bytes.
  package static func writeAtomically(_ bytes: [UInt8], to path: String) throws {
    try writeAtomically(to: path) { try $0.write(bytes) }
  }

  /// Creates or replaces the file at `path` with this text in UTF-8.
  package static func writeAtomically(_ text: String, to path: String) throws {
    try writeAtomically(Array(text.utf8), to: path)
  }

  /// Atomically makes the symbolic link at `path` point to `destination`; an existing link is replaced.
  ///
  /// - Parameter destination: Relative to the link's folder, unless it begins with `/`. It need not exist.
  package static func replaceLink(at path: String, destination: String) throws {
    let temporary = try TemporaryName.next(besides: path)
    try Failure.refuse(path: destination, "link to it")
    guard destination.withPathBytes({ target in temporary.withPathBytes { symlink(target, $0) } }) == 0 else {
      throw Failure.system("write it", path)
    }
    do {
      try rename(temporary, to: path, named: path)
    } catch {
      try? remove(temporary)
      throw error
    }
  }

  /// Creates the folder and its missing parents.
  package static func createFolder(_ path: String) throws {
    try Failure.refuse(path: path, "make the folder")
    let parts = path.split(separator: "/")
    for count in parts.indices.map({ $0 + 1 }) {
      let folder = (path.hasPrefix("/") ? "/" : "") + parts[..<count].joined(separator: "/")
      if folder.withPathBytes({ mkdir($0, 0o777) }) == 0 {
        try synchronizeFolder(Path.parent(of: folder), for: folder)
        continue
      }
      let number = errno
      var status = stat()
      guard folder.withPathBytes({ stat($0, &status) }) == 0 else {
        throw Failure.system("make the folder", folder, number: number)
      }
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw Failure(.inputOutput, "\(path): cannot make the folder, as \(folder) is a file")
      }
    }
  }

  /// Removes the file or link at `path`; it is no failure if there is none.
  package static func remove(_ path: String) throws {
    try Failure.refuse(path: path, "remove it")
    guard path.withPathBytes({ unlink($0) }) == 0 || errno == ENOENT else { throw Failure.system("remove it", path) }
  }

  // MARK: Steps

  private static func rename(_ temporary: String, to path: String, named name: String) throws {
    guard temporary.withPathBytes({ old in path.withPathBytes { Glibc.rename(old, $0) } }) == 0 else {
      throw Failure.system("write it", name)
    }
    try synchronizeFolder(Path.parent(of: path), for: name)
  }

  private static func regularFile(at path: String) -> stat? {
    var status = stat()
    return path.withPathBytes({ lstat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFREG ? status : nil
  }

  /// Copies owner, group and permissions from the replaced file. Until now only its owner may read the new one.
  private static func copyOwnership(_ old: stat, to file: OpenFile) {
    // Only privileged processes may change the owner; anyone may choose a group that they belong to.
    if fchown(file.descriptor, old.st_uid, old.st_gid) != 0 { _ = fchown(file.descriptor, uid_t.max, old.st_gid) }
    _ = fchmod(file.descriptor, old.st_mode & 0o7777)
  }

  /// Synchronizes the folder's entries to disk.
  private static func synchronizeFolder(_ folder: String, for path: String) throws {
    let file = try OpenFile(folder, flags: O_RDONLY | O_DIRECTORY, named: path, action: "write it")
    // Some file systems cannot synchronize folders, and report so.
    guard uninterrupted({ fsync(file.descriptor) }) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw Failure.system("write it", path)
    }
  }

}

/// The temporary names of files: `.partial-<process>-<count>`, short however long the final name is.
enum TemporaryName {
  private static let prefix = ".partial-"
  private static let count = Atomic<Int>(0)

  /// A name in the folder of `path` that no running process of this machine uses.
  static func next(besides path: String) throws -> String {
    try Failure.refuse(path: path, "write it")
    while true {
      let number = count.add(1, ordering: .relaxed).newValue
      let name = Path.parent(of: path) + "/\(prefix)\(getpid())-\(number)"
      // An earlier process with the same number may have left one behind.
      var status = stat()
      if name.withPathBytes({ lstat($0, &status) }) != 0 { return name }
    }
  }

  /// True for a temporary name: nothing else may ever be swept.
  static func matches(_ name: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let numbers = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { UInt64($0) != nil }
  }
}

extension FileWriter {
  /// Removes temporary files that crashes have left in this folder; a file that another process is writing stays.
  ///
  /// - Returns: The number of removed files.
  @discardableResult
  package static func sweepTemporaries(in folder: String) throws -> Int {
    var removed = 0
    for name in try FileReader.names(in: folder) where TemporaryName.matches(name) && isAbandoned("\(folder)/\(name)") {
      try remove("\(folder)/\(name)")
      removed += 1
    }
    return removed
  }

  /// True if no process holds the file's lock. Links are created in one step and have none.
  private static func isAbandoned(_ path: String) -> Bool {
    var status = stat()
    guard path.withPathBytes({ lstat($0, &status) }) == 0 else { return false }
    if status.st_mode & S_IFMT == S_IFLNK { return true }
    guard status.st_mode & S_IFMT == S_IFREG, let file = try? OpenFile(path, flags: O_RDONLY, action: "read it") else {
      return false
    }
    return flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }
}

/// An append-only log of whole records.
///
/// Failures are of the kind `inputOutput`, unless said otherwise.
package final class AppendingFile {
  private let file: OpenFile

  package var path: String { file.path }

  /// Opens the file for appending; it is created if it is missing.
  ///
  /// - Parameter mustBeNew: True refuses an existing file with a failure of the kind `exists`.
  package init(_ path: String, mustBeNew: Bool = false) throws {
    let flags = O_WRONLY | O_APPEND | O_CREAT | (mustBeNew ? O_EXCL : 0)
    file = try OpenFile(path, flags: flags, action: "write it")
  }

  /// Appends a record. If writing fails halfway, as on a full disk, the file is truncated to its old length, so that
  /// later records do not follow a partial one.
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

  /// Synchronizes the file to disk (`fsync`).
  package func synchronize() throws {
    try file.synchronize()
  }
}
