import Tensors
import Testing

@testable import InpaintingModels

struct SafeTensorsTypeTests {
  private func convert(_ type: SafeTensorsType, _ bytes: [UInt8]) -> [Scalar] {
    [Scalar](unsafeUninitializedCapacity: bytes.count / type.size) { buffer, count in
      count = bytes.count / type.size
      let scalars = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      bytes.withUnsafeBytes { type.convert($0, to: scalars) }
    }
  }

  @Test func `half precision is exact`() {
    let cases: [(UInt16, Float)] = [
      (0x0000, 0), (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x0400, 0x1p-14), (0x0001, 0x1p-24),
      (0x83FF, -0x1.ff8p-15), (0x7C00, .infinity), (0xFC00, -.infinity), (0x3555, 0.333251953125),
    ]
    for (bits, value) in cases { #expect(SafeTensorsType.halfPrecision(bits) == value) }
    #expect(SafeTensorsType.halfPrecision(0x8000).sign == .minus)
    #expect(SafeTensorsType.halfPrecision(0x7E00).isNaN)
  }

  @Test func `half precision grows with its bits`() {
    let values = (0...0x7C00).map { SafeTensorsType.halfPrecision(UInt16($0)) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `elements are little-endian and signed where they should be`() {
    #expect(convert(.boolean, [0, 1, 2]) == [0, 1, 1])
    #expect(convert(.unsigned8, [255]) == [255])
    #expect(convert(.signed8, [255]) == [-1])
    #expect(convert(.unsigned16, [0xFE, 0xFF]) == [65534])
    #expect(convert(.signed16, [0xFE, 0xFF]) == [-2])
    #expect(convert(.unsigned32, [0, 0, 0, 0x80]) == [0x1p31])
    #expect(convert(.signed32, [0, 0, 0, 0x80]) == [-0x1p31])
    #expect(convert(.unsigned64, [0, 0, 0, 0, 0, 0, 0, 0x80]) == [0x1p63])
    #expect(convert(.signed64, [0, 0, 0, 0, 0, 0, 0, 0x80]) == [-0x1p63])
    #expect(convert(.brainFloat16, [0x80, 0x3F, 0x48, 0xC0]) == [1, -3.125])
    #expect(convert(.float16, [0x00, 0x3E]) == [1.5])
    #expect(convert(.float32, [0, 0, 0x20, 0x40]) == [2.5])
    #expect(convert(.float64, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F]) == [1.5])
  }

  @Test func `sizes follow the names`() {
    for type in SafeTensorsType.allCases where type != .boolean {
      let digits = type.rawValue.drop { !$0.isNumber }.prefix { $0.isNumber }
      #expect(Int(digits) == type.size * 8, "\(type)")
    }
  }
}
