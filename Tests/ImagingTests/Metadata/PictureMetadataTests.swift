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
