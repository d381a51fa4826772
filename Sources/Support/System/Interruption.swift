import Synchronization

/// A wish that long work should stop, which it grants between two steps. Any thread may ask.
public final class Interruption: Sendable {
  private let signal = Atomic<Int32>(0)

  public init() {}

  /// The signal that asked to stop; nil if none did.
  public var requested: Int32? {
    let value = signal.load(ordering: .relaxed)
    return value == 0 ? nil : value
  }

  /// Asks to stop, as a signal does.
  ///
  /// - Parameter number: The signal's: 2 is SIGINT, what Ctrl-C sends. Not 0.
  public func request(_ number: Int32 = 2) {
    signal.store(number, ordering: .relaxed)
  }
}
