import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Evaluation
@testable import Support

@Suite struct EvaluationHolesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ picture: Picture, _ name: String) throws {
    try FileWriter.writeAtomically(picture.pngData(), to: folder.file(name))
  }

  private func holes(_ pictures: String...) throws -> EvaluationHoles {
    let files = try EvaluationHoles.listing(folder.path)?.pictures
    return try EvaluationHoles(folder.path, files: files, pictures: pictures, seed: 0)
  }

  /// The sentence with which a hole is refused.
  private func refusal(_ holes: EvaluationHoles, _ name: String, size: Int = 20) -> String? {
    do {
      _ = try holes.hole(forPicture: name, rule: SquareRule(size: size))
      return nil
    } catch {
      return (error as? Failure).flatMap { $0.kind == .data ? $0.message : nil }
    }
  }

  @Test func `a hole is cut to the square in the middle`() throws {
    for (name, column) in [("a.png", 12), ("b.png", 25)] {
      try write(Hole(width: 40, height: 20) { x, _ in x == column }.picture, name)
    }
    let holes = try holes("a.jpg", "b.jpg")
    #expect(holes.description.hasSuffix("by name"))
    #expect(
      try holes.hole(forPicture: "a.jpg", rule: SquareRule(size: 20)).hole
        == Hole(width: 20, height: 20) { x, _ in x == 2 })
    #expect(try holes.hole(forPicture: "b.jpg", rule: SquareRule(size: 40)).hole.missingCount == 80)
    #expect(refusal(holes, "c.jpg")?.contains("no hole of the name c") == true)
  }

  @Test func `thin scratches are kept in a small size`() throws {
    try write(Hole(width: 512, height: 512) { x, _ in x == 301 }.picture, "a.png")
    let hole = try holes("a.jpg").hole(forPicture: "a.jpg", rule: SquareRule(size: 64)).hole
    #expect(hole == Hole(width: 64, height: 64) { x, _ in x == 301 / 8 })
  }

  @Test func `holes of nothing or everything are refused with what was found in the file`() throws {
    for (name, level) in [("a.png", UInt8(0)), ("b.png", 255), ("c.png", 1)] {
      try write(Picture(width: 20, height: 20, filledWith: [level]), name)
    }
    // Nothing is missing in the middle.
    try write(Hole(width: 40, height: 20) { x, _ in x == 0 }.picture, "d.png")
    let holes = try holes("a.jpg", "b.jpg", "c.jpg", "d.jpg")
    #expect(refusal(holes, "a.jpg")?.contains("a.png: nothing is missing: the brightest value found is 0") == true)
    #expect(refusal(holes, "b.jpg")?.contains("b.png: everything is missing: the darkest value found is 255") == true)
    let faint = refusal(holes, "c.jpg") ?? ""
    #expect(faint.contains("the brightest value found is 1") && faint.contains("multiply its values"))
    #expect(refusal(holes, "d.jpg")?.contains("nothing is missing in the square in the middle at 20x20") == true)
  }

  @Test func `a hole in the opacities is read, with a remark`() throws {
    let alpha: [UInt8] = (0..<400).map { $0 < 40 ? 255 : 0 }
    try write(
      Picture(width: 20, height: 20, channels: 1, pixels: [UInt8](repeating: 255, count: 400), alpha: alpha), "a.png")
    let (hole, remark) = try holes("a.jpg").hole(forPicture: "a.jpg", rule: SquareRule(size: 20))
    #expect(hole.missingCount == 40)
    #expect(remark?.contains("a.png: the colors say nothing, so the opacities are the hole") == true)
  }

  @Test func `files that are the pictures themselves are no holes`() {
    #expect {
      _ = try EvaluationHoles("photos", files: [], pictures: ["a.jpg"], seed: 0)
    } throws: {
      ($0 as? Failure)?.kind == .data && ($0 as? Failure)?.message.contains("never its own hole") == true
    }
  }
}
