import Testing

@testable import Evaluation

@Suite struct FileTypeTallyTests {
  @Test func `the most frequent come first, then by name`() {
    var tally = FileTypeTally()
    for type in ["PNG", "WebP", "JPEG", "JPEG", nil, "JPEG", "PNG"] { tally.add(type) }
    #expect(tally.text == "3 JPEG, 2 PNG, 1 WebP, 1 built-in")
  }
}
