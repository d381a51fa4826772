import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

struct HoleSurveyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes a gray picture of 8 x 8: a number of pixels of one value, the others of another.
  private func write(_ name: String, _ count: Int, of value: UInt8, others: UInt8 = 0) throws {
    let pixels = (0..<64).map { $0 < count ? value : others }
    try folder.write(Picture(width: 8, height: 8, channels: 1, pixels: pixels).pngData(), to: name)
  }

  private func survey(_ side: Int = 8) throws -> HoleSurvey {
    try HoleSurvey(HolePictures(.folder(folder.path)) { _ in }, width: side, height: side)
  }

  @Test func `Of each file the missing share is found, and files of no use are named with what is in them`() throws {
    try write("a.png", 16, of: 255)
    try write("b.png", 16, of: 1)
    try write("c.png", 64, of: 255)
    try write("d.png", 64, of: 0)
    try write("e.png", 32, of: 200)
    try folder.write("no picture", to: "f.png")
    let survey = try survey()
    #expect(survey.usable.map(\.name) == ["a.png", "e.png"])
    #expect(survey.usable.map(\.missingFraction) == [0.25, 0.5])
    #expect(survey.unusable.map(\.name) == ["b.png", "c.png", "d.png", "f.png"])
    #expect(
      survey.summary.contains("2 of 6 hole pictures of \(folder.path), 25.0 % to 50.0 % missing, 37.5 % on average"))
    #expect(survey.shares == ["a.png: 25.0 % is missing", "e.png: 50.0 % is missing"])
    let warnings = survey.warnings
    try #require(warnings.count == 4)
    #expect(warnings[0].contains("b.png is skipped: nothing is missing: the brightest value found is 1"))
    #expect(warnings[1].contains("c.png is skipped: everything is missing: the darkest value found is 255"))
    #expect(warnings[2].contains("d.png is skipped: nothing is missing: the brightest value found is 0"))
    #expect(warnings[3].contains("f.png"))
  }

  @Test func `Without a file of use it is an error that says what was found and what is missing`() throws {
    for index in 0..<5 { try write("\(index).png", 16, of: 1) }
    let found = try failure { try survey() }
    #expect(found.kind == .data)
    for part in [
      "none among 5", "0.png, 1.png, 2.png and 2 more: ", "brightest value found is 1",
      "128 to 255 are read as missing",
    ] {
      #expect(found.message.contains(part), "\(found.message)")
    }
  }

  @Test func `A file may be of use in one size and cover everything in another`() throws {
    try write("a.png", 63, of: 255)
    try write("b.png", 8, of: 255)
    #expect(try survey(8).unusable.map(\.name).isEmpty)
    let small = try survey(4)
    #expect(small.usable.map(\.name) == ["b.png"])
    #expect(
      small.unusable.first?.reason.contains("everything is missing at 4x4, though 1.56 % of the file is known") == true)
  }

  @Test func `Only ten are named, and opacities are remarked on`() throws {
    for index in 10..<24 { try write("\(index).png", 16, of: 1) }
    let white = Picture(
      width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: 255, count: 64),
      alpha: (0..<64).map { $0 < 16 ? 255 : 0 })
    try folder.write(white.pngData(), to: "alpha.png")
    var black = Picture(width: 8, height: 8, filledWith: [0])
    black.alpha = (0..<64).map { $0 < 32 ? 0 : 255 }
    try folder.write(black.pngData(), to: "black.png")
    let survey = try survey()
    #expect(survey.usable.map(\.missingFraction) == [0.25, 0.5])
    try #require(survey.warnings.count == 13)
    #expect(
      survey.warnings[12].contains("black.png: the colors say nothing") && survey.warnings[12].contains("transparent"))
    #expect(survey.warnings[10] == "4 more hole pictures are skipped.")
    #expect(survey.warnings[11].contains("alpha.png: the colors say nothing, so the opacities are the hole"))
  }
}
