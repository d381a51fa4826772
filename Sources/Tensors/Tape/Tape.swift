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
    let gradients = BackwardPass.gradients(of: loss, at: parameters.map(\.value))
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
