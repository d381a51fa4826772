import Tensors
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct PartialConv2dTests {
  /// 1 where noise is above a limit, 0 elsewhere.
  private func known(_ name: String, _ shape: Shape, above limit: Scalar = 0) -> Tensor {
    Tensor(Tensor.noise(name, shape).elements.map { $0 > limit ? 1 : 0 }, shape: shape)
  }

  private func layer(
    inputs: Int, outputs: Int = 3, kernel: Int = 3, stride: Int = 1, bias: Bool = true,
    rule: PartialConvolutionRule = .paper
  ) -> PartialConv2d {
    let layer = PartialConv2d(
      inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, bias: bias, rule: rule,
      initialization: Initialization(seed: 4))
    layer.bias?.assign(.noise("bias", [outputs]))
    return layer
  }

  /// Equation 1 and 2 of the paper, window by window, where every channel has its plane.
  private func byDefinition(
    _ x: Tensor, _ known: Tensor, _ layer: PartialConv2d, stride: Int
  ) -> (values: Tensor, known: Tensor) {
    let (kernel, inputs, outputs) = (layer.weight.shape[0], layer.weight.shape[2], layer.weight.shape[3])
    let (height, width) = (x.shape[1], x.shape[2])
    let rows = (height + 2 * (kernel / 2) - kernel) / stride + 1
    let columns = (width + 2 * (kernel / 2) - kernel) / stride + 1
    var values = Tensor.zeros([x.shape[0], rows, columns, outputs])
    var reached = Tensor.zeros([x.shape[0], rows, columns, 1])
    for sample in 0..<x.shape[0] {
      for row in 0..<rows {
        for column in 0..<columns {
          var sum: Scalar = 0
          var products = [Scalar](repeating: 0, count: outputs)
          for i in 0..<kernel {
            for j in 0..<kernel {
              let (y, z) = (row * stride + i - kernel / 2, column * stride + j - kernel / 2)
              guard (0..<height).contains(y), (0..<width).contains(z) else { continue }
              for channel in 0..<inputs where known[sample, y, z, channel] == 1 {
                sum += 1
                for output in 0..<outputs {
                  products[output] += x[sample, y, z, channel] * layer.weight.value[i, j, channel, output]
                }
              }
            }
          }
          guard sum > 0 else { continue }
          let place = (sample * rows + row) * columns + column
          reached.withMutableElements { $0[place] = 1 }
          for output in 0..<outputs {
            let scaled = products[output] * Scalar(kernel * kernel * inputs) / sum
            values.withMutableElements { $0[place * outputs + output] = scaled + (layer.bias?.value[output] ?? 0) }
          }
        }
      }
    }
    return (values, reached)
  }

  @Test(arguments: [(3, 1, true), (5, 2, false), (7, 2, true)])
  func `each channel may have a hole of its own`(_ kernel: Int, _ stride: Int, _ bias: Bool) {
    let x = Tensor.noise("x", [2, 9, 12, 4])
    let known = known("known", x.shape, above: 0.8)
    let layer = layer(inputs: 4, kernel: kernel, stride: stride, bias: bias)
    let found = layer(KnownFeatures(x, known: known))
    let expected = byDefinition(x, known, layer, stride: stride)
    #expect(found.values.largestDifference(from: expected.values) < tolerance(1e-4, 1e-12))
    #expect(found.known.elements == expected.known.elements)
  }

  @Test func `a plane for all channels, or for all pictures, is that plane for each`() {
    let x = Tensor.noise("x", [2, 9, 12, 4])
    let plane = known("plane", [1, 9, 12, 1])
    let layer = layer(inputs: 4, kernel: 5, stride: 2)
    let shared = layer(KnownFeatures(x, known: plane))
    let each = layer(KnownFeatures(x, known: plane.expanded(to: x.shape)))
    #expect(shared.values.elements == each.values.elements)
    #expect(shared.known.shape == [1, 5, 6, 1] && each.known.shape == [2, 5, 6, 1])
  }

  @Test func `groups are channels with holes of their own, the first enlarged`() {
    let (x, skip) = (Tensor.noise("x", [2, 4, 6, 3]), Tensor.noise("skip", [2, 8, 12, 2]))
    let (xKnown, skipKnown) = (known("x known", [2, 4, 6, 1]), known("skip known", [2, 8, 12, 1], above: 0.7))
    let layer = layer(inputs: 5)
    let found = layer(upsampling: KnownFeatures(x, known: xKnown), concatenating: KnownFeatures(skip, known: skipKnown))
    let both = concatenate([x.upsampledNearest(by: 2), skip], axis: -1)
    let bothKnown = concatenate(
      [xKnown.upsampledNearest(by: 2).expanded(to: [2, 8, 12, 3]), skipKnown.expanded(to: [2, 8, 12, 2])], axis: -1)
    let expected = byDefinition(both, bothKnown, layer, stride: 1)
    #expect(found.values.largestDifference(from: expected.values) < tolerance(1e-4, 1e-12))
    #expect(found.known.elements == expected.known.elements)
  }

  @Test func `what lies in holes changes nothing`() {
    let x = Tensor.noise("x", [1, 8, 8, 2])
    let known = known("known", [1, 8, 8, 1])
    let layer = layer(inputs: 2)
    let other = x * known + .noise("other", x.shape) * (1 - known)
    #expect(
      layer(KnownFeatures(x, known: known)).values.elements == layer(KnownFeatures(other, known: known)).values.elements
    )
  }

  @Test(arguments: PartialConvolutionRule.allCases)
  func `where nothing is known, nothing is made`(_ rule: PartialConvolutionRule) {
    let layer = layer(inputs: 2, rule: rule)
    let made = layer(KnownFeatures(.noise("x", [1, 8, 8, 2]), known: .zeros([1, 8, 8, 1])))
    #expect(made.values.elements.allSatisfy { $0 == 0 } && made.known.elements.allSatisfy { $0 == 0 })
  }

  @Test func `holes close from their border`() {
    var known = Tensor.ones([1, 9, 9, 1])
    known.withMutableElements { elements in
      for y in 2..<7 { for x in 2..<7 { elements[y * 9 + x] = 0 } }
    }
    var features = KnownFeatures(.noise("x", [1, 9, 9, 2]), known: known)
    let layer = layer(inputs: 2, outputs: 2)
    let missing = (0..<3).map { _ in
      features = layer(features)
      return features.known.elements.count { $0 == 0 }
    }
    #expect(missing == [9, 1, 0])
  }

  @Test func `naoto0804's layer is the paper's with larger filters`() {
    let (paper, port) = (layer(inputs: 2), layer(inputs: 2, rule: .naoto0804))
    port.weight.assign(paper.weight.value * 18)
    let x = KnownFeatures(.noise("x", [1, 8, 8, 2]), known: known("known", [1, 8, 8, 2]))
    #expect(port(x).values.largestDifference(from: paper(x).values) < tolerance(1e-4, 1e-12))
  }

  @Test func `NVIDIA's layer lets what is half known be half known`() {
    let x = KnownFeatures(.ones([1, 1, 1, 1]), known: Tensor(repeating: 0.5, shape: [1, 1, 1, 1]))
    let (nvidia, paper) = (layer(inputs: 1, rule: .nvidia)(x).known, layer(inputs: 1)(x).known)
    #expect(nvidia.elements == [0.5] && paper.elements == [1])
  }

  @Test func `gradients reach features and filters, not what is known`() {
    let x = Tensor.noise("x", [1, 6, 6, 2])
    let plane = known("known", [1, 6, 6, 1])
    let layer = layer(inputs: 2)
    let slopes = gradient(at: [x, plane]) { square(layer(KnownFeatures($0[0], known: $0[1])).values).sum() }
    #expect(slopes[0].elements.contains { $0 != 0 } && slopes[1].elements.allSatisfy { $0 == 0 })
    let inHoles = slopes[0] * (1 - plane)
    #expect(inHoles.elements.allSatisfy { $0 == 0 })
    #expect(
      GradientCheck.largestError(at: [x]) { layer(KnownFeatures($0[0], known: plane)).values }
        < GradientCheck.tolerance)
    let error = GradientCheck.largestError(at: layer.parameters) {
      square(layer(KnownFeatures(x, known: plane)).values).mean()
    }
    #expect(error < GradientCheck.tolerance)
  }
}
