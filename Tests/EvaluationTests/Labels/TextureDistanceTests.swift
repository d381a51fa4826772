import Imaging
import InpaintingData
import TestSupport
import Testing

@testable import Evaluation

@Suite struct TextureDistanceTests {
  private static let classes = LabelClasses(
    name: "two", classes: ["a", "b"].enumerated().map { .init(name: $1, color: RGB(UInt8($0), 0, 0)) })

  private static func picture(_ level: (Int, Int) -> Int) -> Picture {
    Picture(
      width: 32, height: 32, channels: 3,
      pixels: (0..<1024).flatMap { [UInt8](repeating: UInt8(level($0 % 32, $0 / 32)), count: 3) })
  }

  private let hole = Hole(width: 32, height: 32) { x, y in (8..<24).contains(x) && (8..<24).contains(y) }
  /// Stripes on the left, a chessboard on the right.
  private let original = picture { x, y in x < 16 ? (y % 2 == 0 ? 60 : 180) : ((x / 3 + y / 3) % 2 == 0 ? 60 : 180) }
  private let truth = LabelMap(width: 32, height: 32, values: (0..<1024).map { $0 % 32 < 16 ? 0 : 1 }, classes: classes)

  private func distance(_ filled: Picture, truth: LabelMap? = nil) -> Double? {
    var distance = TextureDistance()
    distance.add(Example(picture: original, hole: hole, name: "x"), truth: truth ?? self.truth, filled: filled)
    return distance.ratio
  }

  /// The original outside of the hole, another picture inside of it.
  private func filled(_ level: @escaping (Int, Int) -> Int) -> Picture {
    Self.picture { [original, hole] x, y in
      hole.values[y * 32 + x] == 0 ? Int(original.pixels[3 * (y * 32 + x)]) : level(x, y)
    }
  }

  @Test func `the original has no distance, and what has no texture has nearly one`() throws {
    #expect(distance(original) == 0)
    let flat = try #require(distance(filled { _, _ in 120 }))
    #expect(flat > 0.5 && flat < 1)
    // Textures that trade places are no nearer to those of their classes, and another phase of the same ones is.
    let phase = try #require(
      distance(filled { x, y in x < 16 ? (y % 2 == 0 ? 180 : 60) : ((x / 3 + y / 3) % 2 == 0 ? 180 : 60) }))
    let traded = try #require(
      distance(filled { x, y in x >= 16 ? (y % 2 == 0 ? 60 : 180) : ((x / 3 + y / 3) % 2 == 0 ? 60 : 180) }))
    #expect(phase < flat && phase < 0.8 * traded, "\(phase), \(flat), \(traded)")
  }

  @Test func `known pixels and those of no class do not count`() throws {
    let partly = Self.picture { [hole] x, y in
      let own = Int(original.pixels[3 * (y * 32 + x)])
      // Filters reach five pixels across the border of the hole.
      return hole.values[y * 32 + x] == 0 && (x < 2 || x > 29 || y < 2 || y > 29) ? 255 - own : own
    }
    #expect(distance(partly) == 0)
    let none = LabelMap(ignoredOfWidth: 32, height: 32, classes: Self.classes)
    #expect(distance(filled { _, _ in 0 }, truth: none) == nil)
    var left = truth
    for pixel in left.values.indices where pixel % 32 >= 16 { left.values[pixel] = LabelMap.ignored }
    // The right half alone is changed, beyond what filters of the left one see.
    let right = Self.picture { x, y in
      x >= 22 && x < 24 && y >= 8 && y < 24 ? 0 : Int(original.pixels[3 * (y * 32 + x)])
    }
    #expect(distance(right, truth: left) == 0)
    #expect(try #require(distance(right)) > 0)
  }
}
