import NeuralNetworks
import Tensors
import TestSupport
import Testing

@Suite struct SpatialDiscountTests {
  @Test func `the published window has the published values`() {
    let map = spatialDiscount(height: 128, width: 128, discount: 0.9)
    #expect(map.shape == [1, 128, 128, 1])
    #expect(map[0, 0, 70, 0] == 1 && map[0, 70, 0, 0] == 1)
    #expect(abs(map[0, 127, 127, 0] - 0.9) < 1e-6)
    #expect(abs(map[0, 127, 64, 0] - 0.9) < 1e-6)
    #expect(abs(map[0, 64, 64, 0] - 1.179e-3) < 1e-6)
    #expect(abs(Double(map.mean().scalar) - 0.252921) < 1e-6)
  }

  @Test func `the nearest border counts, also where sides differ`() {
    let map = spatialDiscount(height: 4, width: 6, discount: 0.5)
    let expected: [Scalar] = [
      1, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 0.5, 0.25, 0.25, 0.25, 0.5, 1, 0.5, 0.5, 0.5, 0.5, 0.5,
    ]
    #expect(map.elements == expected)
  }

  @Test func `without a discount all pixels count the same`() {
    #expect(spatialDiscount(height: 5, width: 3, discount: 1).elements.allSatisfy { $0 == 1 })
  }
}
