import Glibc
import Synchronization

/// The only one that writes files.
///
/// A file is written under a temporary name in the same folder, brought to the disk, renamed, and then the folder is
/// brought to the disk: after a crash at any moment the path holds either the whole old file or the whole new one.
/// All failures are of the kind `inputOutput` and give the path and the system's reason.
package enum FileWriter {
  /// A file that `writeAtomically` lets its caller write piece by piece.
  package final class Stream {
    private let file: OpenFile

    fileprivate init(_ file: OpenFile) {
      self.file = file
    }

    /// Writes the bytes straight from their memory; large pieces are best.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
      try file.write(bytes)
    }

    package func write(_ bytes: [UInt8]) throws {
      try bytes.withUnsafeBytes(file.write)
    }
  }

  /// Makes or replaces the file at `path` by what `body` writes; if `body` throws, nothing has changed.
  ///
  /// A file that is replaced passes its permissions on, and its owner and group as far as the process may give them. A
  /// symbolic link stays: what it leads to is made or replaced.
  package static func writeAtomically<Result>(
    to path: String, _ body: (Stream) throws -> Result
  ) throws -> Result {
    let destination = try Path.destination(of: path)
    let old = regularFile(at: destination)
    let temporary = try TemporaryName.next(besides: destination)
    do {
      let file = try OpenFile(
        temporary, flags: O_WRONLY | O_CREAT | O_EXCL, named: path, action: "write", mode: old == nil ? 0o666 : 0o600)
      // Held until the file is closed: whoever sweeps leaves files alone that someone is writing.
      _ = flock(file.descriptor, LOCK_EX | LOCK_NB)
      let result = try body(Stream(file))
      if let old { passOn(old, to: file) }
      try file.synchronize()
      try file.close()
      try rename(temporary, to: destination, named: path)
      return result
    } catch {
      try? remove(temporary)
      throw error
    }
  }

  /// Makes or replaces the file at `path` by these bytes.
  package static func writeAtomically(_ bytes: [UInt8], to path: String) throws {
    try writeAtomically(to: path) { try $0.write(bytes) }
  }

  /// Makes or replaces the file at `path` by this text in UTF-8.
  package static func writeAtomically(_ text: String, to path: String) throws {
    try writeAtomically(Array(text.utf8), to: path)
  }

  /// Makes the symbolic link at `path` point to `destination`, in one step; a link that is there is replaced.
  ///
  /// - Parameter destination: Relative to the link's folder, unless it begins with `/`. It need not exist.
  package static func replaceLink(at path: String, destination: String) throws {
    let temporary = try TemporaryName.next(besides: path)
    try Failure.refuse(path: destination, "link to")
    guard destination.withPathBytes({ target in temporary.withPathBytes { symlink(target, $0) } }) == 0 else {
      throw Failure.system("write", path)
    }
    do {
      try rename(temporary, to: path, named: path)
    } catch {
      try? remove(temporary)
      throw error
    }
  }

  /// Makes the folder and those it is in, as far as they are missing.
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
        throw Failure(.inputOutput, "cannot make the folder \(path): \(folder) is a file")
      }
    }
  }

  /// Removes the file or link at `path`; one that is gone already is no failure.
  package static func remove(_ path: String) throws {
    try Failure.refuse(path: path, "remove")
    guard path.withPathBytes({ unlink($0) }) == 0 || errno == ENOENT else { throw Failure.system("remove", path) }
  }

  // MARK: Steps

  private static func rename(_ temporary: String, to path: String, named name: String) throws {
    guard temporary.withPathBytes({ old in path.withPathBytes { Glibc.rename(old, $0) } }) == 0 else {
      throw Failure.system("write", name)
    }
    try synchronizeFolder(Path.parent(of: path), for: name)
  }

  private static func regularFile(at path: String) -> stat? {
    var status = stat()
    return path.withPathBytes({ lstat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFREG ? status : nil
  }

  /// Gives a file the owner, the group and the permissions of another. Only its owner may read it up to now.
  private static func passOn(_ old: stat, to file: OpenFile) {
    // Only some may give files away; to a group that one belongs to, everybody.
    if fchown(file.descriptor, old.st_uid, old.st_gid) != 0 { _ = fchown(file.descriptor, uid_t.max, old.st_gid) }
    _ = fchmod(file.descriptor, old.st_mode & 0o7777)
  }

  /// Brings the folder's entries to the disk.
  private static func synchronizeFolder(_ folder: String, for path: String) throws {
    let file = try OpenFile(folder, flags: O_RDONLY | O_DIRECTORY, named: path, action: "write")
    // Some file systems cannot do it for folders, and say so.
    guard uninterrupted({ fsync(file.descriptor) }) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw Failure.system("write", path)
    }
  }

}

/// The names of files that are being written: `.partial-<process>-<count>`, short whatever the file will be called.
enum TemporaryName {
  private static let prefix = ".partial-"
  private static let count = Atomic<Int>(0)

  /// A name in the folder of `path` that no running process of this machine uses.
  static func next(besides path: String) throws -> String {
    try Failure.refuse(path: path, "write")
    while true {
      let number = count.add(1, ordering: .relaxed).newValue
      let name = Path.parent(of: path) + "/\(prefix)\(getpid())-\(number)"
      // An earlier process with the same number may have left one behind.
      var status = stat()
      if name.withPathBytes({ lstat($0, &status) }) != 0 { return name }
    }
  }

  /// True if `name` is of this kind: nothing else may ever be swept.
  static func matches(_ name: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let numbers = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { UInt64($0) != nil }
  }
}

extension FileWriter {
  /// Removes what crashes left of files that were being written in this folder; a file that another process is
  /// writing right now stays.
  ///
  /// - Returns: How many were removed.
  @discardableResult
  package static func sweepTemporaries(in folder: String) throws -> Int {
    var removed = 0
    for name in try FileReader.names(in: folder) where TemporaryName.matches(name) && isAbandoned("\(folder)/\(name)") {
      try remove("\(folder)/\(name)")
      removed += 1
    }
    return removed
  }

  /// True if the file's writer is gone and with it the lock; a link is made in an instant and needs none.
  private static func isAbandoned(_ path: String) -> Bool {
    var status = stat()
    guard path.withPathBytes({ lstat($0, &status) }) == 0 else { return false }
    if status.st_mode & S_IFMT == S_IFLNK { return true }
    guard status.st_mode & S_IFMT == S_IFREG, let file = try? OpenFile(path, flags: O_RDONLY, action: "read") else {
      return false
    }
    return flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
  }
}

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
