import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ExternalSpatialBlockTests {
  /// Two holes of 8x8: rows and columns 2 to 5, and rows 0 to 3 of columns 3 to 7.
  private static let hole = Tensor(shape: [2, 8, 8, 1]) { elements in
    for row in 0..<8 {
      for column in 0..<8 {
        elements[row * 8 + column] = (2..<6).contains(row) && (2..<6).contains(column) ? 1 : 0
        elements[64 + row * 8 + column] = row < 4 && column > 2 ? 1 : 0
      }
    }
  }
  private let hole = hole.resizedNearest(height: 4, width: 4)

  private func block(channels: Int = 5) -> ExternalSpatialBlock {
    ExternalSpatialBlock(channels: channels, height: 4, width: 4, initialization: Initialization(seed: 1))
  }

  /// Half the size bilinearly, with half-pixel centers.
  private func halved(_ x: Tensor) -> Tensor {
    let (batch, rows, columns, channels) = (x.shape[0], x.shape[1] / 2, x.shape[2] / 2, x.shape[3])
    return x.reshaped(to: [batch, rows, 2, columns, 2, channels]).mean(axes: [2, 4])
      .reshaped(to: [batch, rows, columns, channels])
  }

  @Test func `values agree with those published`() throws {
    let picture = GoldenFill.features(2, 3, 8, 8, frequency: 0.29, phase: 0.3)
    let block = block()
    let run = try GoldenRun(block, scale: 1.2, at: [GoldenFill.features(2, 5, 4, 4), picture]) {
      block($0[0], picture: halved($0[1]), hole: hole)
    }
    #expect(
      hole.elements == [
        0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0,
      ])
    let output = GoldenValue(
      sum: -42.6092867731, squares: 626.2634471885, first: -0.1253296105, last: -0.3072478504)
    #expect(run.difference(fromOutput: output) < GoldenValue.tolerance)
    let slope = GoldenValue(
      sum: -93.1222352485, squares: 429.2330063052, first: -0.4501448272, last: 0.2884670948)
    #expect(run.difference(slopes: GoldenValue(squares: 299.5515541079), slope) < GoldenValue.tolerance)
    #expect(run.difference(squares: ["convc.weight": 43.5866904500]) < GoldenValue.tolerance)
  }

  @Test func `the known region passes unchanged`() {
    let block = block()
    let picture = Tensor.noise("picture", [2, 4, 4, 3])
    let output = block(.noise("features", [2, 4, 4, 5]), picture: picture, hole: hole)
    let known = 1 - hole
    #expect((output * known).elements == (block.context(picture) * known).elements)
    #expect((output * hole).largestDifference(from: block.context(picture) * hole) > 1e-2)
  }

  @Test func `features count in the hole alone, the picture outside of it`() {
    let block = block()
    let slopes = gradient(at: [.noise("features", [2, 4, 4, 5]), .noise("picture", [2, 4, 4, 3])]) {
      (block($0[0], picture: $0[1], hole: hole) * .wave([2, 4, 4, 5])).sum()
    }
    for (slope, counts) in zip(slopes, [hole, 1 - hole]) {
      let found = abs(slope).sum(axes: [3])
      #expect(zip(found.elements, counts.elements).allSatisfy { ($0 > 0) == ($1 > 0) })
    }
  }

  @Test func `one hole serves a batch`() {
    let (features, picture) = (Tensor.noise("features", [2, 4, 4, 5]), Tensor.noise("picture", [2, 4, 4, 3]))
    let one = hole.sliced(axis: 0, 1..<2)
    let both = block()(features, picture: picture, hole: concatenate([one, one], axis: 0))
    #expect(areIdentical(block()(features, picture: picture, hole: one).elements, both.elements))
  }

  @Test func `gradients of order 1 and 2 agree with finite differences`() {
    let block = ExternalSpatialBlock(
      channels: 2, height: 2, width: 3, pictureChannels: 1, initialization: Initialization(seed: 1))
    block.fillWithWaves()
    let hole = Tensor([0, 1, 1, 0, 0, 1], shape: [1, 2, 3, 1])
    // Two channels of nearly one value would have a normalization of enormous slope.
    let features = Tensor.wave([1, 2, 3, 2], frequency: 2.1)
    let error = GradientCheck.largestError(of: block, at: [features, .wave([1, 2, 3, 1], offset: 2)]) {
      block($0[0], picture: $0[1], hole: hole)
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `counts, names and problems`() {
    let block = ExternalSpatialBlock(
      channels: 128, height: 64, width: 64, initialization: Initialization(seed: 1))
    #expect(block.parameterCount == 33_024 + 384)
    #expect(block.multiplyAdds(height: 64, width: 64) == 268_435_456 + 4096 * 384)
    #expect(block.portedWeights.map(\.name).first == "espa.norm.weight")
    #expect(block.portedWeights.last?.name == "convc.weight" && block.portedWeights.last?.shape == [128, 3, 1, 1])
    #expect(
      ExternalSpatialBlock.problem(channels: 1, height: 1, width: 1, pictureChannels: 0)?.contains("channels (0)")
        == true)
    #expect(ExternalSpatialBlock.problem(channels: 1, height: 0, width: 1)?.contains("height (0)") == true)
  }
}
