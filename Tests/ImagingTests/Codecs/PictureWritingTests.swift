import Testing

@testable import Imaging
@testable import Support

struct PictureWritingTests {
  private static let picture = Picture.noise(width: 20, height: 10, channels: 3)

  @Test(
    "The extension decides the format",
    arguments: [
      ("a.jpg", PictureFormat.jpeg), ("a.b.JPEG", .jpeg), ("a.png", .png), ("a.webp", .webp), (".WebP", .webp),
    ])
  func format(name: String, format: PictureFormat) throws {
    try withTemporaryFolder { folder in
      try Self.picture.write(to: folder + "/" + name)
      #expect(try PictureHeader(ofFile: folder + "/" + name).format == format)
      let read = try Picture(contentsOfFile: folder + "/" + name)
      if format != .jpeg { #expect(read == Self.picture) }
    }
  }

  @Test func `The quality reaches the file`() throws {
    try withTemporaryFolder { folder in
      for name in ["a.jpg", "a.webp"] {
        try Self.picture.write(to: folder + "/" + name)
        let usual = try Picture(contentsOfFile: folder + "/" + name)
        try Self.picture.write(to: folder + "/" + name, quality: 5)
        #expect(try Picture(contentsOfFile: folder + "/" + name) != usual)
      }
    }
  }

  @Test(arguments: [
    ("a.gif", "found .gif"), ("png", "found no extension"), ("a.png/b", "found no extension"),
    ("", "found no extension"),
  ])
  func `Another extension is refused with those that work`(path: String, found: String) throws {
    let failure = try #require(throws: Failure.self) { try Self.picture.write(to: path) }
    #expect(failure.kind == .usage)
    #expect(
      failure.message.hasPrefix(
        path + ": expected a picture's name that ends in .jpg, .jpeg, .jfif, .jpe, .png or .webp"))
    #expect(failure.message.contains(found))
  }

  @Test(arguments: [("a.png", 90), ("a.jpg", 0), ("a.webp", 101), ("a.jpg", Int.min)])
  func `A quality that cannot be had is refused`(path: String, quality: Int) throws {
    let failure = try #require(throws: Failure.self) { try Self.picture.write(to: path, quality: quality) }
    #expect(failure.kind == .usage)
    #expect(failure.message.hasPrefix(path))
    #expect(failure.message.contains("found \(quality)"))
  }

  @Test func `What cannot be written says so and leaves the old file`() throws {
    let long = Picture(width: 16_384, height: 1, filledWith: [0])
    try withTemporaryFolder { folder in
      let path = folder + "/a.webp"
      try Self.picture.write(to: path)
      let failure = try #require(throws: Failure.self) { try long.write(to: path) }
      #expect(failure.message.hasPrefix(path + ": "))
      #expect(try Picture(contentsOfFile: path) == Self.picture)
    }
    let missing = try #require(throws: Failure.self) { try Self.picture.write(to: "/nonexistent/a.png") }
    #expect(missing.kind == .inputOutput)
  }
}

struct EncodedBytesTests {
  private struct Full: Error {}

  @Test("What taking the bytes throws ends the encoder and is thrown", arguments: PictureFormat.allCases, [0, 2000])
  func failure(format: PictureFormat, room: Int) throws {
    let picture = Picture.noise(width: 300, height: 300, channels: 3, hasAlpha: format != .jpeg)
    var taken = 0
    let bytes = EncodedByteSink {
      taken += $0.count
      if taken > room { throw Full() }
    }
    #expect(throws: Full.self) {
      switch format {
      case .jpeg: try picture.writeJPEG(quality: 95, to: bytes)
      case .png: try picture.writePNG(to: bytes)
      case .webp:
        try picture.webpData().withUnsafeBytes { _ = bytes.take($0.baseAddress, count: $0.count) }
        try bytes.throwFailure()
      }
    }
    let takenAtFailure = taken
    #expect(!bytes.take(nil, count: 0) && taken == takenAtFailure, "nothing more is taken")
  }
}
