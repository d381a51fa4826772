import InpaintingModels
import Support
import Tensors

/// A saved state that a training goes back to: a checkpoint, or the state of another process.
protocol SavedState {
  /// The name of where it comes from, for sentences.
  var path: String { get }
  var fields: CheckpointFields { get }

  /// - Throws: `Failure` of the kind `data` if there is no such tensor, or it has another shape.
  func tensor(_ name: String, _ shape: Shape) throws -> Tensor
}

extension LoadedCheckpoint: SavedState {}

/// The state of the first process, as others receive it.
private struct SharedState: SavedState {
  let path = "rank 0"
  let fields: CheckpointFields
  var tensors: [String: Tensor] = [:]

  func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
    guard let tensor = tensors[name], tensor.shape == shape else {
      throw Failure(.internalError, "rank 0: expected a tensor \(name) of shape \(shape), found none.")
    }
    return tensor
  }
}

extension TrainingState {
  /// Gives all processes the state of the first, whatever it was read from, which others need not have.
  func share(over communicator: any Communicator) throws {
    guard communicator.count > 1 else { return }
    let counts = [[step, batches], networks.map(\.optimizerSteps), networks.map(\.averageUpdates)]
    let bytes = try communicator.broadcast { counts.joined().flatMap { [UInt8](littleEndianOf: $0) } }
    let numbers = stride(from: 0, to: bytes.count, by: 8).map { Int(littleEndian: bytes[$0..<$0 + 8]) }
    let fields = CheckpointFields(
      step: numbers[0], batches: numbers[1], optimizerSteps: Array(numbers.dropFirst(2).prefix(networks.count)),
      averageUpdates: Array(numbers.suffix(networks.count)), configuration: "")
    if !communicator.isFirst { begin(phaseOf: fields) }
    var shared = SharedState(fields: fields)
    for (name, value) in networks.flatMap(\.tensors) {
      let bytes = try communicator.broadcast { value.withElements { Array(UnsafeRawBufferPointer($0)) } }
      guard !communicator.isFirst else { continue }
      shared.tensors[name] = Tensor(shape: value.shape) { elements in
        precondition(
          bytes.count == elements.count * MemoryLayout<Scalar>.stride, "SharedState: \(name) has another size there")
        UnsafeMutableRawBufferPointer(elements).copyBytes(from: bytes)
      }
    }
    if !communicator.isFirst { try restore(from: shared) }
  }
}
