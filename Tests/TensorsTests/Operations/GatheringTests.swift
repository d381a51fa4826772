import TestSupport
import Testing

@testable import Tensors

@Suite struct GatheringTests {
  /// PyTorch's `nearest` from 5 to 8 and from 8 to 5.
  @Test func `the floor rule`() {
    #expect(NearestRule.floor.sources(from: 64, to: 32) == Array(stride(from: 0, to: 64, by: 2)))
    #expect(NearestRule.floor.sources(from: 2, to: 4) == [0, 0, 1, 1])
    #expect(NearestRule.floor.sources(from: 5, to: 8) == [0, 0, 1, 1, 2, 3, 3, 4])
    #expect(NearestRule.floor.sources(from: 8, to: 5) == [0, 1, 3, 4, 6])
    #expect(NearestRule.floor.sources(from: 1, to: 3) == [0, 0, 0])
  }

  @Test func `the rule of aligned corners`() {
    let halved = NearestRule.alignCorners.sources(from: 64, to: 32)
    #expect(halved == Array(stride(from: 0, through: 30, by: 2)) + Array(stride(from: 33, through: 63, by: 2)))
    #expect(NearestRule.alignCorners.sources(from: 2, to: 4) == [0, 0, 1, 1])
    // 0, 0.5, 1, 1.5, 2: halves go up.
    #expect(NearestRule.alignCorners.sources(from: 3, to: 5) == [0, 1, 1, 2, 2])
    #expect(NearestRule.alignCorners.sources(from: 5, to: 3) == [0, 2, 4])
    #expect(NearestRule.alignCorners.sources(from: 7, to: 1) == [0])
    #expect(NearestRule.alignCorners.sources(from: 1, to: 3) == [0, 0, 0])
  }

  @Test(arguments: 1...70)
  func `both rules stay inside, never go back, and keep a size as it is`(size: Int) {
    for rule in [NearestRule.floor, .alignCorners] {
      #expect(rule.sources(from: size, to: size) == Array(0..<size))
      for newSize in 1...70 {
        let sources = rule.sources(from: size, to: newSize)
        #expect(sources.count == newSize && sources == sources.sorted())
        #expect(sources[0] == 0 && sources[newSize - 1] < size)
      }
      #expect(NearestRule.alignCorners.sources(from: size, to: 9)[8] == size - 1)
    }
  }

  @Test func `rows and columns are resized apart, channels stay together`() {
    let x = Tensor.counting([1, 2, 3, 2])
    let y = x.resizedNearest(height: 1, width: 6)
    #expect(y.shape == [1, 1, 6, 2])
    #expect(y.elements == [0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5])
    let corners = x.resizedNearest(height: 2, width: 2, rule: .alignCorners)
    #expect(corners.elements == [0, 1, 4, 5, 6, 7, 10, 11])
  }

  @Test func `upsampling repeats every pixel`() {
    let y = Tensor.counting([2, 1, 2, 1]).upsampledNearest(by: 2)
    #expect(y.shape == [2, 2, 4, 1])
    #expect(y.elements == [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3])
  }

  @Test func `left and right are exchanged, above and below stay`() {
    #expect(Tensor.counting([1, 2, 3, 1]).flippedHorizontally().elements == [2, 1, 0, 5, 4, 3])
    #expect(Tensor.counting([2, 1, 2, 2]).flippedHorizontally().elements == [2, 3, 0, 1, 6, 7, 4, 5])
  }

  @Test func `the gradient counts how often a pixel was read`() {
    let slope = gradient(at: Tensor.counting([1, 1, 2, 1])) { $0.resizedNearest(height: 1, width: 5).sum() }
    #expect(slope.elements == [3, 2])
  }
}
