/// State of a module that is saved in checkpoints but not optimized, such as running statistics or the vector of a
/// power iteration.
///
/// A recomputation in the backward pass, of a checkpointed function or a custom VJP, sees the value that the first run
/// saw, and its updates are discarded: the state advances once per call, however often its gradient is taken.
package final class Buffer {
  /// The current value. A new value must have the same shape, and is detached: no gradient flows from step to step.
  package var value: Tensor {
    get { BufferLog.current?.value(of: self) ?? stored }
    set {
      precondition(newValue.shape == stored.shape, "Buffer: expected shape \(stored.shape), found \(newValue.shape)")
      let value = newValue.detached()
      if let log = BufferLog.current { log.set(self, to: value) } else { stored = value }
    }
  }

  /// True if the value depends on the samples of a batch, as running statistics do, and so differs between the
  /// micro-batches of a batch. False if it depends on the parameters alone.
  package let dependsOnSamples: Bool
  fileprivate var stored: Tensor

  package init(_ value: Tensor, dependsOnSamples: Bool) {
    stored = value.detached()
    self.dependsOnSamples = dependsOnSamples
  }
}

extension [Buffer] {
  /// Runs `body` and then restores the values of the buffers.
  package func preserved<Result>(_ body: () throws -> Result) rethrows -> Result {
    let values = map(\.value)
    defer { restore(values) }
    return try body()
  }

  /// Sets all buffers, in their order.
  package func restore(_ values: [Tensor]) {
    precondition(values.count == count, "Buffer: \(values.count) values for \(count) buffers")
    for (buffer, value) in zip(self, values) { buffer.value = value }
  }
}

/// A log of the values of the buffers that a function's first run read, for later runs.
final class BufferLog: @unchecked Sendable {
  @TaskLocal fileprivate static var current: BufferLog?

  private var found: [ObjectIdentifier: Tensor] = [:]
  /// The log of the enclosing run; nil for a replay, which sees only the values of the first run.
  private let outer: BufferLog?
  private let isReplay: Bool

  init() {
    outer = Self.current
    isReplay = false
  }

  private init(replaying first: BufferLog) {
    found = first.found
    outer = nil
    isReplay = true
  }

  /// Runs a function for the first time: buffers advance, and their previous values are logged.
  func logging<Result>(_ function: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self, operation: function)
  }

  /// Runs a function again: it sees the buffers as the first run did, and advances none.
  func replaying<Result>(_ function: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(BufferLog(replaying: self), operation: function)
  }

  fileprivate func value(of buffer: Buffer) -> Tensor {
    if isReplay { return found[ObjectIdentifier(buffer)] ?? buffer.stored }
    let value = outer?.value(of: buffer) ?? buffer.stored
    if found[ObjectIdentifier(buffer)] == nil { found[ObjectIdentifier(buffer)] = value }
    return value
  }

  fileprivate func set(_ buffer: Buffer, to value: Tensor) {
    if isReplay {
      found[ObjectIdentifier(buffer)] = value
      return
    }
    _ = self.value(of: buffer)
    if let outer { outer.set(buffer, to: value) } else { buffer.stored = value }
  }
}
