import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct SPADEResidualBlockTests {
  private func block(from inputs: Int, to outputs: Int, isNormalized: Bool = true) -> SPADEResidualBlock {
    SPADEResidualBlock(
      inputChannels: inputs, outputChannels: outputs, spectrallyNormalized: isNormalized, filters: .glorotUniform,
      initialization: Initialization(seed: 4)
    ) { SPADE(channels: $0, mapChannels: 3, hidden: 4, initialization: $1) }
  }

  private let x = Tensor.noise("x", [2, 6, 5, 4])
  private let map = Tensor.noise("map", [2, 6, 5, 3])

  /// The definition written down once more.
  @Test func `the branch has as many channels as the narrower side, and the shortcut no activation`() throws {
    let block = block(from: 4, to: 2, isNormalized: false)
    #expect(block.conv0.weight.shape == [3, 3, 4, 2] && block.conv1.weight.shape == [3, 3, 2, 2])
    let (shortcut, norm) = (try #require(block.shortcut), try #require(block.shortcutNorm))
    #expect(shortcut.bias == nil && shortcut.weight.shape == [1, 1, 4, 2])
    func leaky(_ x: Tensor) -> Tensor { relu(x) - 0.2 * relu(-x) }
    let first = block.conv0(leaky(block.norm0(x, map: map)))
    let expected = shortcut(norm(x, map: map)) + block.conv1(leaky(block.norm1(first, map: map)))
    #expect(block(x, map: map).largestDifference(from: expected) < tolerance(1e-5, 1e-13))
  }

  @Test func `with as many channels after as before the input is added as it is`() {
    let block = block(from: 4, to: 4)
    #expect(block.shortcut == nil && block.shortcutNorm == nil)
    let silent = self.block(from: 4, to: 4, isNormalized: false)
    silent.conv1.weight.assign(.zeros(silent.conv1.weight.shape))
    #expect(areIdentical(silent(x, map: map).elements, x.elements))
  }

  @Test func `its convolutions are spectrally normalized, those of the map are not`() {
    let names = block(from: 4, to: 2).namedBuffers.map(\.name)
    #expect(names == ["conv0.spectralNorm.u", "conv1.spectralNorm.u", "shortcut.spectralNorm.u"])
  }

  @Test(.enabled(if: GradientCheck.isExact, "the steps that 32 bits need lead across kinks"))
  func `gradients of order 1 and 2 agree with finite differences`() {
    let block = block(from: 3, to: 2, isNormalized: false)
    let inputs: [Tensor] = [.noise("x", [1, 3, 3, 3]), .noise("map", [1, 3, 3, 3])]
    let error = GradientCheck.largestError(of: block, at: inputs, samples: 4) { block($0[0], map: $0[1]) }
    #expect(error < GradientCheck.tolerance)
  }
}
