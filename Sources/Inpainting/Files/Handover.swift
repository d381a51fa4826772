import Synchronization

/// A large value on its way from one owner to the next, who may change it in place because nobody else holds it.
final class Handover<Value: Sendable>: Sendable {
  private let contents: Mutex<Value?>

  init(_ value: Value) {
    contents = Mutex(value)
  }

  /// A copy of the value.
  ///
  /// - Precondition: It was not taken.
  var value: Value {
    guard let value = contents.withLock({ $0 }) else { preconditionFailure("Handover: the value was taken") }
    return value
  }

  /// The value itself.
  ///
  /// - Precondition: It was not taken before.
  func take() -> Value {
    guard let value = contents.withLock({ $0.take() }) else { preconditionFailure("Handover: the value was taken") }
    return value
  }
}
