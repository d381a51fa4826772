/// Something outside the program is not as it should be: a file, a flag, a configuration, the disk.
///
/// The message is one sentence for the person at the terminal: where, what was expected, what was found, what to do.
/// Programmer errors are no failures; they trap.
package struct Failure: Error, Equatable, CustomStringConvertible {
  /// What went wrong, with the exit code that a command ends with (the values of `sysexits.h`).
  package enum Kind: Int32, Sendable {
    /// A flag or argument that cannot be used.
    case usage = 64
    /// Data that was read but cannot be used: a damaged picture, an empty folder, a file of another format.
    case data = 65
    /// A file or folder that was named and does not exist.
    case missingInput = 66
    /// A fault of ours.
    case internalError = 70
    /// The run directory exists already.
    case exists = 73
    /// Reading or writing failed: permission, a full disk, an unreadable device.
    case inputOutput = 74
    /// A configuration with an unknown key, a wrong type or a value out of range.
    case configuration = 78
  }

  package let kind: Kind
  package let message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var description: String { message }
  package var exitCode: Int32 { kind.rawValue }
}
