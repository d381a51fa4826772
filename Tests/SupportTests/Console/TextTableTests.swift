import Support
import Testing

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

  @Test func `headings stand on lines of their own and widen no column`() {
    var table = TextTable(numbersUnder: ["L1 (%)"])
    table.append(heading: "All pictures")
    table.append(["Model", "1.5"])
    table.append(["Mean color", "12.25 ± 0.01"])
    #expect(
      table.lines.joined(separator: "\n") == """
                          L1 (%)
        All pictures
        Model                1.5
        Mean color  12.25 ± 0.01
        """)
  }

  @Test func `without rows there are the titles`() {
    #expect(TextTable([("a", .right), ("b", .left)]).lines == ["a  b"])
  }
}
