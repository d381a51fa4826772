import Testing

@testable import Imaging

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
    let largest = PictureMetadata.largestItem
    #expect(ICCProfile.describes(channels: 3, MetadataFixture.profile("RGB ", length: largest)))
    #expect(!ICCProfile.describes(channels: 3, MetadataFixture.profile("RGB ", length: largest + 1)))
  }
}
