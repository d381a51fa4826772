package import Kernels

package typealias TransformedFilters = Kernels.TransformedFilters

/// A tensor that is optimized: a weight or a bias of a module.
package final class Parameter: @unchecked Sendable {
  /// The current value, which is on the tape while a `Tape` watches this parameter.
  package private(set) var value: Tensor
  private var transformedFilters = TransformedFilters()

  package init(_ value: Tensor) {
    self.value = value.detached()
  }

  package var shape: Shape { value.shape }

  /// The cache of the value's transforms for convolutions, valid until it changes; nil while a tape records, because
  /// training changes filters before they are used again.
  package var filterCache: TransformedFilters? { Tape.isRecording ? nil : transformedFilters }

  /// Replaces the value.
  ///
  /// - Precondition: The new shape is the same, and no tape is watching.
  package func assign(_ newValue: Tensor) {
    precondition(
      newValue.shape == shape, "Parameter.assign: expected shape \(shape), found \(newValue.shape)")
    precondition(value.node == nil, "Parameter.assign: a tape is watching this parameter")
    value = newValue.detached()
    transformedFilters = TransformedFilters()
  }

  /// Changes the elements in place.
  ///
  /// - Precondition: No tape is watching.
  package func update(_ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Void) rethrows {
    transformedFilters = TransformedFilters()
    try value.withMutableElements(body)
  }

  /// Puts the value on the tape as a leaf; nil if it is on one already.
  func watch() -> TapeNode? {
    guard value.node == nil else { return nil }
    let leaf = TapeNode(shape: shape)
    value = Tensor(shape: shape, storage: value.storage, node: leaf)
    return leaf
  }

  func unwatch() { value = value.detached() }
}
