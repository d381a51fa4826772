import TestSupport
import Testing

@testable import Tensors

@Suite struct CheckpointingTests {
  private let weight = Parameter(Tensor(wave(12, frequency: 1.3), shape: [3, 4]))
  private let scale = Parameter(Tensor(wave(4, offset: 1), shape: [4]))
  private let x = Tensor(wave(6), shape: [2, 3])

  private func layer(_ x: Tensor) -> Tensor { tanh(matmul(x, weight.value)) * scale.value }

  private func loss(of x: Tensor, isCheckpointed: Bool) -> Tensor {
    let made = square(x)
    let out = isCheckpointed ? checkpointed(made, at: [weight, scale]) { layer($0) } : layer(made)
    return (out * out * out).sum()
  }

  @Test func `value and gradients are those of the function itself`() {
    let kept = valueWithGradient(at: [weight, scale]) { loss(of: x, isCheckpointed: false) }
    let recomputed = valueWithGradient(at: [weight, scale]) { loss(of: x, isCheckpointed: true) }
    #expect(recomputed.value.scalar == kept.value.scalar)
    #expect(recomputed.gradient.map(\.elements) == kept.gradient.map(\.elements))
    let slope = gradient(at: x) { loss(of: $0, isCheckpointed: true) }
    #expect(slope.elements == gradient(at: x) { loss(of: $0, isCheckpointed: false) }.elements)
  }

  @Test func `gradients of gradients are too`() {
    func curvature(_ isCheckpointed: Bool) -> [Tensor] {
      let inner = { (x: Tensor) in square(gradient(at: x) { loss(of: $0, isCheckpointed: isCheckpointed) }).sum() }
      return [gradient(at: x) { inner($0) }] + valueWithGradient(at: [weight, scale]) { inner(x) }.gradient
    }
    for (found, expected) in zip(curvature(true), curvature(false)) {
      let largest = expected.elements.map { abs($0) }.max() ?? 0
      let error = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
      #expect(Double(error) <= tolerance(1e-4, 1e-12) * Double(largest))
    }
  }

  @Test func `of the function's own operations none is on the tape`() throws {
    let tape = Tape(watching: [weight, scale])
    let out = tape.record { checkpointed(x, at: [weight, scale]) { layer($0) } }
    let node = try #require(out.node)
    #expect(node.inputs.map(\.node.number) == [weight, scale].compactMap { $0.value.node?.number })
    #expect(tape.gradients(of: tape.record { out.sum() }).map(\.shape) == [[3, 4], [4]])
  }

  @Test func `outside a gradient it is the function`() {
    #expect(checkpointed(x, at: [weight]) { square($0) }.elements == square(x).elements)
  }
}
