import Glibc
import Synchronization

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
