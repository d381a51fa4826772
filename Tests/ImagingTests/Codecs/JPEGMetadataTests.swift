import Testing

@testable import Imaging

struct JPEGMetadataTests {
  private static func profile(in file: [UInt8]) -> [UInt8]? {
    file.withUnsafeBufferPointer { PictureMetadata(ofJPEG: $0).iccProfile }
  }

  private static func segment(_ marker: UInt8, _ contents: [UInt8]) -> [UInt8] {
    [0xFF, marker, UInt8((contents.count + 2) >> 8), UInt8((contents.count + 2) & 0xFF)] + contents
  }

  private static func part(_ number: UInt8, of count: UInt8, _ contents: [UInt8]) -> [UInt8] {
    segment(0xE2, [UInt8]("ICC_PROFILE\0".utf8) + [number, count] + contents)
  }

  @Test func `A long profile is written in parts and put together again`() throws {
    var picture = Picture.noise(width: 3, height: 3, channels: 3)
    var profile = MetadataFixture.profile("RGB ", length: 150_000)
    for index in 132..<profile.count { profile[index] = UInt8(truncatingIfNeeded: index * index >> 7) }
    picture.metadata.iccProfile = profile
    let read = try Picture(decoding: picture.jpegData(), name: "written")
    #expect(read.metadata.iccProfile == profile)
  }

  @Test func `Parts are ordered by their numbers`() {
    #expect(
      Self.profile(in: [0xFF, 0xD8] + Self.part(2, of: 2, [3, 4]) + Self.part(1, of: 2, [1, 2])) == [1, 2, 3, 4])
  }

  @Test func `A profile of which parts are missing or senseless is none`() {
    let start: [UInt8] = [0xFF, 0xD8]
    #expect(Self.profile(in: start + Self.part(1, of: 2, [1, 2])) == nil)
    #expect(Self.profile(in: start + Self.part(0, of: 0, [1, 2])) == nil)
    #expect(Self.profile(in: start + Self.segment(0xE2, [UInt8]("ICC_PROFILE\0".utf8) + [1])) == nil)
    #expect(Self.profile(in: start + Self.segment(0xE2, [UInt8]("FPXR\0".utf8) + [1, 1, 0, 0, 0, 0, 0, 0, 0])) == nil)
  }

  @Test func `Metadata comes behind the JFIF segment`() throws {
    var picture = Picture.noise(width: 3, height: 3, channels: 3)
    picture.metadata = PictureMetadata(
      iccProfile: MetadataFixture.profile("RGB "), exif: MetadataFixture.exif(orientation: 1))
    let markers = try picture.jpegData().withUnsafeBufferPointer { JPEGSegments($0).map(\.marker) }
    #expect(markers.prefix(4) == [0xE0, 0xE1, 0xE2, 0xDB])
  }

  @Test func `EXIF data that is longer than a segment is left out`() throws {
    var picture = Picture.noise(width: 3, height: 3, channels: 3)
    let exif = MetadataFixture.exif(orientation: 1)
    for (length, isKept) in [(65_527, true), (65_528, false)] {
      let padded = exif + [UInt8](repeating: 0, count: length - exif.count)
      picture.metadata.exif = padded
      let read = try Picture(decoding: picture.jpegData(), name: "written")
      #expect(read.metadata.exif == (isKept ? padded : nil), "\(length) bytes")
    }
  }
}
