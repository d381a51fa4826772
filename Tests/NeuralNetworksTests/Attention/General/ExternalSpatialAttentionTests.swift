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

  @Test func `gradients of order 1 and 2 agree with finite differences`() {
    let layer = layer(channels: 3)
    layer.fillWithWaves()
    #expect(GradientCheck.largestError(of: layer, at: .wave([1, 3, 4, 3])) < GradientCheck.tolerance)
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
