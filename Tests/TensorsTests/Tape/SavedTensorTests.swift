import TestSupport
import Testing

@testable import Tensors

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
    #expect(node.remake != nil)
    #expect(saved.value.elements == out.elements)
    #expect(saved.value.storage !== out.storage)
    _ = tape.gradients(of: out.sum())
  }
}
