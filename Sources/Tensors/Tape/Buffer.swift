/// State of a module that belongs in checkpoints but that no optimizer changes, such as running statistics or the vector
/// of a power iteration.
///
/// A run on the way back, of a checkpoint or a custom VJP, finds the value that the first run found, and what it sets is
/// forgotten after it: the state advances once a call, however often its gradient is taken.
package final class Buffer {
  /// The current value. Setting it keeps the shape and drops the tape: no gradient flows from step to step.
  package var value: Tensor {
    get { BufferLog.current?.value(of: self) ?? stored }
    set {
      precondition(newValue.shape == stored.shape, "Buffer: expected shape \(stored.shape), found \(newValue.shape)")
      let value = newValue.detached()
      if let log = BufferLog.current { log.set(self, to: value) } else { stored = value }
    }
  }

  /// True if the value follows the samples of a batch, as running statistics do: parts of a batch then leave different
  /// ones behind. False if it follows the parameters alone.
  package let dependsOnSamples: Bool
  fileprivate var stored: Tensor

  package init(_ value: Tensor, dependsOnSamples: Bool) {
    stored = value.detached()
    self.dependsOnSamples = dependsOnSamples
  }
}

extension [Buffer] {
  /// Runs `body` and takes back how it changed the buffers.
  package func preserved<Result>(_ body: () throws -> Result) rethrows -> Result {
    let values = map(\.value)
    defer { restore(values) }
    return try body()
  }

  /// Sets all of them, in their order.
  package func restore(_ values: [Tensor]) {
    precondition(values.count == count, "Buffer: \(values.count) values for \(count) buffers")
    for (buffer, value) in zip(self, values) { buffer.value = value }
  }
}

/// The buffers that a function uses, as its first run found them, so that later runs can find them so again.
final class BufferLog: @unchecked Sendable {
  @TaskLocal fileprivate static var current: BufferLog?

  private var found: [ObjectIdentifier: Tensor] = [:]
  /// The log of the run around this one; nil for a later run, which sees nothing but what the first one found.
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

  /// Runs a function for the first time: buffers advance, and are noted as they were.
  func noting<Result>(_ function: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self, operation: function)
  }

  /// Runs a function again: it finds the buffers as the first run did, and advances none.
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
