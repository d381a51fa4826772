import Testing

@testable import Evaluation
@testable import Support

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
