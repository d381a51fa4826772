import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct LabelsTests {
  private func settings(_ json: JSONValue) throws -> LabelSettings {
    let root = try JSONReader(["labels": json], source: "test")
    let settings = try LabelSettings(root.object("labels"))
    try root.finish()
    return settings
  }

  private func preparation(_ source: any ConditionSource, size: Int = 16, flip: Bool = false) -> ExamplePreparation {
    ExamplePreparation(
      size: size, crop: .random, cropShare: 1...1, flip: flip, holes: BoxHoles(pictureSize: size), sources: [source],
      seed: 2)
  }

  private func labels(_ example: Example, _ classes: LabelClasses) -> LabelMap? {
    example.conditions[.labels(classes)] as? LabelMap
  }

  @Test(arguments: ProceduralScene.Kind.allCases)
  func `built-in pictures come with their classes, cropped and mirrored alike`(_ kind: ProceduralScene.Kind) throws {
    let source = try settings(["classes": .init(kind.classes.name)]).source(validates: false) { _ in }
    let scenes = try PictureCollection(.builtIn(kind), seed: 4)
    try source.check(scenes)
    for number in 0..<6 {
      let scene = ProceduralScene(kind, seed: 4, index: number, size: 16)
      let example = try preparation(source, flip: true).example(number: number, picture: number, of: scenes)
      let expected = example.picture == scene.picture ? scene.labels : scene.labels.flippedHorizontally()
      #expect(labels(example, kind.classes) == expected)
    }
    let other = try settings(["classes": "camvid"]).source(validates: false) { _ in }
    #expect(try failure { try other.check(scenes) }.message.contains("expected \"\(kind.classes.name)\""))
  }

  @Test func `a batch has a channel a class, and nothing where a pixel belongs to none`() {
    let classes = LabelClasses.camVid
    let map = LabelMap(width: 2, height: 1, values: [3, LabelMap.ignored], classes: classes)
    let example = Example(
      picture: Picture(width: 2, height: 1, filledWith: [0]), hole: Hole(width: 2, height: 1),
      conditions: Conditions([map]), name: "x")
    let batch = InpaintingBatch([example], conditions: [.labels(classes)])
    let expected = (0..<22).map { $0 == 3 ? 1 : 0 as Scalar }
    #expect(batch[.labels(classes)]?.elements == expected && batch[.labels(classes)]?.shape == [1, 1, 2, 11])
  }

  @Test func `maps of a folder are read by their classes, and remapped`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(value: 7, width: 16, height: 16, to: "in/a.jpg")
    try folder.write(
      Picture(width: 16, height: 16, channels: 1, pixels: (0..<256).map { $0 % 16 < 8 ? 3 : 11 }).pngData(),
      to: "maps/a.png")
    let pictures = try PictureCollection(.folder(folder.path + "/in"), seed: 0)
    let path = JSONValue(folder.path + "/maps")
    let source = try settings(["classes": "camvid", "path": path]).source(validates: false) { _ in }
    try source.check(pictures)
    let map = labels(try preparation(source).example(number: 0, picture: 0, of: pictures), .camVid)
    #expect(map?.values == (0..<256).map { $0 % 16 < 8 ? 3 : LabelMap.ignored })
    let remapped = try settings(["classes": "camvid", "path": path, "remap": ["3": "Sky", "11": "Car"]])
      .source(validates: false) { _ in }
    let other = labels(try preparation(remapped).example(number: 0, picture: 0, of: pictures), .camVid)
    #expect(other?.values == (0..<256).map { $0 % 16 < 8 ? 0 : 8 })
  }

  @Test func `pictures without a map are of no class, and counted`() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b"] { try folder.writePicture(value: 7, width: 16, height: 16, to: "in/\(name).jpg") }
    try folder.write(Picture(width: 16, height: 16, filledWith: [3]).pngData(), to: "maps/a_labels.png")
    let pictures = try PictureCollection(.folder(folder.path + "/in"), seed: 0)
    let settings = try settings(["classes": "camvid", "path": JSONValue(folder.path + "/maps")])
    let source = try settings.source(validates: false) { _ in }
    try source.check(pictures)
    let coverage = try #require(try source.coverage(of: pictures))
    #expect(coverage.summary == "label maps of 1 of 2 pictures")
    #expect(coverage.remark == "1 of 2 pictures have no label map, and are used without: b.jpg.")
    let maps = try (0..<2).map {
      try labels(preparation(source).example(number: 0, picture: $0, of: pictures), .camVid)
    }
    #expect(maps[0]?.values == [UInt8](repeating: 3, count: 256))
    #expect(maps[1] == LabelMap(ignoredOfWidth: 16, height: 16, classes: .camVid))
    // What is compared with true maps needs all of them.
    let strict = try LabelSettings.files(in: folder.path + "/maps", classes: .camVid)
    let missing = try failure { try strict.check(pictures) }
    #expect(missing.kind == .missingInput)
    #expect(try strict.coverage(of: pictures) == nil)
    #expect(
      missing.message.hasPrefix(
        "the pictures: expected one label map each, found none for 1 of 2, b.jpg; for the first one it would be "))
    // Where no picture has one, somebody has named another folder.
    try folder.writePicture(value: 7, width: 16, height: 16, to: "other/c.jpg")
    let other = try PictureCollection(.folder(folder.path + "/other"), seed: 0)
    let none = try failure { try source.check(other) }
    #expect(none.kind == .missingInput)
    #expect(
      none.message
        == "the pictures: expected label maps, found none for any of 1; for the first one it would be "
        + "\(folder.path)/maps/c.png or "
        + "\(folder.path)/maps/c_labels.png.")
    // Those held out for validation may be few.
    try settings.source(validates: true) { _ in }.check(other)
  }

  @Test func `a map of another size is refused`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(value: 7, width: 16, height: 16, to: "in/a.jpg")
    try folder.write(Picture(width: 16, height: 15, filledWith: [3]).pngData(), to: "maps/a_labels.png")
    let pictures = try PictureCollection(.folder(folder.path + "/in"), seed: 0)
    let source = try settings(["classes": "camvid", "path": JSONValue(folder.path + "/maps")])
      .source(validates: false) { _ in }
    let size = try failure { try preparation(source).example(number: 0, picture: 0, of: pictures) }
    #expect(size.message.contains("a_labels.png: expected a label map of the picture's size 16x16, found 16x15"))
    let scene = try settings(["classes": "camvid"]).source(validates: false) { _ in }
    #expect(try failure { try scene.check(pictures) }.message.contains("expected a `path` or a `column`"))
  }

  @Test func `parts of faces are put together in the pictures' size`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(value: 7, width: 16, height: 16, to: "in/7.jpg")
    try folder.writePicture(value: 7, width: 16, height: 16, to: "in/8.jpg")
    for (part, columns) in [("skin", 0..<6), ("hair", 4..<8)] {
      let pixels = (0..<64).map { columns.contains($0 % 8) ? UInt8(255) : 0 }
      try folder.write(
        Picture(width: 8, height: 8, channels: 1, pixels: pixels).pngData(), to: "parts/0/00007_\(part).png")
    }
    let pictures = try PictureCollection(.folder(folder.path + "/in"), seed: 0)
    let source = try settings([
      "classes": "celebamask_hq", "layout": "celebamask_hq_parts", "path": JSONValue(folder.path + "/parts"),
    ]).source(validates: false) { _ in }
    try source.check(pictures)
    #expect(try source.coverage(of: pictures)?.summary == "part masks of 1 of 2 pictures")
    let map = labels(try preparation(source).example(number: 0, picture: 0, of: pictures), .celebAMaskHQ)
    let other = labels(try preparation(source).example(number: 0, picture: 1, of: pictures), .celebAMaskHQ)
    #expect(other?.values == [UInt8](repeating: LabelMap.ignored, count: 256))
    let (skin, hair) = (LabelClasses.celebAMaskHQ.index(named: "skin"), LabelClasses.celebAMaskHQ.index(named: "hair"))
    #expect(map?.values == (0..<256).map { $0 % 16 < 8 ? skin : hair })
  }

  static let faults: [(json: JSONValue, key: String)] = [
    (["classes": "camvit"], "did you mean \"camvid\""), (["classes": "camvid", "remap": ["3": "Sky"]], "`remap`"),
    (["layout": "celebamask_hq_parts"], "`path`"),
    (["classes": "camvid", "path": "a", "remap": ["3": "sky"]], "\"Sky\""),
    (["palette": 1], "labels.palette"),
  ]

  @Test(arguments: faults.indices)
  func `what cannot be meant is refused`(_ index: Int) throws {
    #expect(try failure { try settings(Self.faults[index].json) }.message.contains(Self.faults[index].key))
  }
}
