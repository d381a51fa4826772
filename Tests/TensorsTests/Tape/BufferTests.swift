import Tensors
import TestSupport
import Testing

@Suite struct BufferTests {
  @Test func `a buffer drops the tape of what it is given`() {
    let buffer = Buffer(.zeros([1]), dependsOnSamples: false)
    let parameter = Parameter(Tensor([3], shape: [1]))
    let gradient = valueWithGradient(at: [parameter]) {
      buffer.value = parameter.value * 2
      return (buffer.value * parameter.value).sum()
    }.gradient
    // 6 · x, not 2 · x².
    #expect(gradient[0].elements == [6])
    #expect(buffer.value.elements == [6])
  }

  @Test func `buffers are as they were after what is not to advance them`() {
    let buffers = [Tensor.wave([2]), .wave([3])].map { Buffer($0, dependsOnSamples: false) }
    let seen = buffers.preserved {
      buffers[1].value = .zeros([3])
      return buffers[1].value.elements
    }
    #expect(seen == [0, 0, 0])
    #expect(buffers[1].value.elements == Tensor.wave([3]).elements)
    buffers.restore([.zeros([2]), .ones([3])])
    #expect(buffers.flatMap { $0.value.elements } == [0, 0, 1, 1, 1])
  }

  private let weight = Parameter(.wave([3, 4]))

  /// A layer with state: one step of a power iteration a call, by whose result it divides.
  private func divided(_ x: Tensor, by state: Buffer) -> Tensor {
    let v = matmul(state.value, weight.value, transposeRight: true)
    let next = matmul(v / sqrt(square(v).sum()), weight.value)
    state.value = next / sqrt(square(next).sum())
    return matmul(x, weight.value) / (next * state.value).sum()
  }

  /// The sum of cubes of two calls in a row, and how the state stands after its gradients, in x's gradient's gradient too.
  private func run(
    _ state: Buffer, order: Int, _ function: @escaping (Tensor, @escaping (Tensor) -> Tensor) -> Tensor
  ) -> [Tensor] {
    func loss(_ x: Tensor) -> Tensor {
      let out = function(x) { divided(divided($0, by: state).sliced(axis: 1, 0..<3), by: state) }
      return (out * out * out).sum()
    }
    let x = Tensor.wave([2, 3], frequency: 0.7)
    let gradients = valueWithGradient(at: [weight]) {
      order == 1 ? loss(x) : square(gradient(at: x) { loss($0) }).sum()
    }
    return gradients.gradient + [gradients.value, state.value]
  }

  private var start: Tensor { .wave([1, 4], offset: 1) }

  @Test(arguments: [1, 2])
  func `a checkpoint's second run finds the first one's state and advances it no further`(_ order: Int) {
    let kept = run(Buffer(start, dependsOnSamples: false), order: order) { $1($0) }
    let single = run(Buffer(start, dependsOnSamples: false), order: order) { x, layers in
      checkpoint(x, at: [weight]) { layers($0) }
    }
    let nested = run(Buffer(start, dependsOnSamples: false), order: order) { x, layers in
      checkpoint(x, at: [weight]) { x in checkpoint(x, at: [weight]) { layers($0) } }
    }
    for found in [single, nested] {
      #expect(areIdentical(found[2].elements, kept[2].elements))
      for (found, kept) in zip(found, kept) {
        let largest = Double(kept.elements.map { abs($0) }.max() ?? 0)
        #expect(found.largestDifference(from: kept) <= tolerance(1e-4, 1e-12) * largest)
      }
    }
  }

  @Test func `each call advances the state once, however often its gradient is taken`() {
    let state = Buffer(Tensor([0], shape: [1]), dependsOnSamples: false)
    let tape = Tape(watching: [weight])
    let loss = tape.record {
      let x = checkpoint(weight.value, at: []) { x in
        state.value = state.value + 1
        return x * state.value
      }
      let slopes = (0..<3).map { _ in gradient(at: x) { square($0).sum() }.sum() }
      return x.sum() + slopes.reduce(Tensor(0), +)
    }
    _ = tape.gradients(of: loss)
    #expect(state.value.elements == [1])
  }

  @Test func `the rule of a custom VJP does not advance the state either`() {
    nonisolated(unsafe) let state = Buffer(Tensor([2], shape: [1]), dependsOnSamples: false)
    @Sendable func scaled(_ x: Tensor) -> Tensor {
      state.value = state.value + 1
      return x * state.value
    }
    let slope = gradient(at: Tensor([5], shape: [1])) { x in
      customVJP([x]) {
        scaled($0[0])
      } rule: { cotangent, inputs, _ in
        gradient(at: inputs[0]) { (scaled($0) * cotangent).sum() }
      }.sum()
    }
    #expect(slope.elements == [3])
    #expect(state.value.elements == [3])
  }
}
