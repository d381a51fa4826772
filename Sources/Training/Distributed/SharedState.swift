import InpaintingModels
import Support
import Tensors

/// A state from which training is restored: a checkpoint, or the state of rank 0.
protocol SavedState {
  /// The origin of the state, for messages: a path, or `rank 0`.
  var path: String { get }
  var fields: CheckpointFields { get }

  /// The saved tensor of a name and shape.
  ///
  /// - Throws: `Failure` if there is no such tensor, or it has another shape.
  func tensor(_ name: String, _ shape: Shape) throws -> Tensor
}

extension LoadedCheckpoint: SavedState {}

/// The state of rank 0, as the other ranks receive it.
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
  /// Broadcasts the state of rank 0: step, counters and tensors.
  ///
  /// The other ranks need no access to the checkpoint or weights from which rank 0 has read it.
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
