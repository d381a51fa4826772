import TestSupport
import Testing

@testable import Tensors

@Suite struct CheckpointTests {
  private let weight = Parameter(Tensor(wave(12, frequency: 1.3), shape: [3, 4]))
  private let scale = Parameter(Tensor(wave(4, offset: 1), shape: [4]))
  private let x = Tensor(wave(6), shape: [2, 3])

  private func layer(_ x: Tensor) -> Tensor { tanh(matmul(x, weight.value)) * scale.value }

  private func loss(of x: Tensor, isCheckpointed: Bool) -> Tensor {
    let made = square(x)
    let out = isCheckpointed ? checkpoint(made, at: [weight, scale]) { layer($0) } : layer(made)
    return (out * out * out).sum()
  }

  @Test func `value and gradients are those of the function itself`() {
    let kept = valueWithGradient(at: [weight, scale]) { loss(of: x, isCheckpointed: false) }
    let again = valueWithGradient(at: [weight, scale]) { loss(of: x, isCheckpointed: true) }
    #expect(again.value.scalar == kept.value.scalar)
    #expect(again.gradient.map(\.elements) == kept.gradient.map(\.elements))
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
    let out = tape.record { checkpoint(x, at: [weight, scale]) { layer($0) } }
    let node = try #require(out.node)
    #expect(node.inputs.map(\.node.number) == [weight, scale].compactMap { $0.value.node?.number })
    #expect(tape.gradients(of: tape.record { out.sum() }).map(\.shape) == [[3, 4], [4]])
  }

  @Test func `outside a gradient it is the function`() {
    #expect(checkpoint(x, at: [weight]) { square($0) }.elements == square(x).elements)
  }
}

@Suite struct CustomVJPTests {
  /// x² · y, with a rule that makes everything again.
  private static func product(_ x: Tensor, _ y: Tensor) -> Tensor {
    customVJP([x, y]) { inputs in
      square(inputs[0]) * inputs[1]
    } rule: { cotangent, inputs, number in
      gradient(at: inputs[number]) { input in
        var inputs = inputs
        inputs[number] = input
        return dot(square(inputs[0]) * inputs[1], cotangent)
      }
    }
  }

  @Test func `its gradients of order 1 and 2 agree with finite differences`() {
    let error = GradientCheck.largestError(at: [.wave([2, 3]), .wave([2, 3], frequency: 0.9)]) {
      Self.product($0[0], $0[1])
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `what is made on the way is not kept`() {
    let x = Parameter(.wave([2, 3]))
    let tape = Tape(watching: [x])
    let result = tape.record {
      customVJP([x.value]) { inputs in
        #expect(inputs[0].node == nil)
        return square(inputs[0])
      } rule: { cotangent, inputs, _ in
        cotangent * inputs[0] * 2
      }
    }
    let slope = tape.gradients(of: tape.record { result.sum() })[0]
    #expect(slope.elements == (x.value * 2).elements)
  }
}

@Suite struct SavedTensorTests {
  /// Two gated convolutions: over few channels, whose features are made again, and over many, whose features are kept.
  private func network(_ x: Tensor, _ filters: [Tensor]) -> Tensor {
    let first = convolveGated(x, filters[0], activation: .elu, padding: Padding(1))
    return convolveGated(first, filters[1], activation: .relu, padding: Padding(1))
  }

  /// The same of operations that keep what their rules use.
  private func plainNetwork(_ x: Tensor, _ filters: [Tensor]) -> Tensor {
    func gated(_ x: Tensor, _ filter: Tensor, _ activation: (Tensor) -> Tensor) -> Tensor {
      let features = convolve(x, filter, padding: Padding(1))
      let half = features.shape[3] / 2
      return activation(features.sliced(axis: -1, 0..<half)) * sigmoid(features.sliced(axis: -1, half..<2 * half))
    }
    return gated(gated(x, filters[0]) { elu($0) }, filters[1]) { relu($0) }
  }

  private let x = Tensor(wave(2 * 6 * 5 * 3), shape: [2, 6, 5, 3])
  private let filters = [
    Tensor(wave(9 * 3 * 24, frequency: 1.3), shape: [3, 3, 3, 24]),
    Tensor(wave(9 * 12 * 4, frequency: 0.9), shape: [3, 3, 12, 4]),
  ]

  @Test func `gradients are those of a network that keeps everything`() {
    let found = gradient(at: [x] + filters) { square(network($0[0], Array($0[1...]))).sum() }
    let expected = gradient(at: [x] + filters) { square(plainNetwork($0[0], Array($0[1...]))).sum() }
    for (found, expected) in zip(found, expected) {
      let largest = expected.elements.map { abs($0) }.max() ?? 0
      let error = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
      #expect(Double(error / largest) < tolerance(1e-5, 1e-13))
    }
  }

  @Test func `gradients of gradients too`() {
    func slope(_ network: ([Tensor]) -> Tensor) -> Tensor {
      gradient(at: filters[0]) { filter in
        square(gradient(at: [x, filters[1]]) { network([$0[0], filter, $0[1]]) }[1]).sum()
      }
    }
    let found = slope { square(network($0[0], [$0[1], $0[2]])).sum() }
    let expected = slope { square(plainNetwork($0[0], [$0[1], $0[2]])).sum() }
    let largest = expected.elements.map { abs($0) }.max() ?? 0
    let error = zip(found.elements, expected.elements).map { abs($0 - $1) }.max() ?? .infinity
    #expect(Double(error / largest) < tolerance(1e-4, 1e-12))
  }

  @Test func `a gate's output is not kept beside its input`() throws {
    let x = Tensor(wave(64 * 64 * 16), shape: [1, 64, 64, 16])
    let filter = Tensor(wave(9 * 16 * 64), shape: [3, 3, 16, 64])
    let parameter = Parameter(filter)
    let tape = Tape(watching: [parameter])
    let out = tape.record { convolveGated(x, parameter.value, activation: .elu, padding: Padding(1)) }
    let node = try #require(out.node)
    let saved = SavedTensor(out)
    #expect(node.rematerialize != nil)
    #expect(saved.value.elements == out.elements)
    #expect(saved.value.storage !== out.storage)
    _ = tape.gradients(of: out.sum())
  }
}
