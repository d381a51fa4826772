import Testing

@testable import Training

@Suite struct TextTableTests {
  @Test func `columns are as wide as their widest cell, each on its side`() {
    var table = TextTable([("name", .left), ("ms", .right), ("how", .left)])
    table.append(["96→192", "1.5", "fast"])
    table.append(["", "20.25", ""])
    #expect(
      table.lines == [
        "name       ms  how",
        "96→192    1.5  fast",
        "        20.25",
      ])
  }

  @Test func `without rows there are the titles`() {
    #expect(TextTable([("a", .right), ("b", .left)]).lines == ["a  b"])
  }
}
