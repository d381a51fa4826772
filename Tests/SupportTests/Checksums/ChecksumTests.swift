import Testing

@testable import Support

@Suite struct ChecksumTests {
  private func text(_ values: [Float]) -> String {
    var checksum = Checksum()
    values.withUnsafeBufferPointer { checksum.add($0) }
    return checksum.text
  }

  @Test func `every value and every place counts`() {
    let values = (0..<37).map { Float($0) * 0.7 }
    let whole = text(values)
    #expect(whole.count == 16)
    for index in values.indices {
      var changed = values
      changed[index] = Float(bitPattern: changed[index].bitPattern ^ 1)
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
