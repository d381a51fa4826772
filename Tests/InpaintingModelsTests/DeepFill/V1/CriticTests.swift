import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct CriticTests {
  @Test func `parameters have their names, and sums weigh every value of the last features`() {
    let layers = ["local", "global"].flatMap { critic in
      ["conv1", "conv2", "conv3", "conv4", "score"].map { critic + "." + $0 }
    }
    let critic = tinyV1 { $0.pictureSize = 48 }.critic
    #expect(critic.namedParameters.map(\.name) == layers.flatMap { [$0 + ".weight", $0 + ".bias"] })
    #expect(critic.local.score.weight.shape == [1, 1, 16, 1])
    #expect(critic.global.score.weight.shape == [3, 3, 8, 1])
  }

  @Test func `the local critic is the published one, or narrower`() {
    var configuration = DeepFillV1Configuration()
    func counts() -> [Int] {
      let critic = CriticPair(configuration, initialization: Initialization(seed: 0))
      return [critic.local.parameterCount, critic.global.parameterCount]
    }
    #expect(counts() == [4_339_329, 2_733_441])
    configuration.hasNarrowLocalCritic = true
    #expect(counts() == [2_684_289, 2_733_441])
  }

  @Test func `the score is a plain sum, without a bound`() {
    let critic = tinyV1().critic.local
    let pictures = Tensor.noise("pictures", [3, 16, 16, 3])
    let features = pictures.through(critic.conv1, critic.conv2, critic.conv3, critic.conv4)
    critic.score.bias!.assign(Tensor([-70], shape: [1]))
    let expected = (features * critic.score.weight.value.reshaped(to: [1, 1, 1, 16])).sum(axes: [1, 2, 3]) - 70
    let scores = critic(pictures)
    #expect(scores.shape == [3])
    #expect(scores.largestDifference(from: expected.reshaped(to: [3])) < tolerance(1e-4, 1e-11))
  }

  @Test func `features are leaky, also below zero`() {
    let critic = tinyV1().critic.local
    for layer in [critic.conv1, critic.conv4] {
      layer.weight.assign(.zeros(layer.weight.shape))
      layer.bias!.assign(Tensor(repeating: -5, shape: layer.bias!.shape))
    }
    #expect(critic.conv1(.zeros([1, 16, 16, 3])).elements.allSatisfy { $0 == -1 })
    #expect(critic.conv4(.zeros([1, 2, 2, 8])).elements.allSatisfy { $0 == -1 })
  }
}

@Suite struct HoleWindowsTests {
  /// A hole in each picture that misses these pixels.
  private func holes(_ rectangles: [(rows: Range<Int>, columns: Range<Int>)?], height: Int = 40, width: Int = 48)
    -> Tensor
  {
    var holes = Tensor.zeros([rectangles.count, height, width, 1])
    holes.withMutableElements { elements in
      for (sample, rectangle) in rectangles.enumerated() {
        for row in rectangle?.rows ?? 0..<0 {
          for column in rectangle!.columns { elements[(sample * height + row) * width + column] = 1 }
        }
      }
    }
    return holes
  }

  private func corners(_ rectangles: (rows: Range<Int>, columns: Range<Int>)?...) -> [[Int]] {
    HoleWindows(around: holes(rectangles), size: 16).corners.map { [$0.row, $0.column] }
  }

  @Test func `a box that was shrunk by as much on both sides gives the box before`() {
    #expect(corners((4..<20, 9..<25), (6..<18, 9..<25), (11..<13, 14..<20)) == [[4, 9], [4, 9], [4, 9]])
  }

  @Test func `windows stay within the picture`() {
    #expect(corners((0..<3, 45..<48), (38..<40, 0..<1)) == [[0, 32], [24, 0]])
  }

  @Test func `of a large hole it is the middle, and without a hole that of the picture`() {
    #expect(corners((0..<40, 8..<40), nil) == [[12, 16], [12, 16]])
  }

  @Test func `holes of several parts are surrounded together`() {
    let parts = holes([(2..<4, 5..<6)]) + holes([(12..<14, 11..<21)])
    #expect(HoleWindows(around: parts, size: 16).corners.map { [$0.row, $0.column] } == [[0, 5]])
  }

  @Test func `each picture is cut at its own window, or all at the one they share`() {
    let pictures = Tensor.counting([2, 40, 48, 3])
    let each = HoleWindows(around: holes([(4..<20, 9..<25), (24..<40, 0..<16)]), size: 16).crop(pictures)
    #expect(each.shape == [2, 16, 16, 3])
    #expect(each[0, 0, 0, 0] == pictures[0, 4, 9, 0] && each[1, 15, 15, 2] == pictures[1, 39, 15, 2])
    let shared = HoleWindows(around: holes([(4..<20, 9..<25)]), size: 16).crop(pictures)
    #expect(shared.shape == [2, 16, 16, 3])
    #expect(shared[1, 3, 2, 1] == pictures[1, 7, 11, 1])
  }

  @Test func `gradients go back to where the windows were`() {
    let windows = HoleWindows(around: holes([(1..<3, 1..<3), (4..<6, 2..<4)], height: 6, width: 5), size: 2)
    let error = GradientCheck.largestError(at: [.noise("x", [2, 6, 5, 2])]) { square(windows.crop($0[0])) }
    #expect(error < GradientCheck.tolerance)
  }
}
