import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Inpainting

struct LoadedTaskTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func load(
    _ image: String, _ hole: String?, sketch: String? = nil, labels: String? = nil, to output: String = "out.png",
    _ convention: HoleConvention = .white, classes: LabelClasses? = nil
  ) throws -> LoadedTask {
    try LoadedTask(
      InpaintingTask(
        name: image, picture: folder.file(image), hole: hole.map(folder.file),
        sketch: sketch.map(folder.file), labels: labels.map(folder.file), output: OutputFile(path: output)),
      convention: convention, classes: classes)
  }

  @Test func `another size of the hole is an error that names both`() throws {
    try folder.add(.noise(width: 3, height: 2), "a.png")
    try folder.add(.noise(width: 2, height: 3), "h.png")
    let failure = failure { _ = try load("a.png", "h.png") }
    #expect(failure?.kind == .data)
    #expect(failure?.message.contains("3x2") == true && failure?.message.contains("2x3") == true)
  }

  @Test func `a sketch is read as its lines are, and has its picture's size`() throws {
    try folder.add(.noise(width: 4, height: 4), "a.png")
    try folder.add(.hole(width: 4, height: 4, PixelRectangle(0, 0, 2, 2)), "h.png")
    var white = Picture(width: 4, height: 4, filledWith: [0])
    white.pixels[5] = 255
    let black = Picture(width: 4, height: 4, channels: 1, pixels: white.pixels.map { 255 - $0 })
    for (name, picture, description) in [
      ("white.png", white, "lines white on black"), ("black.png", black, "lines black on white"),
    ] {
      try folder.add(picture, name)
      let loaded = try load("a.png", "h.png", sketch: name)
      let edges = loaded.example.conditions[.edges] as? EdgeMap
      #expect(edges?.values == white.pixels.map { $0 / 255 })
      #expect(loaded.conditionDescription == "along " + description && loaded.remarks.isEmpty)
    }
    try folder.add(.noise(width: 4, height: 5), "other.png")
    let failure = failure { _ = try load("a.png", "h.png", sketch: "other.png") }
    #expect(failure?.kind == .data)
    #expect(failure?.message.contains("expected a picture of lines of 4x4, the size of") == true)
    #expect(try load("a.png", "h.png").example.conditions[.edges] == nil)
  }

  @Test func `a label map is read by ids or colors, and what it asks for in the hole is said`() throws {
    let classes = LabelClasses(
      name: "test", classes: ["sky", "road", "car"].enumerated().map { .init(name: $1, color: RGB(UInt8($0), 90, 9)) })
    try folder.add(.noise(width: 4, height: 4), "a.png")
    try folder.add(.hole(width: 4, height: 4, PixelRectangle(0, 0, 4, 2)), "h.png")
    let values: [UInt8] = [1, 1, 1, 2, 1, 2, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0]
    let map = LabelMap(width: 4, height: 4, values: values, classes: classes)
    try map.write(to: folder.file("ids.png"))
    try folder.add(map.colors, "colors.png")
    for name in ["ids.png", "colors.png"] {
      let loaded = try load("a.png", "h.png", labels: name, classes: classes)
      let requested = loaded.example.conditions[.requestedLabels(classes)] as? RequestedLabels
      #expect(requested?.map == map)
      #expect(loaded.conditionDescription == "by labels (road 50 %, car 25 %, left to the network 25 %)")
      #expect(loaded.remarks.isEmpty)
    }
    let empty = LabelMap(width: 4, height: 4, values: values.map { $0 == 0 ? 0 : 255 }, classes: classes)
    try empty.write(to: folder.file("empty.png"))
    #expect(
      try load("a.png", "h.png", labels: "empty.png", classes: classes).remarks.map { $0.text() } == [
        "\(folder.file("empty.png")): no pixel of the hole has a class, so that the network's own labels stay"
      ])
    try LabelMap(ignoredOfWidth: 5, height: 4, classes: classes).write(to: folder.file("other.png"))
    let wrongSize = failure { _ = try load("a.png", "h.png", labels: "other.png", classes: classes) }
    #expect(wrongSize?.message.contains("expected a label map of 4x4, the size of") == true)
    try folder.add(.noise(width: 4, height: 4), "noise.png")
    let foreign = failure { _ = try load("a.png", "h.png", labels: "noise.png", classes: classes) }
    #expect(foreign?.kind == .data && foreign?.message.contains("is not in the palette of test") == true)
  }

  @Test func `nearly everything missing is a hint at the other convention`() throws {
    try folder.add(.noise(width: 10, height: 10), "a.png")
    try folder.add(.hole(width: 10, height: 10, PixelRectangle(0, 0, 10, 9)), "ninety.png")
    try folder.add(.hole(width: 10, height: 10, PixelRectangle(0, 0, 10, 9), PixelRectangle(0, 9, 5, 1)), "more.png")
    try folder.add(.hole(width: 10, height: 10, PixelRectangle(0, 0, 10, 10)), "all.png")
    #expect(try load("a.png", "ninety.png").remarks.isEmpty)
    let hint = try load("a.png", "more.png").remarks
    #expect(hint.count == 1 && hint[0].text().contains("95 %") && hint[0].text().contains("`convention: black`"))
    let all = try load("a.png", "all.png").remarks.first?.text() ?? ""
    #expect(
      all.contains("everything is missing: the darkest value found is 255") && all.contains("`convention: black`"))
    #expect(try load("a.png", "all.png", .black).remarks.isEmpty)
  }

  @Test func `a mask of low values is refused with the brightest one and what to do, by either convention`() throws {
    try folder.add(.noise(width: 4, height: 4), "a.png")
    for (name, value) in [("one.png", [UInt8(1)]), ("palette.png", [0, 64, 127])] {
      try folder.add(Picture(width: 4, height: 4, filledWith: value), name)
      for convention in [HoleConvention.white, .black] {
        let failure = failure { _ = try load("a.png", name, convention) }
        #expect(failure?.kind == .data)
        let message = failure?.message ?? ""
        #expect(
          message.hasPrefix(folder.file(name)) && message.contains("brightest value found is \(value.max() ?? 0),"))
        #expect(message.contains("multiply its values"))
      }
    }
  }

  @Test func `an empty hole tells the brightest value`() throws {
    try folder.add(.noise(width: 4, height: 4), "a.png")
    try folder.add(.hole("....", "....", "....", "...."), "h.png")
    #expect(
      try load("a.png", "h.png").fault?.contains("h.png: nothing is missing: the brightest value found is 0") == true)
  }

  @Test
  func `a hole in the opacities of a hole picture is read, and it is said what to do if it is the wrong way round`()
    throws
  {
    try folder.add(.noise(width: 4, height: 1), "a.png")
    var mask = Picture(width: 4, height: 1, filledWith: [255, 255, 255])
    mask.alpha = [0, 255, 255, 0]
    try folder.add(mask, "h.png")
    let loaded = try load("a.png", "h.png")
    #expect(loaded.example.hole.values == [0, 1, 1, 0])
    let remark = try #require(loaded.remarks.first).text()
    #expect(loaded.remarks.count == 1 && remark.contains("opacities are the hole, and opaque pixels are missing"))
    #expect(remark.contains("if the transparent ones are, use `convention: black`"))
    let other = try load("a.png", "h.png", .black)
    #expect(other.example.hole.values == [1, 0, 0, 1])
    #expect(other.remarks.first?.text().contains("if the opaque ones are, use `convention: white`") == true)
  }

  @Test func `transparent pixels are the hole and become opaque, others keep their opacity`() throws {
    var picture = Picture.noise(width: 4, height: 1)
    picture.alpha = [0, 127, 128, 255]
    try folder.add(picture, "a.png")
    let loaded = try load("a.png", nil, .alpha)
    #expect(loaded.example.hole.values == [1, 1, 0, 0])
    #expect(loaded.example.picture.alpha == [255, 255, 128, 255])
    try folder.add(.noise(width: 4, height: 1), "opaque.png")
    #expect(failure { _ = try load("opaque.png", nil, .alpha) }?.kind == .data)
  }

  @Test func `opacities that JPEG will lose are remarked on`() throws {
    try folder.add(.noise(width: 4, height: 4, hasAlpha: true), "a.png")
    try folder.add(.hole("#...", "....", "....", "...."), "h.png")
    #expect(try load("a.png", "h.png", to: "out.jpg").remarks.count == 1)
    #expect(try load("a.png", "h.png", to: "out.webp").remarks.isEmpty)
  }

  @Test func `what the output cannot hold is one remark`() throws {
    var picture = Picture.noise(width: 4, height: 4)
    picture.metadata.exif = [UInt8]("MM\0*\0\0\0\u{8}\0\u{1}\u{1}\u{12}\0\u{3}\0\0\0\u{1}\0\u{1}\0\0\0\0\0\0".utf8)
    picture.metadata.resolution = Resolution(horizontal: 300, vertical: 300, unit: .inch)
    try folder.add(picture, "a.jpg")
    try folder.add(.hole("#...", "....", "....", "...."), "h.png")
    #expect(
      try load("a.jpg", "h.png", to: "out.webp").remarks == ["a.jpg: left out of the output: the resolution"]
    )
    #expect(try load("a.jpg", "h.png", to: "out.png").remarks.isEmpty)
    #expect(try load("a.jpg", "h.png", to: "out.jpg").remarks.isEmpty)
  }

  @Test func `a larger picture than the limit is refused before it is read`() throws {
    try folder.add(Picture(width: 2000, height: 1001, filledWith: [1]), "a.png")
    try folder.cut("a.png", to: 60)
    let task = InpaintingTask(
      name: "a.png", picture: folder.file("a.png"), hole: nil, sketch: nil, labels: nil,
      output: try OutputFile(path: "out.png"))
    let tooLarge = failure { _ = try LoadedTask(task, convention: .alpha, maxMegapixels: 2) }
    #expect(tooLarge?.kind == .data)
    #expect(tooLarge?.message.contains("at most 2 megapixels, found a header that claims 2000x1001 pixels") == true)
    #expect(tooLarge?.message.contains("raise `maxMegapixels`") == true)
    let cut = failure { _ = try LoadedTask(task, convention: .alpha, maxMegapixels: 3) }
    #expect(cut?.message.contains("cannot be decoded") == true)
  }

  @Test func `pictures that cannot be read are failures with their names`() throws {
    try folder.add(.noise(width: 40, height: 40), "a.png")
    try folder.cut("a.png", to: 500)
    try folder.add(.noise(width: 40, height: 40), "h.png")
    let truncated = failure { _ = try load("a.png", "h.png") }
    #expect(truncated?.kind == .data && truncated?.message.contains(folder.file("a.png")) == true)
    #expect(failure { _ = try load("none.png", "h.png") }?.kind == .missingInput)
  }

  private func load(_ image: String, _ hole: String?, _ convention: HoleConvention) throws -> LoadedTask {
    try load(image, hole, to: "out.png", convention)
  }
}
