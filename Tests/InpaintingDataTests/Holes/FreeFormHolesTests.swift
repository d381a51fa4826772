import Imaging
import Tensors
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct FreeFormHolesTests {
  @Test func `Strokes reach every part of a wide picture`() throws {
    // With x and y exchanged, the strokes of a wide picture would begin on its left only.
    var covered = Hole(width: 300, height: 60)
    for index in 0..<60 {
      var stream = RandomStream(seed: 4, purpose: "test", step: index)
      covered.formUnion(FreeFormHoles().drawing(width: 300, height: 60, using: &stream))
    }
    #expect(covered.missingFraction > 0.98)
  }

  @Test func `A wider brush leaves out more`() {
    func fraction(_ brush: ClosedRange<Int>) -> Double {
      (0..<40).reduce(0) { sum, index in
        var stream = RandomStream(seed: 4, purpose: "test", step: index)
        return sum + FreeFormHoles(brushWidth: brush).drawing(width: 128, height: 128, using: &stream).missingFraction
      }
    }
    #expect(fraction(20...20) > 1.5 * fraction(10...10))
  }
}
