import Imaging
import Tensors
import TestSupport
import Testing

@testable import Inpainting
@testable import Support

struct InpaintingRunTests {
  private let folder: TemporaryFolder
  private let console = Console(descriptor: -1, isTerminal: false)

  init() throws { folder = try TemporaryFolder() }

  private func run(
    _ image: String, _ hole: String?, _ output: String, _ change: (inout InpaintingRequest) -> Void = { _ in }
  ) throws -> InpaintingSummary {
    var request = folder.request(image, hole, output)
    change(&request)
    return try InpaintingRun(request, console: console).run(model: PaintingModel([9, 8, 7]), trainedSize: 32)
  }

  @Test func `one picture is filled and told about`() throws {
    try folder.add(.noise(width: 20, height: 10), "a.png")
    try folder.add(.hole(width: 20, height: 10, PixelRectangle(4, 4, 5, 2)), "h.png")
    let summary = try run("a.png", "h.png", "new/folder/out.png")
    #expect(summary.line == "\(folder.file("new/folder/out.png")): filled 5.0 % of 20x10 pixels")
    #expect(try folder.picture("new/folder/out.png").pixel(5, 5) == [9, 8, 7])
    #expect(summary.isComplete)
  }

  @Test(arguments: ClassicalFill.allCases)
  func `a method fills without a network, one picture or a folder`(method: ClassicalFill) throws {
    var picture = Picture.noise(width: 40, height: 30, hasAlpha: true)
    picture.metadata.resolution = Resolution(horizontal: 300, vertical: 300, unit: .inch)
    try folder.add(picture, "in/a.png")
    try folder.add(picture.gray(), "in/b.png")
    try folder.cut("in/b.png", to: 100)
    try folder.add(picture.gray(), "in/c.png")
    let rectangle = PixelRectangle(4, 4, 5, 2)
    try folder.add(.hole(width: 40, height: 30, rectangle), "h.png")
    func run(_ image: String, _ output: String) throws -> InpaintingSummary {
      var request = folder.request(image, "h.png", output)
      request.method = method
      return try InpaintingRun(request, console: console).run(by: method)
    }
    let one = try run("in/a.png", "one.png")
    #expect(one.line == "\(folder.file("one.png")): filled 0.8 % of 40x30 pixels")
    let summary = try run("in", "out")
    #expect((summary.done, summary.skipped) == (2, 1))
    #expect(try folder.picture("out/a.png") == folder.picture("one.png"))
    var expected = try folder.picture("in/a.png")
    method.fill(&expected, hole: .hole(width: 40, height: 30, rectangle), threads: 1)
    #expect(try folder.picture("one.png") == expected && expected.pixel(5, 5) != picture.pixel(5, 5))
    #expect(try Picture(contentsOfFile: folder.file("out/c.png"), keepsGray: true).channels == 1)
  }

  @Test func `patches are drawn by the seed`() throws {
    let rectangle = PixelRectangle(20, 20, 24, 24)
    try folder.add(.noise(width: 64, height: 64), "a.png")
    try folder.add(.hole(width: 64, height: 64, rectangle), "h.png")
    var request = folder.request("a.png", "h.png", "out.png")
    (request.method, request.seed) = (.patches, 5)
    _ = try InpaintingRun(request, console: console).run(by: .patches)
    func filled(_ seed: UInt64) throws -> Picture {
      try ClassicalFill.patches.fill(
        folder.picture("a.png"), hole: .hole(width: 64, height: 64, rectangle), seed: seed)
    }
    #expect(try folder.picture("out.png") == filled(5) && filled(5) != filled(0))
  }

  @Test func `a prediction is pasted as it is asked for`() throws {
    let picture = Picture(width: 40, height: 30, filledWith: [100, 110, 120])
    try folder.add(picture, "a.png")
    try folder.add(.hole(width: 40, height: 30, PixelRectangle(10, 8, 12, 9)), "h.png")
    for pasting: Pasting? in [nil, .plain, .seamless] {
      _ = try run("a.png", "h.png", "out.png") { ($0.pasting, $0.overwrites) = (pasting, true) }
      // The network is off by the same everywhere, and so nothing of it is left.
      #expect(try folder.picture("out.png").pixel(15, 12) == (pasting == .seamless ? [100, 110, 120] : [9, 8, 7]))
    }
  }

  @Test(arguments: ["png", "jpg"])
  func `a gray file stays gray`(ending: String) throws {
    for hasAlpha in [false, true] {
      var picture = Picture.noise(width: 20, height: 10, hasAlpha: hasAlpha).gray()
      picture.metadata.resolution = Resolution(horizontal: 300, vertical: 300, unit: .inch)
      try folder.add(picture, "a.png")
      try folder.add(.hole(width: 20, height: 10, PixelRectangle(4, 4, 5, 2)), "h.png")
      _ = try run("a.png", "h.png", "out.\(ending)") { $0.overwrites = true }
      let written = try Picture(contentsOfFile: folder.file("out.\(ending)"), keepsGray: true)
      #expect(written.channels == 1 && written.metadata.resolution != nil)
      #expect(written.alpha == (ending == "png" ? picture.alpha : nil))
      if ending == "png" { #expect(written.pixel(5, 5) == [8] && written.pixel(0, 0) == picture.pixel(0, 0)) }
    }
  }

  @Test func `amounts are rounded down`() throws {
    try folder.add(.noise(width: 100, height: 50), "a.png")
    try folder.add(.hole(width: 100, height: 50, PixelRectangle(0, 0, 100, 49), PixelRectangle(0, 49, 99, 1)), "h.png")
    #expect(try run("a.png", "h.png", "out.png").line.text().contains("filled 99.9 % of"))
    try folder.add(.hole(width: 100, height: 50, PixelRectangle(0, 0, 100, 50)), "all.png")
    #expect(try run("a.png", "all.png", "all-out.png").line.text().contains("filled 100.0 % of"))
    try folder.add(.hole(width: 100, height: 50, PixelRectangle(0, 0, 4, 1)), "few.png")
    #expect(try run("a.png", "few.png", "few-out.png").line.text().contains("filled less than 0.1 % of"))
  }

  @Test func `an empty hole copies the picture and says so`() throws {
    try folder.add(.noise(width: 4, height: 4), "a.jpg")
    try folder.add(.hole("....", "....", "....", "...."), "h.png")
    let line = try run("a.jpg", "h.png", "out.jpg").line.text()
    #expect(
      line.contains("the hole is empty") && line.contains("h.png: nothing is missing: the brightest value found is 0"))
    #expect(try FileReader.read(folder.file("out.jpg")) == FileReader.read(folder.file("a.jpg")))
  }

  @Test func `an output that exists is never replaced by accident`() throws {
    for name in ["a.png", "out.png"] { try folder.add(.noise(width: 4, height: 4), name) }
    try folder.add(.hole("#...", "....", "....", "...."), "h.png")
    #expect(failure { _ = try run("a.png", "h.png", "out.png") }?.kind == .exists)
    _ = try run("a.png", "h.png", "out.png") { $0.overwrites = true }
    #expect(try folder.picture("out.png").pixel(0, 0) == [9, 8, 7])
  }

  @Test func `pictures whose names are no UTF-8 are filled under the same names`() throws {
    let (inner, name) = (String(pathBytes: [0x64, 0xF4]), String(pathBytes: [0x63, 0xE9]))
    let picture = Picture.noise(width: 12, height: 12)
    let hole = Picture.hole(width: 12, height: 12, PixelRectangle(3, 3, 4, 4))
    for (parent, picture) in [("in", picture), ("holes", hole)] {
      try FileWriter.createFolder(folder.file(parent + "/" + inner))
      for name in [inner + "/" + name, name] {
        try FileWriter.writeAtomically(picture.pngData(), to: folder.file(parent + "/" + name + ".png"))
      }
    }
    let summary = try run("in", "holes", "out" + inner)
    #expect((summary.done, summary.skipped) == (2, 0))
    for name in [inner + "/" + name, name] {
      #expect(try folder.picture("out" + inner + "/" + name + ".png").pixel(4, 4) == [9, 8, 7])
    }
    let one = try run("in/" + name + ".png", "holes/" + name + ".png", name + ".jpg")
    #expect(one.isComplete && Path.existsUnfollowed(folder.file(name + ".jpg")))
    let refused = failure {
      _ = try run("in/" + name + ".png", "holes/" + name + ".png", "in/./" + name + ".png") { $0.overwrites = true }
    }
    #expect(
      refused?.kind == .usage && refused?.line().contains("in/./c\\xE9.png: the output would replace an input") == true)
  }

  @Test func `of a folder, what can be filled is filled and the rest is skipped`() throws {
    for name in ["in/a.png", "in/deep/b.jpg", "in/c.png", "in/d.png", "in/e.png"] {
      try folder.add(.noise(width: 12, height: 12), name)
    }
    try folder.cut("in/c.png", to: 100)
    for name in ["holes/a.png", "holes/deep/b.png", "holes/c.png"] {
      try folder.add(.hole(width: 12, height: 12, PixelRectangle(3, 3, 4, 4)), name)
    }
    try folder.add(.hole(width: 9, height: 9), "holes/d.png")
    let summary = try run("in", "holes", "out")
    #expect((summary.done, summary.skipped, summary.existing) == (2, 3, 0))
    #expect(summary.line == "2 done, 3 skipped" && !summary.isComplete)
    #expect(try folder.picture("out/a.png").pixel(4, 4) == [9, 8, 7])
    #expect(Path.existsUnfollowed(folder.file("out/deep/b.jpg")) && !Path.existsUnfollowed(folder.file("out/c.png")))

    // What is there already is left alone, and the others are tried again.
    let again = try run("in", "holes", "out")
    #expect((again.done, again.skipped, again.existing) == (0, 3, 2))
    #expect(again.line.text().hasPrefix("0 done, 5 skipped (2 because"))
  }

  @Test func `results that cannot be written end the run`() throws {
    for name in ["in/a.png", "in/b.png"] { try folder.add(.noise(width: 4, height: 4), name) }
    try folder.add(.hole("#...", "....", "....", "...."), "h.png")
    // A folder in the place of the first output.
    try folder.add(.noise(width: 1, height: 1), "out/a.png/x.png")
    #expect(failure { _ = try run("in", "h.png", "out") { $0.overwrites = true } }?.kind == .inputOutput)
  }

  @Test func `opacities, profile and EXIF data are kept`() throws {
    var picture = Picture.noise(width: 40, height: 40, hasAlpha: true)
    picture.metadata.exif = [UInt8]("MM\0*\0\0\0\u{8}\0\u{1}\u{1}\u{12}\0\u{3}\0\0\0\u{1}\0\u{1}\0\0\0\0\0\0".utf8)
    try folder.add(picture, "a.png")
    try folder.add(.hole(width: 40, height: 40, PixelRectangle(3, 3, 4, 4)), "h.png")
    let stored = try folder.picture("a.png")
    #expect(stored.metadata.exif != nil)
    for output in ["out.png", "out.webp"] {
      _ = try run("a.png", "h.png", output) { $0.strategy = .crop }
      let written = try folder.picture(output)
      #expect(written.metadata == stored.metadata && written.alpha == picture.alpha)
    }
  }
}
