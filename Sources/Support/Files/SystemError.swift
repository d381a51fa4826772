import Glibc

extension Failure {
  /// The failure that a system call reported.
  ///
  /// - Parameters:
  ///   - action: Such as "write".
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
    return Failure(kind, "cannot \(action) \(path): \(String(cString: strerror(number)))\(advice)")
  }

  /// Refuses a path that no file can have; the system would cut one with a NUL in it and use another file.
  static func refuse(path: String, _ action: String) throws {
    guard path.isEmpty || path.utf8.contains(0) else { return }
    throw Failure(.inputOutput, "cannot \(action) \(JSONValue(path).excerpt): a path is neither empty nor holds a NUL")
  }
}

/// Repeats a system call for as long as a signal interrupts it.
///
/// - Returns: What the call returned; -1 with `errno` set if it failed.
func uninterrupted<Result: BinaryInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
