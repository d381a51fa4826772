import Testing

@testable import Imaging

struct JPEGSegmentsTests {
  private static func found(_ bytes: [UInt8]) -> [String] {
    bytes.withUnsafeBufferPointer { bytes in
      JPEGSegments(bytes).map { "\($0.marker): \([UInt8]($0.contents))" }
    }
  }

  @Test func `Segments are found up to the first scan`() {
    let file: [UInt8] = [
      0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0x01, 0xFF, 0xE1, 0, 2, 0xFF, 0xDA, 0, 2, 0xFF, 0xE2, 0, 2,
    ]
    #expect(Self.found(file) == ["224: [1, 2]", "225: []"])
  }

  @Test func `Padding and bytes too many are passed over`() {
    let file: [UInt8] = [0xFF, 0xD8, 7, 0xFF, 0, 7, 0xFF, 0xFF, 0xFF, 0xE0, 0, 3, 9, 0, 0, 0xFF, 0xE1, 0, 2]
    #expect(Self.found(file) == ["224: [9]", "225: []"])
  }

  @Test func `A segment that was cut or lies about its length is the end`() {
    let file: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2]
    for length in 2..<file.count { #expect(Self.found(Array(file.prefix(length))).isEmpty, "\(length) bytes") }
    #expect(Self.found(file) == ["224: [1, 2]"])
    for length in [0, 1, 5, 255] as [UInt8] {
      var lying = file
      lying[5] = length
      #expect(Self.found(lying).isEmpty, "length \(length)")
    }
  }
}
