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
    #expect(refusal(holes, "c.jpg")?.contains("expected a hole of the name c") == true)
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

@Suite struct GeneratedHolesTests {
  /// The hash of a series of holes.
  private static func hash(seed: UInt64, size: Int, count: Int) -> String {
    var hash = SHA256()
    for number in 0..<count {
      hash.add(GeneratedHoles(seed: seed).hole(forPicture: "folder/picture \(number).jpg", size: size).values)
    }
    return hash.text
  }

  @Test func `holes never change`() {
    // Whoever changes these numbers makes all older reports incomparable.
    #expect(Self.hash(seed: 0, size: 256, count: 40).prefix(16) == "85a53e2cf957cc65")
    #expect(Self.hash(seed: 7, size: 64, count: 40).prefix(16) == "c898e260ed4be2e7")
  }

  @Test(arguments: [16, 64, 256])
  func `every hole is of a class, and every class has its share`(size: Int) {
    var counts = [Int](repeating: 0, count: HoleRatio.all.count)
    for number in 0..<300 {
      let hole = GeneratedHoles(seed: 3).hole(forPicture: "\(number).png", size: size)
      let index = HoleRatio.all.firstIndex { $0.contains(missing: hole.missingCount, of: size * size) }
      if let index { counts[index] += 1 }
    }
    #expect(counts.reduce(0, +) == 300)
    #expect(counts.allSatisfy { $0 >= 30 })
  }

  @Test func `seed, name and size each make other holes`() {
    func values(_ seed: UInt64, _ name: String) -> [UInt8] {
      GeneratedHoles(seed: seed).hole(forPicture: name, size: 64).values
    }
    #expect(values(1, "a.jpg") == values(1, "a.jpg"))
    #expect(values(1, "a.jpg") != values(2, "a.jpg"))
    #expect(values(1, "a.jpg") != values(1, "b.jpg"))
  }
}

@Suite struct HoleFilesTests {
  private func files(_ names: [String], pictures: [String], seed: UInt64 = 0) throws -> HoleFiles {
    try HoleFiles(names.map { ListedPicture(name: $0, path: "/holes/" + $0) }, pictures: pictures, seed: seed)
  }

  @Test func `a hole of a picture's name belongs to it, and one without its own has none`() throws {
    let files = try files(["a.png", "b.png"], pictures: ["a.jpg", "b.jpg", "c.jpg"])
    #expect(files.isByName)
    #expect(files.files(forPicture: "b.jpg").map(\.name) == ["b.png"])
    #expect(files.files(forPicture: "c.jpg").isEmpty)
  }

  @Test func `a picture may have several with suffixes`() throws {
    let files = try files(["a_mask001.png", "a_mask002.png", "b_mask.png"], pictures: ["a.png", "b.png"])
    #expect(files.isByName)
    #expect(files.files(forPicture: "a.png").map(\.name) == ["a_mask001.png", "a_mask002.png"])
    #expect(files.files(forPicture: "b.png").map(\.name) == ["b_mask.png"])
  }

  @Test func `two holes of one name are refused`() throws {
    #expect {
      _ = try files(["a.png", "a.PNG"], pictures: ["a.jpg"])
    } throws: {
      ($0 as? Failure)?.kind == .data
    }
  }

  @Test func `holes without pictures' names are dealt out by seed and name`() throws {
    let names = (0..<30).map { "\($0).jpg" }
    func choices(_ seed: UInt64) throws -> [String] {
      let files = try files((0..<8).map { "hole\($0).png" }, pictures: names, seed: seed)
      return names.flatMap { files.files(forPicture: $0).map(\.name) }
    }
    let first = try choices(1)
    #expect(first.count == 30)
    #expect(try choices(1) == first)
    #expect(try choices(2) != first)
    #expect(Set(first).count > 4)
  }
}

@Suite struct HoleRatioTests {
  @Test func `the classes follow one another without gap or overlap`() {
    #expect(HoleRatio.all.map(\.key) == ["0.01-0.1", "0.1-0.2", "0.2-0.3", "0.3-0.4", "0.4-0.5", "0.5-0.6"])
    for missing in 0...1000 {
      let classes = HoleRatio.all.filter { $0.contains(missing: missing, of: 1000) }
      #expect(classes.count == (missing > 10 && missing <= 600 ? 1 : 0))
    }
  }

  @Test(arguments: [256, 65_536, 63 * 63])
  func `the counts of a class are those that it contains`(count: Int) {
    for ratio in HoleRatio.all {
      let contained = (0...count).filter { ratio.contains(missing: $0, of: count) }
      #expect(contained == Array(ratio.missingCounts(of: count)))
    }
  }
}
