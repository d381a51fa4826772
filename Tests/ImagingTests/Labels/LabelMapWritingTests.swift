import Testing

@testable import Imaging

struct LabelMapWritingTests {
  @Test("A map comes back from its file", arguments: LabelClasses.builtIn)
  func roundTrip(classes: LabelClasses) throws {
    let values = (0..<17 * 9).map { $0 % 7 == 3 ? LabelMap.ignored : UInt8($0 * 5 % classes.count) }
    let map = LabelMap(width: 17, height: 9, values: values, classes: classes)
    try withTemporaryFolder { folder in
      try map.write(to: folder + "/a.png")
      #expect(try LabelMap(contentsOfFile: folder + "/a.png", classes: classes) == map)
      // A viewer sees the palette.
      #expect(try Picture(contentsOfFile: folder + "/a.png") == map.colors)
    }
    #expect(try map.encodedPNG() == map.encodedPNG())
  }

  @Test func `The file is indexed, with the list's own ids`() throws {
    let classes = LabelClasses.ade150
    let file = try LabelMap(width: 3, height: 1, values: [0, 149, 255], classes: classes).encodedPNG()
    #expect(file[25] == 3)
    let samples = try file.withUnsafeBufferPointer { try PNGDecoder($0).decodeSamples() }
    #expect(samples == [1, 150, 0])
    let palette = try file.withUnsafeBufferPointer { try PNGDecoder($0).palette() }
    #expect(palette?.count == 151 && palette?[150].color == RGB(92, 0, 255))
  }

  @Test func `A spare index in the color of what is ignored is ignored`() throws {
    let faces = LabelClasses.celebAMaskHQ
    let palette = faces.classes.map(\.color) + [RGB](repeating: faces.ignoredColor, count: 237)
    let file = PNGFile.bytes(width: 3, height: 1, type: 3, samples: [1, 40, 255], palette: palette)
    #expect(try LabelMap(decoding: file, name: "a", classes: faces).values == [1, 255, 255])
    let written = try LabelMap(width: 1, height: 1, values: [1], classes: faces).encodedPNG()
    let spare = try written.withUnsafeBufferPointer { try PNGDecoder($0).palette() }
    #expect(spare?.map(\.color) == palette)
  }
}
