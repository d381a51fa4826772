import TestSupport
import Testing

@testable import Tensors

@Suite struct BilinearResizingTests {
  static let picture = Tensor([3, -1, 4, 1, -5, 9, 2, -6, 5, 3, -5, 8], shape: [1, 3, 4, 1])

  struct Case: Sendable {
    let height: Int
    let width: Int
    let rule: BilinearRule
    let expected: [Scalar]
  }

  /// PyTorch 2.13, `interpolate(mode="bilinear")`.
  static let cases = [
    Case(
      height: 5, width: 7, rule: .halfPixel,
      expected: [
        3, 1.5714285714, -0.7142857143, 1.5, 3.7857142857, 2.0714285714, 1, -0.2, 0.9428571429, 2.7714285714, 3.1,
        2.8428571429, -0.0142857143, -1.8, -5, 0, 8, 5.5, 1.4285714286, -3.1428571429, -6, 1, 2.5714285714,
        5.0857142857, 1.6, -1.8714285714, 0.7571428571, 2.4, 5, 4.2857142857, 3.1428571429, -1, -4.0714285714,
        3.3571428571, 8,
      ]),
    Case(
      height: 5, width: 7, rule: .alignCorners,
      expected: [
        3, 1, -1, 1.5, 4, 2.5, 1, -1, 1.5, 4, 3.5, 3, 0.25, -2.5, -5, 2, 9, 5.5, 2, -2, -6, 0, 3, 6, 2.25, -1.5, -0.25,
        1, 5, 4, 3, -1, -5, 1.5, 8,
      ]),
    Case(
      height: 2, width: 3, rule: .halfPixel,
      expected: [1.0833333333, 2.5, -0.0416666667, 2.8333333333, 0.625, 3.2083333333]),
    Case(height: 2, width: 3, rule: .alignCorners, expected: [3, 1.5, 1, 5, -1, 8]),
    Case(height: 1, width: 1, rule: .halfPixel, expected: [5.5]),
    Case(height: 1, width: 1, rule: .alignCorners, expected: [3]),
    Case(height: 4, width: 2, rule: .halfPixel, expected: [1, 2.5, 1.625, -0.3125, 2.75, -0.6875, 4, 1.5]),
    Case(
      height: 4, width: 2, rule: .alignCorners,
      expected: [3, 1, -2.3333333333, -3.6666666667, -1.6666666667, -1.3333333333, 5, 8]),
  ]

  @Test(arguments: cases)
  func `resizing gives PyTorch's numbers`(_ check: Case) {
    let found = Self.picture.resizedBilinear(height: check.height, width: check.width, rule: check.rule)
    #expect(found.shape == [1, check.height, check.width, 1])
    #expect(largestDifference(found.elements, check.expected) < tolerance(2e-6, 1e-9))
  }

  @Test func `the gradient is PyTorch's`() {
    let slope = gradient(at: Self.picture) { dot($0.resizedBilinear(height: 5, width: 7), .counting([1, 5, 7, 1])) }
    let expected: [Scalar] = [
      8.4571428571, 13.4428571429, 18.7, 22.4, 44.6142857143, 51.6857142857, 57.6, 60.3, 70.8571428571, 78.4428571429,
      83.7, 84.8,
    ]
    #expect(largestDifference(slope.elements, expected) < tolerance(5e-5, 1e-9))
  }

  @Test(arguments: BilinearRule.allCases, [1, 2, 5, 13])
  func `places stay inside at any size, and a constant stays what it is`(_ rule: BilinearRule, _ size: Int) {
    for newSize in 1...30 {
      let places = rule.places(from: size, to: newSize)
      #expect(places.count == newSize)
      for place in places {
        #expect((0..<size).contains(place.lower) && (place.lower..<size).contains(place.upper))
        #expect((0...1).contains(place.fraction))
      }
      let constant = Tensor(repeating: 1, shape: [1, size, size, 2])
      let resized = constant.resizedBilinear(height: newSize, width: newSize, rule: rule)
      #expect(largestDifference(resized.elements, Tensor.ones(resized.shape).elements) < tolerance(1e-6, 1e-15))
    }
  }

  @Test func `the same size is the same picture`() {
    for rule in BilinearRule.allCases {
      #expect(Self.picture.resizedBilinear(height: 3, width: 4, rule: rule).elements == Self.picture.elements)
    }
  }
}
