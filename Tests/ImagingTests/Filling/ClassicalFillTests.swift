import Synchronization
import Testing

@testable import Imaging
@testable import Support

struct ClassicalFillTests {
  private let picture = Picture.noise(width: 90, height: 70, channels: 3, hasAlpha: true)
  /// A disc, a line along a border, and a speck.
  private let hole = Hole(width: 90, height: 70) { x, y in
    (x - 30) * (x - 30) + (y - 32) * (y - 32) < 300 || x == 89 && y > 20 || x == 70 && y == 5
  }

  private func filled(_ method: ClassicalFill, _ picture: Picture, _ hole: Hole, threads: Int = 2) -> Picture {
    var picture = picture
    method.fill(&picture, hole: hole, threads: threads)
    return picture
  }

  @Test(arguments: ClassicalFill.allCases)
  func `known pixels, opacities and metadata stay, and hidden ones play no part`(method: ClassicalFill) {
    var other = picture
    for value in other.pixels.indices where hole.values[value / 3] != 0 { other.pixels[value] ^= 255 }
    let result = filled(method, picture, hole)
    #expect(filled(method, other, hole) == result)
    #expect(result.alpha == picture.alpha && result.metadata == picture.metadata)
    #expect(picture.pixels.indices.allSatisfy { hole.values[$0 / 3] != 0 || result.pixels[$0] == picture.pixels[$0] })
  }

  @Test(arguments: ClassicalFill.allCases)
  func `the number of threads plays no part`(method: ClassicalFill) {
    let one = filled(method, picture, hole, threads: 1)
    for threads in [2, 5] { #expect(filled(method, picture, hole, threads: threads) == one) }
  }

  /// Answers that become true after some of them, and a count of all.
  private final class Questions: Sendable {
    private let count = Atomic(0)
    private let patience: Int

    init(patience: Int) { self.patience = patience }

    var asked: Int { count.load(ordering: .relaxed) }
    func isCancelled() -> Bool { count.wrappingAdd(1, ordering: .relaxed).oldValue >= patience }
  }

  @Test(arguments: ClassicalFill.allCases, [1, 4])
  func `a filling is asked round by round whether it is wanted, and ends soon if not`(
    method: ClassicalFill, threads: Int
  ) {
    // Two parts; the first takes many rounds.
    let picture = Picture.noise(width: 420, height: 110, channels: 3)
    let hole = Hole(width: 420, height: 110) { x, y in
      (10..<60).contains(x) && (10..<60).contains(y) || x == 410 && y > 60
    }
    func fill(_ questions: Questions) -> (picture: Picture, parts: [Int]) {
      var (filled, parts) = (picture, [Int]())
      method.fill(&filled, hole: hole, threads: threads, isCancelled: questions.isCancelled) { parts += [$0, $1] }
      return (filled, parts)
    }
    let patient = Questions(patience: .max)
    let whole = fill(patient)
    #expect(whole.picture == filled(method, picture, hole) && whole.parts == [0, 2, 1, 2])
    // One question per part, and several per part's rounds.
    #expect(patient.asked > 8, "\(patient.asked)")
    let impatient = Questions(patience: 4)
    let ended = fill(impatient)
    #expect(ended.parts == [0, 2] && impatient.asked <= patient.asked / 2 + 16, "\(impatient.asked)")
    let last = hole.values.indices.filter { $0 % 420 == 410 }
    #expect(last.allSatisfy { ended.picture.pixels[3 * $0] == picture.pixels[3 * $0] })
    #expect(fill(Questions(patience: 0)).picture == picture)
  }

  @Test func `part by part is what filling all at once gives`() {
    // Three parts, each filled by itself.
    let picture = Picture.noise(width: 420, height: 50, channels: 3)
    let hole = Hole(width: 420, height: 50) { x, y in
      (x - 30) * (x - 30) + (y - 32) * (y - 32) < 300 || x == 419 && y > 20 || x == 210 && y == 5
    }
    let harmonic = HarmonicFill.fill(PictureValues(picture), hole: hole)
    let marched = FastMarchingFill.fill(PictureValues(picture), hole: hole).picture
    let result = filled(.harmonic, picture, hole)
    // Both are solved to a thousandth of a level, which may still be rounded to either side.
    #expect(zip(result.pixels, harmonic.values).allSatisfy { abs(Double($0) - $1 * 255) < 0.51 })
    #expect(filled(.telea, picture, hole).pixels == marched.pixels)
  }

  @Test(arguments: ClassicalFill.allCases)
  func `gray stays gray, in one channel and in three`(method: ClassicalFill) {
    let gray = picture.gray()
    let one = filled(method, gray, hole)
    let three = filled(method, gray.rgb(), hole)
    #expect(one.channels == 1 && three.pixels == one.rgb().pixels)
  }

  @Test(arguments: ClassicalFill.allCases)
  func `where nothing is known all becomes mid-gray, and without a hole nothing changes`(method: ClassicalFill) {
    #expect(filled(method, picture, Hole(width: 90, height: 70) { _, _ in true }).pixels.allSatisfy { $0 == 128 })
    #expect(filled(method, picture, Hole(width: 90, height: 70)) == picture)
    for (width, height) in [(1, 1), (3, 1), (1, 9), (8, 8)] {
      let small = Picture.noise(width: width, height: height, channels: 3)
      let result = filled(method, small, Hole(width: width, height: height) { x, y in x + y == 0 })
      #expect(result.pixels.dropFirst(3) == small.pixels.dropFirst(3))
    }
  }

  @Test(arguments: ClassicalFill.allCases)
  func `memory follows the hole and not the picture`(method: ClassicalFill) {
    func bytes(_ side: Int) -> Int {
      method.workingBytes(for: Hole(width: side, height: side) { x, y in x > 500 && x < 520 && y > 500 && y < 520 })
    }
    #expect(bytes(1000) == bytes(2000) && bytes(1000) > 0)
  }
}
