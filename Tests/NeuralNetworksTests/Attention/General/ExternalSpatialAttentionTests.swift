import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct ExternalSpatialAttentionTests {
  private func layer(channels: Int = 5) -> ExternalSpatialAttention {
    ExternalSpatialAttention(channels: channels, height: 3, width: 4, initialization: Initialization(seed: 1))
  }

  @Test func `values agree with those published`() throws {
    let run = try GoldenRun(layer(), scale: 1.2, at: GoldenFill.features(2, 5, 3, 4))
    let output = GoldenValue(sum: -146.6007607062, squares: 8310.9820446717, first: 0.0203720573, last: 3.6915139471)
    #expect(run.difference(fromOutput: output) < GoldenValue.tolerance)
    let slope = GoldenValue(sum: 0, squares: 93.5690994737, first: -0.3146314348, last: 1.1370992181)
    #expect(run.difference(slopes: slope) < GoldenValue.tolerance)
    let squares = [
      "norm.weight": 294.5721109429, "norm.bias": 558.0027958548, "ex_k.net.0.weight": 894.5763424410,
      "ex_k.net.2.weight": 493.9761689841, "ex_v.net.0.weight": 494.1313339680, "ex_v.net.2.weight": 5159.5238424572,
    ]
    #expect(run.difference(squares: squares) < GoldenValue.tolerance)
  }

  @Test func `K, V external, H then W; no softmax`() {
    let layer = layer()
    let x = Tensor.wave([2, 3, 4, 5])
    // Along the height first: what changes in one position changes its column, and after the width everything.
    var changed = x
    changed.withMutableElements { $0[(1 * 4 + 2) * 5] += 1 }
    func keyed(_ x: Tensor) -> Tensor { layer.key(layer.norm(x).reshaped(to: [2, 3, 20])).reshaped(to: x.shape) }
    let difference = abs(keyed(changed) - keyed(x)).sum(axes: [3])
    for row in 0..<3 {
      for column in 0..<4 { #expect((difference[0, row, column, 0] > 0) == (column == 2)) }
    }
    let finished = layer.value(keyed(x).reshaped(to: [6, 4, 5])).reshaped(to: x.shape)
    #expect(areIdentical(finished.elements, layer(x).elements))
    // No softmax: twice the last matrix is twice the output.
    let output = layer(x)
    layer.value.contraction.assign(layer.value.contraction.value * 2)
    #expect(areIdentical(layer(x).elements, (output * 2).elements))
  }

  @Test func `one pixel hears of every pixel`() {
    let layer = layer()
    for position in [0, 7, 11] {
      let slope = gradient(at: Tensor.wave([1, 3, 4, 5])) { x in
        (layer(x).reshaped(to: [12, 5]).sliced(axis: 0, position..<position + 1) * .wave([1, 5])).sum()
      }
      #expect(abs(slope).sum(axes: [3]).elements.allSatisfy { $0 > 1e-6 })
    }
  }

  @Test func `the gradient sums to 0 over the channels of each pixel`() {
    let layer = layer()
    let slope = gradient(at: Tensor.wave([2, 3, 4, 5])) { (layer($0) * .wave([2, 3, 4, 5], phase: 1)).sum() }
    #expect(slope.sum(axes: [3]).largestDifference(from: .zeros([2, 3, 4, 1])) < tolerance(1e-6, 1e-14))
    #expect(abs(slope).sum().scalar > 1e-2)
  }

  @Test func `the matrices do not grow with the channels`() {
    let published = ExternalSpatialAttention(
      channels: 128, height: 64, width: 64, initialization: Initialization(seed: 1))
    #expect(published.parameterCount == 33_024)
    #expect(published.multiplyAdds(height: 64, width: 64) == 268_435_456)
    #expect(layer(channels: 7).parameterCount - layer(channels: 5).parameterCount == 4)
    #expect(layer().parameterCount == 2 * 5 + 2 * 2 * 9 + 2 * 2 * 16)
  }

  @Test func `features of another size are refused`() async {
    #expect(layer().problem(height: 3, width: 4) == nil)
    #expect(layer().problem(height: 4, width: 3)?.contains("features of 3x4 and cannot take those of 4x3") == true)
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let layer = ExternalSpatialAttention(
        channels: 5, height: 3, width: 4, initialization: Initialization(seed: 1))
      _ = layer(.zeros([2, 4, 3, 5]))
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("ExternalSpatialAttention: expected [batch, 3, 4, 5], found shape [2, 4, 3, 5]"))
  }

  @Test func `what cannot be built is told`() {
    func problem(_ channels: Int, _ height: Int, _ width: Int, factor: Int = 2) -> String {
      var options = ExternalSpatialAttention.Options()
      options.factor = factor
      return ExternalSpatialAttention.problem(channels: channels, height: height, width: width, options: options)
        ?? "none"
    }
    #expect(problem(1, 1, 1) == "none")
    #expect(problem(0, 1, 1).contains("channels (0)"))
    #expect(problem(1, 0, 7).contains("height (0) and width (7)"))
    #expect(problem(1, 1, 1, factor: .max).contains("factor"))
  }

  @Test func `names elsewhere and in checkpoints`() {
    #expect(
      layer().portedWeights.map { "\($0.name) \($0.shape)" } == [
        "norm.weight [5]", "norm.bias [5]", "ex_k.net.0.weight [6, 3, 1]", "ex_k.net.2.weight [3, 6, 1]",
        "ex_v.net.0.weight [8, 4, 1]", "ex_v.net.2.weight [4, 8, 1]",
      ])
    #expect(
      layer().namedParameters.map(\.name) == [
        "norm.weight", "norm.bias", "key.expansion", "key.contraction", "value.expansion", "value.contraction",
      ])
  }
}

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

@Suite struct AxisMixingTests {
  private let mixing = AxisMixing(size: 3, factor: 2, initialization: Initialization(seed: 1, name: "mixing"))

  @Test func `each line and channel is mixed by itself, all by the same matrices`() {
    let x = Tensor.wave([2, 3, 5])
    let y = mixing(x)
    for line in 0..<2 {
      for channel in 0..<5 {
        let own = x.sliced([line..<line + 1, 0..<3, channel..<channel + 1]).reshaped(to: [1, 3])
        let expected = matmul(gelu(matmul(own, mixing.expansion.value)), mixing.contraction.value)
        let found = y.sliced([line..<line + 1, 0..<3, channel..<channel + 1])
        #expect(largestDifference(found.elements, expected.elements) < tolerance(1e-6, 1e-14))
      }
    }
  }

  @Test func `matrices start within one over the root of their inputs`() {
    let mixing = AxisMixing(size: 64, factor: 2, initialization: Initialization(seed: 1, weights: .zeros))
    for (matrix, inputs) in [(mixing.expansion, 64.0), (mixing.contraction, 128.0)] {
      let largest = matrix.value.elements.map { abs(Double($0)) }.max()!
      #expect(largest <= 1 / inputs.squareRoot() && largest > 0.95 / inputs.squareRoot())
    }
  }
}
