import Tensors
import Testing

@testable import Training

@Suite struct ChecksumTests {
  private func text(_ values: [Scalar]) -> String {
    var checksum = Checksum()
    values.withUnsafeBufferPointer { checksum.add($0) }
    return checksum.text
  }

  @Test func `every value and every place counts`() {
    let values = (0..<37).map { Scalar($0) * 0.7 }
    let whole = text(values)
    #expect(whole.count == 16)
    for index in values.indices {
      var changed = values
      changed[index] = Scalar(bitPattern: changed[index].bitPattern ^ 1)
      #expect(text(changed) != whole)
    }
    var swapped = values
    swapped.swapAt(3, 7)
    #expect(text(swapped) != whole)
  }

  @Test func `zero and minus zero differ, and so do lengths`() {
    #expect(text([0]) != text([-0.0]))
    #expect(text([0]) != text([0, 0]))
  }
}
