/// Records the operations on some parameters, to compute gradients with respect to them afterwards.
///
/// ```swift
/// let tape = Tape(watching: generator.parameters)
/// let output = tape.record { generator(input) }
/// … operations that are not recorded …
/// let loss = tape.record { objective(output) }
/// let gradients = tape.gradients(of: loss)
/// ```
///
/// For a loss that is one expression, `valueWithGradient(at:in:)` does all of this. Operations are recorded only inside
/// `record`, and only if a gradient can flow through them to a watched parameter. A gradient that is computed while
/// another tape records is itself recorded, which gives derivatives of any order.
package final class Tape {
  @TaskLocal static var isRecording = false

  /// Is told of the gradients of every tape on the way; nil where nobody listens.
  @TaskLocal package static var observer: (any GradientObserver)?

  private let parameters: [Parameter]
  private let watched: [Parameter]
  private var isOpen = true

  package init(watching parameters: [Parameter]) {
    self.parameters = parameters
    watched = parameters.filter { $0.watch() != nil }
  }

  /// Runs `body` and records its operations.
  package func record<Result>(_ body: () throws -> Result) rethrows -> Result {
    precondition(isOpen, "Tape.record: the gradients of this tape have been taken")
    return try Self.$isRecording.withValue(true, operation: body)
  }

  /// Runs `body` without recording (PyTorch's `no_grad`).
  package static func pausing<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $isRecording.withValue(false, operation: body)
  }

  /// The gradient of a scalar with respect to each watched parameter, in their order; zeros for parameters that it does
  /// not depend on. This closes the tape and releases its memory.
  ///
  /// - Precondition: `loss` has one element.
  package func gradients(of loss: Tensor) -> [Tensor] {
    precondition(isOpen, "Tape.gradients: the gradients of this tape have been taken")
    let observer = Self.isRecording ? nil : Self.observer
    observer?.walkBegan(toParametersOf: parameters.map(\.shape))
    let gradients = BackwardPass.gradients(
      of: loss, at: parameters.map(\.value), whenWhole: observer.map { $0.gradientIsWhole })
    close()
    return gradients
  }

  private func close() {
    guard isOpen else { return }
    isOpen = false
    for parameter in watched { parameter.unwatch() }
  }

  deinit { close() }
}

/// Someone who is told of each gradient of a tape as soon as nothing more is added to it, while the walk goes on to others.
package protocol GradientObserver: AnyObject, Sendable {
  /// A walk begins.
  ///
  /// - Parameter shapes: Those of the tape's parameters, in their order.
  func walkBegan(toParametersOf shapes: [Shape])

  /// Called once for each parameter, in the order in which gradients become whole, on the thread that walks.
  ///
  /// - Parameters:
  ///   - gradient: As the walk will return it.
  ///   - index: The position among the tape's parameters.
  func gradientIsWhole(_ gradient: Tensor, of index: Int)
}
