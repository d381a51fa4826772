import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct EdgesTests {
  private func settings(_ json: JSONValue) throws -> EdgeSettings {
    let root = try JSONReader(["edges": json], source: "test")
    let settings = try EdgeSettings(root.object("edges"))
    try root.finish()
    return settings
  }

  private func preparation(
    _ json: JSONValue, validates: Bool = false, crop: Crop = .random, flip: Bool = true
  ) throws -> ExamplePreparation {
    let source = try settings(json).source(validates: validates) { _ in }
    return ExamplePreparation(
      size: 32, crop: crop, flip: flip, holes: BoxHoles(pictureSize: 32), conditions: [.edges], sources: [source],
      seed: 3)
  }

  private func edges(_ example: Example) -> EdgeMap? { example.conditions[.edges] as? EdgeMap }

  @Test func `edges are found in what an example shows, whole`() throws {
    let scenes = try PictureCollection(.builtIn(.objects), seed: 1)
    for number in 0..<4 {
      let example = try preparation(["absent": 0, "keep": [1, 1], "dilation": [0, 0], "shift": [0, 0]])
        .example(number: number, picture: number, of: scenes)
      #expect(edges(example) == CannyDetector().edges(of: example.picture))
    }
    let scene = ProceduralScene(seed: 1, index: 0, size: 32)
    let drawn = try preparation(["kind": "scene"], validates: true, crop: .resize, flip: false)
      .example(number: 0, picture: 0, of: scenes)
    #expect(edges(drawn) == scene.edges && scene.edges.values.contains(1))
  }

  @Test func `training leaves lines out as the example's number says, and validation none`() throws {
    let scenes = try PictureCollection(.builtIn(.objects), seed: 1)
    let training = try preparation(["absent": 0.5])
    let found = try (0..<12).map { edges(try training.example(number: $0, picture: 0, of: scenes)) }
    #expect(found == (try (0..<12).map { edges(try training.example(number: $0, picture: 0, of: scenes)) }))
    let empty = found.filter { $0?.values.contains(1) == false }.count
    #expect((2...10).contains(empty))
    let validation = try preparation(["absent": 1], validates: true)
    let example = try validation.example(number: 0, picture: 0, of: scenes)
    #expect(edges(example) == CannyDetector().edges(of: example.picture))
  }

  @Test func `files are cropped and mirrored as their pictures are, and are no pictures themselves`() throws {
    let folder = try TemporaryFolder()
    // Each picture is black with a white line, which is its own sketch.
    for name in ["a.jpeg", "b.webp"] {
      var picture = Picture(width: 50, height: 40, filledWith: [0, 0, 0])
      for row in 0..<40 { for channel in 0..<3 { picture.pixels[(row * 50 + 12) * 3 + channel] = 255 } }
      try folder.write(try picture.pngData(), to: name)
      try folder.write(try picture.pngData(), to: PairedFiles.stem(of: name) + "_edge.png")
    }
    let settings = try settings(["kind": "files", "absent": 0, "keep": [1, 1], "dilation": [0, 0], "shift": [0, 0]])
    let listing = try PictureSource(folder.path).listing()
    let rest = listing.without(settings.companions(among: listing.pictures))
    #expect(rest.pictures.map(\.name) == ["a.jpeg", "b.webp"])
    let pictures = PictureCollection(files: rest.pictures)
    let source = try settings.source(validates: false) { _ in }
    try source.check(pictures)
    let preparation = ExamplePreparation(
      size: 40, crop: .random, cropShare: 1...1, flip: true, holes: BoxHoles(pictureSize: 40), sources: [source],
      seed: 1)
    var columns: Set<Int> = []
    for number in 0..<16 {
      let example = try preparation.example(number: number, picture: number % 2, of: pictures)
      let bright = (0..<40).filter { example.picture.pixels[$0 * 3] > 200 }
      #expect((0..<40).filter { edges(example)?.values[$0] == 1 } == bright)
      columns.formUnion(bright)
    }
    #expect(columns.count > 4)
  }

  @Test func `pictures without their files are counted and named before the first step`() throws {
    let folder = try TemporaryFolder()
    for number in 10..<25 { try folder.writePicture(value: 9, to: "in/\(number).png") }
    try folder.writePicture(value: 9, to: "lines/10.png")
    try folder.writePicture(value: 9, to: "lines/11_edge.jpg")
    let pictures = try PictureCollection(.folder(folder.path + "/in"), seed: 0)
    let source = try settings(["kind": "files", "path": JSONValue(folder.path + "/lines")]).source(validates: false) {
      _ in
    }
    let found = try failure { try source.check(pictures) }
    #expect(found.kind == .missingInput)
    #expect(
      found.message.hasPrefix("the pictures: expected one edge picture each, found none for 13 of 15, 12.png, 13.png, ")
    )
    #expect(found.message.contains("21.png and 3 more; for the first one it would be \(folder.path)/lines/12.png or "))
    let beside = try settings(["kind": "files"]).source(validates: false) { _ in }
    #expect(try failure { try beside.check(pictures) }.message.contains("none for 15 of 15"))
    let builtIn = try failure { try beside.check(PictureCollection(.builtIn(.objects), seed: 0)) }
    #expect(builtIn.kind == .configuration)
    let scene = try settings(["kind": "scene"]).source(validates: false) { _ in }
    #expect(try failure { try scene.check(pictures) }.message.contains("found \"scene\""))
  }

  @Test func `a list's column names the lines of its pictures`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(value: 9, to: "a b.png")
    try folder.writePicture(value: 9, to: "lines/x.png")
    try folder.write("a b.png\tlines/x.png\n", to: "list.txt")
    let pictures = try PictureCollection(PictureSource(folder.file("list.txt")), seed: 0)
    let source = try settings(["kind": "files", "column": 2]).source(validates: false) { _ in }
    try source.check(pictures)
    let third = try settings(["kind": "files", "column": 3]).source(validates: false) { _ in }
    #expect(try failure { try third.check(pictures) }.message.contains("column 3 of its line"))
  }

  @Test func `lines of another size than their picture's are refused with both`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(value: 9, to: "a.png")
    try folder.writePicture(value: 9, width: 21, height: 16, to: "a_edge.png")
    let pictures = PictureCollection(files: [ListedPicture(name: "a.png", path: folder.file("a.png"))])
    let found = try failure {
      try preparation(["kind": "files"]).example(number: 0, picture: 0, of: pictures)
    }
    #expect(found.kind == .data)
    #expect(found.message == "\(folder.file("a_edge.png")): expected the size of its picture, 20x16, found 21x16.")
  }

  static let faults: [(json: JSONValue, key: String)] = [
    (["kind": "hed"], "edges.kind"), (["absent": 2], "edges.absent"), (["keep": [0.5, 0.2]], "`keep`"),
    (["dilation": [3, 1]], "`dilation`"), (["low": 0.3, "high": 0.2], "`low`"),
    (["kind": "scene", "sigma": 2], "sigma"),
    (["kind": "files", "path": "a", "column": 2], "`column`"), (["kind": "files", "column": 1], "edges.column"),
    (["kind": "files", "validation_path": "a"], "`validation_path`"),
  ]

  @Test(arguments: faults.indices)
  func `what cannot be meant is refused by key`(_ index: Int) throws {
    let found = try failure { try settings(Self.faults[index].json) }
    #expect(found.kind == .configuration && found.message.contains(Self.faults[index].key))
  }
}
