/// Records what is computed from some parameters, so that gradients can be had of it afterwards.
///
/// ```swift
/// let tape = Tape(watching: generator.parameters)
/// let output = tape.record { generator(input) }
/// … anything that is not to be recorded …
/// let loss = tape.record { objective(output) }
/// let gradients = tape.gradients(of: loss)
/// ```
///
/// For a loss that is one expression, `valueWithGradient(at:in:)` does all of it. Operations are recorded inside
/// `record` only, and only if a gradient can flow through them to a watched parameter. A gradient that is computed
/// while another tape records is itself recorded: derivatives of any order need nothing more.
package final class Tape {
  @TaskLocal static var isRecording = false

  private let parameters: [Parameter]
  private let watched: [Parameter]
  private var isOpen = true

  package init(watching parameters: [Parameter]) {
    self.parameters = parameters
    watched = parameters.filter { $0.watch() != nil }
  }

  /// Runs `body`, recording its operations.
  package func record<Result>(_ body: () throws -> Result) rethrows -> Result {
    precondition(isOpen, "Tape.record: the gradients of this tape have been taken")
    return try Self.$isRecording.withValue(true, operation: body)
  }

  /// Runs `body`, recording nothing, for what no gradient is to flow through.
  package static func pausing<Result>(_ body: () throws -> Result) rethrows -> Result {
    try $isRecording.withValue(false, operation: body)
  }

  /// The gradient of a scalar with respect to each watched parameter, in their order; zeros where it does not depend on
  /// one. The tape ends with this call, and its memory is released on the way back.
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
