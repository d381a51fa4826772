import Tensors

/// State of a module that belongs in checkpoints but that no optimiser changes.
package final class Buffer {
  /// The current value. Setting it keeps the shape and drops the tape: no gradient flows from step to step.
  package var value: Tensor {
    get { stored }
    set {
      precondition(newValue.shape == stored.shape, "Buffer: expected shape \(stored.shape), found \(newValue.shape)")
      stored = newValue.detached()
    }
  }

  private var stored: Tensor

  package init(_ value: Tensor) { stored = value.detached() }
}
