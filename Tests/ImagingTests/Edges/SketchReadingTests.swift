import Support
import Testing

@testable import Imaging

struct SketchReadingTests {
  /// A picture of a row a string: each letter a color and an opacity.
  private func picture(_ rows: String...) -> Picture {
    let colors: [Character: [UInt8]] = [
      "w": [255, 255, 255, 255], "b": [0, 0, 0, 255], "r": [200, 0, 0, 255], "y": [255, 230, 0, 255],
      "u": [0, 60, 180, 255], "g": [128, 128, 128, 255], "f": [180, 180, 180, 255], "1": [1, 1, 1, 255],
      // Transparent white, transparent black, and black and white that are half there.
      "W": [255, 255, 255, 0], "B": [0, 0, 0, 0], "h": [0, 0, 0, 100], "H": [0, 0, 0, 150], "v": [255, 255, 255, 150],
    ]
    let pixels = rows.joined().map { colors[$0]! }
    let alpha = pixels.map { $0[3] }
    return Picture(
      width: rows[0].count, height: rows.count, channels: 3, pixels: pixels.flatMap { $0.prefix(3) },
      alpha: alpha.allSatisfy { $0 == 255 } ? nil : alpha)
  }

  /// The pixels of a row that are lines, and which color they are.
  private func found(_ row: String, lines: SketchReading.Lines? = nil) -> String {
    let reading = SketchReading(picture(row), lines: lines)
    return "\(reading.lines): " + reading.edges.values.map { $0 == 1 ? "#" : "." }.joined()
  }

  @Test(arguments: [
    ("bbwbb", "white: ..#.."), ("wwbww", "black: ..#.."),
    // Any color is a line on either ground.
    ("wrwyw", "black: .#.#."), ("bbrby", "white: ..#.#"),
    // On colored paper the brightness tells.
    ("uuwuu", "white: ..#.."), ("yybyy", "black: ..#.."),
    // As much of one as of the other: white on black.
    ("bbww", "white: ..##"),
  ])
  func `Lines are what there is less of, whichever color they are`(row: String, expected: String) {
    #expect(found(row) == expected)
  }

  @Test(arguments: [
    ("BBbBB", "black: ..#.."), ("WWwWW", "white: ..#.."), ("BBwBB", "white: ..#.."), ("WWbWW", "black: ..#.."),
    ("BhHbB", "black: ..##."), ("BBvBB", "white: ..#.."), ("BBrBB", "white: ..#.."),
    // Paper on a canvas that is larger.
    ("BBBBwwbww", "black: ......#.."),
  ])
  func `A transparent canvas is ground, whatever color it is stored as`(row: String, expected: String) {
    #expect(found(row) == expected)
  }

  @Test func `The threshold is at half of the range`() {
    let levels = Picture(width: 4, height: 1, channels: 1, pixels: [0, 127, 128, 255])
    #expect(SketchReading(levels, lines: .white).edges.values == [0, 0, 1, 1])
    #expect(SketchReading(levels, lines: .black).edges.values == [1, 1, 0, 0])
  }

  @Test func `Whoever says which lines are meant is believed`() {
    #expect(found("wwbww", lines: .white) == "white: ##.##")
    #expect(found("wwbww", lines: .black) == "black: ..#..")
    #expect(
      SketchReading(picture("wwbww"), lines: .white).remark == "80.0 % of it are lines, if they are white on black")
    #expect(SketchReading(picture("uuwuu"), lines: .white).edges == .edges("..#.."))
  }

  @Test func `Pictures of one color have no lines, and the remark says what was found`() {
    for (row, remark) in [
      ("www", "the darkest value found is 255, and black lines are of 0 to 127"),
      ("fff", "the darkest value found is 180, and black lines are of 0 to 127"),
      ("bbb", "the brightest value found is 0, and white lines are of 128 to 255"),
      (
        "b1b",
        "the brightest value found is 1, and white lines are of 128 to 255; multiply its values, so that the brightest "
          + "is 255"
      ),
    ] {
      let reading = SketchReading(picture(row))
      #expect(reading.edges.count == 0 && reading.lineShare == 0)
      #expect(reading.remark == "it shows no lines: " + remark)
    }
    #expect(SketchReading(picture("BBB")).edges.count == 0)
  }

  @Test func `The share of values in between is told from 1 % on`() {
    func sketch(_ uncertain: Int) -> SketchReading {
      let pixels = (0..<200).map { index in index < uncertain ? 64 + 127 * UInt8(index % 2) : index < 40 ? 255 : 63 }
      return SketchReading(Picture(width: 20, height: 10, channels: 1, pixels: pixels))
    }
    #expect(sketch(2).uncertainShare == 0.01 && sketch(2).remark == nil)
    #expect(sketch(3).uncertainShare == 0.015)
    #expect(
      sketch(3).remark
        == "1.5 % of its pixels are between a quarter and three quarters of the range, neither black nor white; those that "
        + "are nearer to white are lines")
  }

  @Test func `A line that JPEG has rung around is read from its file`() throws {
    let drawn = Picture(width: 48, height: 40) { x, y, _ in (x + y) % 24 < 2 ? 0 : 255 }
    try withTemporaryFolder { folder in
      let path = folder + "/lines.jpg"
      try drawn.write(to: path, quality: 30)
      let reading = try SketchReading(contentsOfFile: path)
      #expect(reading.lines == .black && reading.edges == SketchReading(drawn).edges)
      #expect(reading.remark?.contains("neither black nor white") == true)
    }
    #expect(throws: Failure.self) { try SketchReading(contentsOfFile: "/nowhere/lines.png") }
  }
}
