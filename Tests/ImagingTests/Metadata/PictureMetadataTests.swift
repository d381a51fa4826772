import Testing

@testable import Imaging

struct PictureMetadataTests {
  private static let metadata = PictureMetadata(
    iccProfile: MetadataFixture.profile("RGB ", length: 400), exif: MetadataFixture.exif(orientation: 1),
    xmp: MetadataFixture.xmp())

  private static func picture(_ metadata: PictureMetadata = metadata) -> Picture {
    var picture = Picture.noise(width: 6, height: 4, channels: 3, hasAlpha: true)
    picture.metadata = metadata
    return picture
  }

  @Test("Profile and EXIF data come back from a file unchanged", arguments: PictureFormat.allCases)
  func roundTrip(format: PictureFormat) throws {
    let items = [
      Self.metadata, PictureMetadata(iccProfile: Self.metadata.iccProfile), PictureMetadata(exif: Self.metadata.exif),
      PictureMetadata(xmp: Self.metadata.xmp), PictureMetadata(),
    ]
    for metadata in items {
      let file = try format.file(of: Self.picture(metadata))
      #expect(try Picture(decoding: file, name: "written").metadata == metadata)
    }
  }

  @Test("A turned picture is not turned again when it is written and read", arguments: PictureFormat.allCases)
  func turnedOnce(format: PictureFormat) throws {
    let upright = MetadataFixture.exif(orientation: 1)
    let file = try format.file(
      of: Self.picture(), replacing: upright, by: MetadataFixture.exif(orientation: 6))
    let read = try Picture(decoding: file, name: "turned")
    #expect((read.width, read.height) == (4, 6))
    #expect(read.metadata == Self.metadata)
    let again = try Picture(decoding: format.file(of: read), name: "turned and written")
    #expect((again.width, again.height) == (4, 6))
    #expect(again.metadata == Self.metadata)
    if format != .jpeg { #expect(again == read) }
  }

  @Test("An orientation that somebody put into a picture is not written", arguments: PictureFormat.allCases)
  func uprightWhenWritten(format: PictureFormat) throws {
    let picture = Self.picture(PictureMetadata(exif: MetadataFixture.exif(orientation: 6)))
    let read = try Picture(decoding: format.file(of: picture), name: "written")
    #expect((read.width, read.height) == (6, 4))
    #expect(read.metadata.exif == MetadataFixture.exif(orientation: 1))
  }

  @Test("Metadata that makes no sense is not written", arguments: PictureFormat.allCases)
  func senseless(format: PictureFormat) throws {
    for bytes in [[], [1, 2, 3]] as [[UInt8]] {
      let file = try format.file(of: Self.picture(PictureMetadata(iccProfile: bytes, exif: bytes, xmp: bytes)))
      #expect(try file == format.file(of: Self.picture(PictureMetadata())))
    }
  }

  @Test("A profile is written with pictures of its colors only", arguments: PictureFormat.allCases)
  func profilesOfOtherColors(format: PictureFormat) throws {
    for colorSpace in ["GRAY", "CMYK"] {
      let metadata = PictureMetadata(iccProfile: MetadataFixture.profile(colorSpace))
      let file = try format.file(of: Self.picture(metadata))
      #expect(try Picture(decoding: file, name: "written").metadata == PictureMetadata())
    }
    var gray = Picture.noise(width: 6, height: 4, channels: 1)
    gray.metadata.iccProfile = MetadataFixture.profile("RGB ")
    let file = try format.file(of: gray)
    gray.metadata = PictureMetadata()
    #expect(try file == format.file(of: gray))
  }

  @Test func `A resolution goes from format to format`() throws {
    var picture = Self.picture(PictureMetadata(resolution: Resolution(horizontal: 300, vertical: 300, unit: .inch)))
    let png = try Picture(decoding: picture.pngData(), name: "png")
    #expect(png.metadata.resolution == Resolution(horizontal: 11_811, vertical: 11_811, unit: .meter))
    let jpeg = try Picture(decoding: png.jpegData(), name: "jpeg")
    #expect(jpeg.metadata == picture.metadata)
    let webp = try Picture(decoding: picture.webpData(), name: "webp")
    #expect(try ExifData(#require(webp.metadata.exif))?.hasResolution == true)
    #expect(picture.metadata.losses(in: .webp, channels: 3).isEmpty)
    picture.metadata.exif = MetadataFixture.exif(orientation: 1)
    #expect(picture.metadata.losses(in: .webp, channels: 3) == ["the resolution"])
    let turned = Self.picture(PictureMetadata(resolution: Resolution(horizontal: 2, vertical: 1, unit: .none)))
    #expect(
      turned.oriented(.quarterTurn).metadata.resolution == Resolution(horizontal: 1, vertical: 2, unit: .none))
    #expect(turned.oriented(.halfTurn).metadata == turned.metadata)
  }

  @Test func `A profile for gray stays with a picture that stays gray`() throws {
    var gray = Picture.noise(width: 6, height: 4, channels: 1)
    gray.metadata.iccProfile = MetadataFixture.profile("GRAY")
    for format in [PictureFormat.jpeg, .png] {
      #expect(gray.metadata.losses(in: format, channels: 1).isEmpty)
      let read = try Picture(decoding: format.file(of: gray), name: "gray", keepsGray: true)
      #expect(read.channels == 1 && read.metadata == gray.metadata)
    }
    #expect(gray.metadata.losses(in: .webp, channels: 1) == ["a color profile for gray"])
  }

  @Test("A gray file's profile is not kept with the RGB that it is read as", arguments: [PictureFormat.jpeg, .png])
  func grayProfile(format: PictureFormat) throws {
    var gray = Picture.noise(width: 6, height: 4, channels: 1)
    let plain = try format.file(of: gray)
    gray.metadata.iccProfile = MetadataFixture.profile("GRAY")
    let file = try format.file(of: gray)
    #expect(file.count > plain.count)
    #expect(try Picture(decoding: file, name: "gray").metadata == PictureMetadata())
  }

  @Test func `Copies keep metadata`() {
    let picture = Self.picture()
    #expect(picture.cropped(to: PixelRectangle(x: 1, y: 1, width: 2, height: 2)).metadata == Self.metadata)
    #expect(picture.resized(toWidth: 3, height: 9).metadata == Self.metadata)
    #expect(picture.oriented(.quarterTurn).metadata == Self.metadata)
    #expect(picture.rgb().metadata == Self.metadata)
  }

  @Test func `A change of channels drops the profile and keeps the rest`() {
    let gray = Self.picture().gray()
    #expect(gray.metadata == PictureMetadata(exif: Self.metadata.exif, xmp: Self.metadata.xmp))
    var described = gray
    described.metadata.iccProfile = MetadataFixture.profile("GRAY")
    #expect(described.rgb().metadata == gray.metadata)
  }
}

struct ResolutionTests {
  @Test func `Square pixels and numbers below 1 say nothing`() {
    #expect(Resolution(horizontal: 1, vertical: 1, unit: .none) == nil)
    #expect(Resolution(horizontal: 0, vertical: 72, unit: .inch) == nil)
    #expect(Resolution(horizontal: 1, vertical: 1, unit: .inch) != nil)
  }

  @Test(
    arguments: [
      (300, Resolution.Unit.inch, 1, 300), (118, .centimeter, 2, 118), (11_811, .meter, 1, 300), (2835, .meter, 1, 72),
      (11_800, .meter, 2, 118), (3780, .meter, 1, 96),
    ])
  func `JFIF has inches and centimeters`(number: Int, unit: Resolution.Unit, code: Int, written: Int) throws {
    let jfif = try #require(Resolution(horizontal: number, vertical: number, unit: unit)?.jfif)
    #expect((Int(jfif.unit), Int(jfif.horizontal), Int(jfif.vertical)) == (code, written, written))
  }

  @Test func `PNG has meters and proportions`() throws {
    func png(_ unit: Resolution.Unit) throws -> [UInt32] {
      let png = try #require(Resolution(horizontal: 300, vertical: 150, unit: unit)?.png)
      return [UInt32(png.unit), png.horizontal, png.vertical]
    }
    #expect(try png(.inch) == [1, 11_811, 5906])
    #expect(try png(.centimeter) == [1, 30_000, 15_000])
    #expect(try png(.meter) == [1, 300, 150])
    #expect(try png(.none) == [0, 300, 150])
  }

  @Test func `Numbers that a format has no room for are none`() {
    #expect(Resolution(horizontal: 70_000, vertical: 70_000, unit: .inch)?.jfif == nil)
    #expect(Resolution(horizontal: 7, vertical: 7, unit: .meter)?.jfif == nil)
    #expect(Resolution(horizontal: Int(UInt32.max), vertical: 1, unit: .meter)?.png == nil)
  }
}

struct PNGColorSpaceTests {
  /// Those of sRGB.
  private static let primaries: [UInt8] = [31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]
    .flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 0xFF)] }
  private static let picture = Picture.noise(width: 4, height: 3, channels: 3)

  private static func read(_ chunks: [UInt8]) throws -> Picture {
    try Picture(decoding: inserting(chunks, into: picture.pngData()), name: "described")
  }

  @Test(
    "Chunks come back from a PNG file as they were",
    arguments: [
      pngChunk("cICP", [12, 13, 0, 1]), pngChunk("gAMA", [0, 0, 0xF7, 0x8A]), pngChunk("sRGB", [1]),
      pngChunk("gAMA", [0, 0, 0xB1, 0x8F]) + pngChunk("cHRM", primaries),
      pngChunk("cICP", [9, 16, 0, 1]) + pngChunk("mDCV", [UInt8](1...24)) + pngChunk("cLLI", [UInt8](1...8)),
    ])
  func roundTrip(chunks: [UInt8]) throws {
    let read = try Self.read(chunks)
    #expect(read.pixels == Self.picture.pixels)
    let space = try #require(read.metadata.pngColorSpace)
    let written = try read.pngData()
    #expect(try Picture(decoding: written, name: "written").metadata.pngColorSpace == space)
    for start in chunks.indices where chunks[start...].starts(with: "cICP".utf8) {
      #expect(written.contains(sequence: chunks[start..<start + 8]))
    }
  }

  @Test func `What means sRGB is no loss, what does not is named`() throws {
    func losses(_ chunks: [UInt8], _ format: PictureFormat = .jpeg) throws -> [String] {
      try Self.read(chunks).metadata.losses(in: format, channels: 3)
    }
    let gamma = pngChunk("gAMA", [0, 0, 0xB1, 0x8F])
    for usual in [
      gamma, gamma + pngChunk("cHRM", Self.primaries), pngChunk("sRGB", [0]), pngChunk("cICP", [1, 13, 0, 1]),
    ] {
      #expect(try losses(usual).isEmpty)
    }
    #expect(try losses(pngChunk("cICP", [12, 13, 0, 1])) == ["the color space (cICP)"])
    #expect(try losses(pngChunk("cICP", [12, 13, 0, 1]), .webp) == ["the color space (cICP)"])
    #expect(try losses(pngChunk("gAMA", [0, 1, 0x86, 0xA0])) == ["the color space (gAMA)"])
    #expect(try losses(pngChunk("cICP", [12, 13, 0, 1]), .png).isEmpty)
    #expect(try losses(pngChunk("tEXt", [UInt8]("Author\0me".utf8)), .png) == ["texts"])
  }

  @Test func `Damaged chunks and those of another length are dropped`() throws {
    let code = pngChunk("cICP", [12, 13, 0, 1])
    for chunk in [code.dropLast() + [0], pngChunk("cICP", [12, 13, 0]), pngChunk("cLLI", [1])] {
      #expect(try Self.read([UInt8](chunk)).metadata == PictureMetadata())
    }
    let behind = try inserting(code, into: Self.picture.pngData(), isBehindPixels: true)
    #expect(try Picture(decoding: behind, name: "behind").metadata.pngColorSpace == nil)
  }
}

struct ICCProfileTests {
  @Test func `A profile describes pictures of its color space only`() {
    #expect(ICCProfile.describes(channels: 3, MetadataFixture.profile("RGB ")))
    #expect(ICCProfile.describes(channels: 1, MetadataFixture.profile("GRAY")))
    #expect(!ICCProfile.describes(channels: 1, MetadataFixture.profile("RGB ")))
    for colorSpace in ["GRAY", "CMYK", "Lab "] {
      #expect(!ICCProfile.describes(channels: 3, MetadataFixture.profile(colorSpace)))
    }
  }

  @Test func `What is cut, lies about its length or has no signature is no profile`() {
    let profile = MetadataFixture.profile("RGB ", length: 200)
    for length in [0, 1, 40, 131, 199] {
      #expect(!ICCProfile.describes(channels: 3, Array(profile.prefix(length))), "\(length) bytes")
    }
    #expect(ICCProfile.describes(channels: 3, profile + [0, 0]), "padding")
    for position in [0, 2, 36, 39] {
      var damaged = profile
      damaged[position] ^= 0x80
      #expect(!ICCProfile.describes(channels: 3, damaged), "byte \(position)")
    }
  }

  @Test func `A profile that fits into no JPEG file is dropped`() {
    let largest = PictureMetadata.maximumItemBytes
    #expect(ICCProfile.describes(channels: 3, MetadataFixture.profile("RGB ", length: largest)))
    #expect(!ICCProfile.describes(channels: 3, MetadataFixture.profile("RGB ", length: largest + 1)))
  }
}
