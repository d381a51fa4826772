import Foundation
import Testing

@testable import Imaging
@testable import Support

struct PartMasksTests {
  private func withMasks(_ masks: [String: [UInt8]], width: Int = 4, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (name, pixels) in masks {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(atPath: Path.parent(of: path), withIntermediateDirectories: true)
        try Picture(width: width, height: pixels.count / width, channels: 1, pixels: pixels).write(to: path)
      }
      try body(folder)
    }
  }

  private let face: [String: [UInt8]] = [
    "0/00123_skin.png": [0, 255, 255, 255], "0/00123_hair.png": [255, 0, 0, 1], "0/00123_l_eye.png": [0, 0, 255, 0],
    "0/00124_skin.png": [255, 255, 255, 255],
  ]

  @Test func `Masks are painted in the list's order, whatever the order of the classes`() throws {
    try withMasks(face) { folder in
      #expect(try PartMasks(folder: folder).labelMap(forStem: "123")?.values == [13, 1, 4, 13])
      #expect(try PartMasks(folder: folder).labelMap(forStem: "CelebA-HQ-img/00123")?.values == [13, 1, 4, 13])
      let second = try PartMasks(folder: folder, classes: .celebAMaskHQSecond)
      #expect(try second.labelMap(forStem: "123")?.values == [17, 1, 4, 17])
      let files = second.files(forStem: "123").map { String($0.dropFirst(folder.count)) }
      #expect(files == ["/0/00123_skin.png", "/0/00123_l_eye.png", "/0/00123_hair.png"])
    }
  }

  @Test func `2000 pictures have a folder, and what no mask covers is background`() throws {
    try withMasks(["14/29999_nose.png": [0, 0, 200, 0], "1/02000_hat.png": [0, 0, 0, 0]]) { folder in
      let masks = try PartMasks(folder: folder)
      #expect(try masks.labelMap(forStem: "29999")?.values == [0, 0, 2, 0])
      #expect(try masks.labelMap(forStem: "2000")?.values == [0, 0, 0, 0])
    }
  }

  @Test func `A picture without a mask is missing`() throws {
    try withMasks(face) { folder in
      let masks = try PartMasks(folder: folder)
      for stem in ["125", "2123", "face", "-123", "+123", "", "99999999999999999999"] {
        #expect(try masks.labelMap(forStem: stem) == nil && masks.files(forStem: stem).isEmpty)
      }
    }
  }

  @Test func `Masks of one picture have one size`() throws {
    try withMasks(face) { folder in
      let path = folder + "/0/00123_hat.png"
      try Picture(width: 2, height: 2, channels: 1, pixels: [0, 0, 0, 0]).write(to: path)
      let masks = try PartMasks(folder: folder)
      let failure = try #require(throws: Failure.self) { _ = try masks.labelMap(forStem: "123") }
      #expect(failure.kind == .data)
      #expect(failure.message == "\(path): expected a part mask of 4x1, as the picture's others, found 2x2")
    }
  }

  @Test func `A missing folder and a list without the parts are errors`() throws {
    #expect(try #require(throws: Failure.self) { _ = try PartMasks(folder: "/nowhere") }.kind == .missingInput)
    let failure = try #require(throws: Failure.self) { _ = try PartMasks(folder: "/", classes: .camVid) }
    #expect(failure.kind == .configuration && failure.message.hasSuffix("found no \"background\""))
  }
}
