import Synchronization
import TestSupport
import Testing

@testable import Tensors

/// Memory is counted for the whole process, so each of these runs in a process of its own.
@Suite struct TapeNodeTests {
  @Test func `numbers grow from inputs to outputs`() {
    let parameter = Parameter(Tensor(2))
    let tape = Tape(watching: [parameter])
    tape.record {
      let first = square(parameter.value)
      let second = first + 1
      #expect(parameter.value.node!.number < first.node!.number)
      #expect(first.node!.number < second.node!.number)
    }
  }

  @Test func `a tape leaks nothing, with and without a backward pass, at any order`() async {
    await #expect(processExitsWith: .success) {
      let before = MemoryPool.tensors.liveBytes
      do {
        let parameters = [Parameter(.wave([3, 3, 2, 4])), Parameter(.wave([4]))]
        for _ in 0..<3 {
          _ = valueWithGradient(at: parameters) { smallLoss(of: parameters) }
          _ = valueWithGradient(at: parameters) {
            square(gradient(at: parameters[0].value) { convolve(.wave([1, 5, 5, 2]), exp($0)).sum() }).sum()
          }
          let abandoned = Tape(watching: parameters)
          _ = abandoned.record { smallLoss(of: parameters) }
        }
      }
      #expect(MemoryPool.tensors.liveBytes == before)
    }
  }

  @Test func `an error in the middle leaks nothing`() async {
    await #expect(processExitsWith: .success) {
      struct Stop: Error {}
      let before = MemoryPool.tensors.liveBytes
      do {
        let parameter = Parameter(.wave([10]))
        _ = try? valueWithGradient(at: [parameter]) { () throws -> Tensor in
          _ = exp(parameter.value)
          throw Stop()
        }
      }
      #expect(MemoryPool.tensors.liveBytes == before)
    }
  }

  /// Left to itself, ARC would free the chain recursively.
  @Test func `100 000 operations are released without a deep stack`() async {
    await #expect(processExitsWith: .success) {
      let parameter = Parameter(Tensor(1))
      let before = MemoryPool.tensors.liveBytes
      let slope = valueWithGradient(at: [parameter]) { longChain(from: parameter) }.gradient[0].scalar
      #expect(slope == 1)
      #expect(MemoryPool.tensors.liveBytes == before)
      // Abandoned.
      do {
        let tape = Tape(watching: [parameter])
        _ = tape.record { longChain(from: parameter) }
      }
      #expect(MemoryPool.tensors.liveBytes == before)
      // Cut off from what is asked for.
      do {
        let other = Parameter(Tensor(1))
        let tape = Tape(watching: [parameter, other])
        let long = tape.record { longChain(from: parameter) }
        let loss = tape.record { square(other.value) }
        let slopes = tape.gradients(of: loss)
        #expect(slopes[1].scalar == 2)
        withExtendedLifetime(long) {}
      }
      #expect(MemoryPool.tensors.liveBytes == before)
    }
  }

  /// The tape holds 64 outputs; when the walk arrives at its oldest operation, they must be gone.
  @Test func `memory is released during the walk`() async {
    await #expect(processExitsWith: .success) {
      let count = 100_000
      let size = count * MemoryLayout<Scalar>.stride
      let parameter = Parameter(.wave([count], scale: 0.5))
      let gauge = Gauge()
      let tape = Tape(watching: [parameter])
      let loss = tape.record {
        var x = parameter.value.recorded(from: (parameter.value, { cotangent, _ in gauge.read(cotangent) }))
        for _ in 0..<64 { x = tanh(x) }
        return x.sum()
      }
      let held = MemoryPool.tensors.liveBytes
      #expect(held > 60 * size)
      MemoryPool.tensors.resetPeak()
      let gradients = tape.gradients(of: loss)
      #expect(MemoryPool.tensors.peakBytes - held < 8 * size)
      #expect(gauge.liveBytes > 0 && gauge.liveBytes < 8 * size)
      withExtendedLifetime((loss, gradients)) { #expect(MemoryPool.tensors.liveBytes < 6 * size) }
    }
  }

  @Test func `only rules that use the output keep it`() async {
    await #expect(processExitsWith: .success) {
      let parameter = Parameter(.wave([1_000]))
      let before = MemoryPool.tensors.liveBytes
      let tape = Tape(watching: [parameter])
      let result = tape.record {
        var x = parameter.value
        for _ in 0..<20 { x = x + 1 }
        return x
      }
      #expect(MemoryPool.tensors.liveBytes - before < 3 * 1_000 * MemoryLayout<Scalar>.stride)
      withExtendedLifetime((result, tape)) {}
    }
  }

  @Test func `many threads may release tapes at once`() async {
    await #expect(processExitsWith: .success) {
      let before = MemoryPool.tensors.liveBytes
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<16 {
          group.addTask {
            let parameter = Parameter(Tensor(1))
            for _ in 0..<20 {
              let slope = valueWithGradient(at: [parameter]) {
                var x = parameter.value
                for _ in 0..<200 { x = tanh(x) * 1.1 }
                return x
              }.gradient[0]
              #expect(slope.scalar.isFinite)
            }
          }
        }
      }
      #expect(MemoryPool.tensors.liveBytes == before)
    }
  }
}

private func longChain(from parameter: Parameter) -> Tensor {
  var total = parameter.value
  for _ in 0..<100_000 { total = total + 1 }
  return total
}

/// A loss whose rules keep inputs, outputs and both.
private func smallLoss(of parameters: [Parameter]) -> Tensor {
  let y = convolve(.wave([1, 5, 5, 2]), parameters[0].value, bias: parameters[1].value, padding: Padding(1))
  return softmax(gate(y, .elu)).maximum(axes: [1, 2]).sum() + exp(sqrt(square(tanh(y)) + 1)).mean()
}

/// Notes how much memory lives when a rule is run.
private final class Gauge: Sendable {
  private let bytes = Atomic<Int>(0)
  var liveBytes: Int { bytes.load(ordering: .relaxed) }

  func read(_ cotangent: Tensor) -> Tensor {
    bytes.store(MemoryPool.tensors.liveBytes, ordering: .relaxed)
    return cotangent
  }
}
