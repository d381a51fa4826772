import Foundation
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

  @Test func `JFIF's density is read and written in each of its units`() throws {
    for unit in [Resolution.Unit.inch, .centimeter, .none] {
      var picture = Picture.noise(width: 3, height: 3, channels: 3)
      picture.metadata.resolution = Resolution(horizontal: 300, vertical: 299, unit: unit)
      #expect(picture.metadata.resolution != nil)
      #expect(try Picture(decoding: picture.jpegData(), name: "written").metadata == picture.metadata)
    }
    let file = try Picture.noise(width: 3, height: 3, channels: 3).jpegData()
    #expect(Array(file[13..<18]) == [0, 0, 1, 0, 1])
    #expect(try Picture(decoding: file, name: "square pixels").metadata == PictureMetadata())
  }

  @Test("Thumbnails and pictures behind the end are in no file that is written", arguments: PictureFormat.allCases)
  func otherRenderings(format: PictureFormat) throws {
    let secret = try Picture.noise(width: 24, height: 24, channels: 3, seed: 9).jpegData(quality: 60)
    let base64 = Data(secret).base64EncodedString()
    let xmp = MetadataFixture.xmp("<xmp:Thumbnails><rdf:li xmpGImg:image=\"\(base64)\"/></xmp:Thumbnails>")
    let exif = MetadataFixture.exif(
      orientation: 1, values: [(0x927C, [1, 2, 3, 4, 5] + secret)], thumbnail: secret)
    let raw = [UInt8](repeating: 0xAB, count: 3 * 16 * 16)
    // A thumbnail of JFIF's own, one of JFXX, EXIF's and XMP's, and a list of the pictures behind the end.
    let segments =
      Self.segment(0xE0, [UInt8]("JFIF\0".utf8) + [1, 2, 1, 1, 0x2C, 1, 0x2C, 16, 16] + raw)
      + Self.segment(0xE0, [UInt8]("JFXX\0".utf8) + [0x10] + secret)
      + Self.segment(0xE1, [UInt8]("Exif\0\0".utf8) + exif)
      + Self.segment(0xE1, [UInt8]("http://ns.adobe.com/xap/1.0/\0".utf8) + xmp)
      + Self.segment(0xE2, [UInt8]("MPF\0".utf8) + [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 0])
    let plain = try Picture.noise(width: 24, height: 20, channels: 3).jpegData()
    let jfifEnd = 4 + Int(plain[5])
    let file = plain[..<2] + segments + plain[jfifEnd...] + secret
    let read = try Picture(decoding: [UInt8](file), name: "rich")
    let written = try format.file(of: read)
    #expect(!written.contains(sequence: secret.suffix(80).prefix(60)) && !written.contains(sequence: raw.prefix(40)))
    #expect(!written.contains(sequence: [UInt8](base64.utf8.prefix(40))))
    let again = try Picture(decoding: written, name: "written").metadata
    #expect(
      again.exif
        == MetadataFixture.exif(
          orientation: 1, values: [(0x927C, [1, 2, 3, 4, 5] + [UInt8](repeating: 0, count: secret.count))]))
    #expect(again.xmp == MetadataFixture.xmp())
  }

  @Test func `What is not kept is named`() throws {
    let file = try Picture.noise(width: 3, height: 3, channels: 3).jpegData()
    let segments =
      Self.segment(0xFE, [UInt8]("made with love".utf8)) + Self.segment(0xED, [UInt8]("Photoshop 3.0\08BIM".utf8))
      + Self.segment(0xE1, [UInt8]("http://ns.adobe.com/xmp/extension/\0".utf8) + [1, 2, 3])
    let picture = try Picture(decoding: file[..<20] + segments + file[20...], name: "rich")
    for format in PictureFormat.allCases {
      #expect(
        picture.metadata.losses(in: format, channels: 3) == [
          "a comment", "IPTC data or others of Photoshop's", "extended XMP",
        ])
    }
  }

  @Test func `EXIF data that is longer than a segment is left out`() throws {
    var picture = Picture.noise(width: 3, height: 3, channels: 3)
    for (length, isKept) in [(65_527, true), (65_528, false)] {
      let bare = MetadataFixture.exif(orientation: 1, values: [(0x9286, [])]).count
      let padded = MetadataFixture.exif(
        orientation: 1, values: [(0x9286, [UInt8](repeating: 7, count: length - bare))])
      picture.metadata.exif = padded
      let read = try Picture(decoding: picture.jpegData(), name: "written")
      #expect(read.metadata.exif == (isKept ? padded : nil), "\(length) bytes")
      #expect(picture.metadata.losses(in: .jpeg, channels: 3).isEmpty == isKept)
    }
  }
}

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
