import Testing

@testable import Imaging

struct PNGRepairTests {
  private static let picture = Picture.noise(width: 4, height: 3, channels: 3)

  @Test("EXIF chunks without contents are passed over", arguments: [false, true])
  func emptyExif(isBehindPixels: Bool) throws {
    let empty = pngChunk("eXIf", [])
    let file = try inserting(empty + empty, into: Self.picture.pngData(), isBehindPixels: isBehindPixels)
    #expect(try Picture(decoding: file, name: "empty") == Self.picture)
    let header = try withTemporaryFile(file) { try PictureHeader(ofFile: $0) }
    #expect((header.width, header.height) == (4, 3))
  }

  @Test func `A file that was cut, or lies about a length, is left as it is`() throws {
    let file = try inserting(pngChunk("eXIf", []), into: Self.picture.pngData())
    func repaired(_ file: [UInt8]) -> [UInt8] {
      file.withUnsafeBufferPointer { bytes in
        let repair = PNGRepair(bytes)
        return withExtendedLifetime(repair) { [UInt8](repair.bytes) }
      }
    }
    #expect(try repaired(file) == Self.picture.pngData())
    for length in 8..<45 { #expect(repaired(Array(file.prefix(length))) == Array(file.prefix(length))) }
    var lying = file
    lying.replaceSubrange(8..<12, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(repaired(lying) == lying)
  }
}
