import Testing

@testable import Evaluation

@Suite struct TextTableTests {
  @Test func `numbers line up on the right, names on the left`() {
    var table = TextTable(header: ["", "L1 (%)"])
    table.add(heading: "All pictures")
    table.add(row: ["Model", "1.5"])
    table.add(row: ["Mean colour", "12.25 ± 0.01"])
    #expect(
      table.text == """
                           L1 (%)
        All pictures
        Model                 1.5
        Mean colour  12.25 ± 0.01
        """)
  }
}
