package import Glibc

/// A file descriptor that closes itself; every call is checked and repeated when a signal interrupts it.
package final class OpenFile {
  /// The name in messages: the one the user knows, not that of a temporary file.
  package let path: String
  package let descriptor: Int32
  private var isClosed = false

  /// - Parameters:
  ///   - flags: Those of `open(2)`; `O_CLOEXEC` is added.
  ///   - named: The file's name in messages, if not `path`.
  ///   - action: "read it" or "write it", for messages.
  ///   - mode: The permissions of a created file, before the umask is applied.
  package init(_ path: String, flags: Int32, named: String? = nil, action: String, mode: mode_t = 0o666) throws {
    self.path = named ?? path
    try Failure.refuse(path: path, action)
    let opened = uninterrupted { path.withPathBytes { open($0, flags | O_CLOEXEC, mode) } }
    guard opened >= 0 else {
      let number = errno
      let kind: Failure.Kind =
        switch number {
        case ENOENT where flags & O_ACCMODE == O_RDONLY: .missingInput
        case EEXIST: .exists
        default: .inputOutput
        }
      throw Failure.system(action, self.path, number: number, kind: kind)
    }
    // If the program was started without standard error, a file could get its number, and warnings would end up in it.
    if opened <= STDERR_FILENO {
      descriptor = fcntl(opened, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
      let number = errno
      Glibc.close(opened)
      guard descriptor >= 0 else { throw Failure.system(action, self.path, number: number) }
    } else {
      descriptor = opened
    }
  }

  deinit {
    if !isClosed { Glibc.close(descriptor) }
  }

  /// The size in bytes of a regular file.
  ///
  /// - Throws: `Failure` of the kind `data` if it is a folder, a pipe or a device.
  package func size() throws -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure.system("read it", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.data, "\(path): expected a file to read, found a folder, a pipe or a device")
    }
    return Int(status.st_size)
  }

  /// Writes all bytes, in as many system calls as that takes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let count = uninterrupted { Glibc.write(descriptor, rest.baseAddress, rest.count) }
      guard count >= 0 else { throw Failure.system("write it", path) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Fills the buffer with the bytes from `offset` on.
  ///
  /// - Throws: `Failure` of the kind `data` if the file ends before the buffer is full.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < buffer.count {
      let target = buffer.baseAddress! + done
      let count = uninterrupted { pread(descriptor, target, buffer.count - done, off_t(offset + done)) }
      guard count >= 0 else { throw Failure.system("read it", path) }
      guard count > 0 else {
        throw Failure(
          .data, "\(path): expected \(buffer.count) bytes at \(offset), found \(done); it is cut short")
      }
      done += count
    }
  }

  /// Synchronizes the file to disk (`fsync`).
  ///
  /// A failure is final: the system drops the pages that it could not write, and a second call would report success.
  /// Only an interrupted call, which has reported nothing, is repeated.
  package func synchronize() throws {
    guard uninterrupted({ fsync(descriptor) }) == 0 else { throw Failure.system("write it", path) }
  }

  /// Closes the file, and throws the errors that network file systems report only then.
  package func close() throws {
    isClosed = true
    // Linux has freed the descriptor even if a signal interrupted the call.
    guard Glibc.close(descriptor) == 0 || errno == EINTR else { throw Failure.system("write it", path) }
  }
}

extension Failure {
  /// The failure that a system call reported.
  ///
  /// - Parameters:
  ///   - action: Such as "write it".
  ///   - number: `errno`, taken before anything else could change it.
  static func system(
    _ action: String, _ path: String, number: Int32 = errno, kind: Kind = .inputOutput
  ) -> Failure {
    let advice =
      switch number {
      case ENOSPC, EDQUOT: "; make room on that disk and try again"
      case EACCES, EPERM, EROFS: "; choose a place where you may \(action), or change its permissions"
      default: ""
      }
    return Failure(kind, "\(path): cannot \(action) (\(String(cString: strerror(number))))\(advice)")
  }

  /// Throws for a path that no file can have: empty, or with a NUL, at which the system would truncate it.
  static func refuse(path: String, _ action: String) throws {
    guard path.isEmpty || path.utf8.contains(0) else { return }
    throw Failure(
      .inputOutput, "\(JSONValue(path).excerpt): cannot \(action), as a path is neither empty nor holds a NUL")
  }
}

/// Repeats a system call for as long as a signal interrupts it.
///
/// - Returns: The result of the call; -1 with `errno` set if it failed.
func uninterrupted<Result: BinaryInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
