import Testing

@testable import Tensors

@Suite struct OneHotTests {
  @Test func `a row has a 1 at its position, or nowhere`() {
    let rows = Tensor.oneHot([2, nil, 0, 1], shape: [2, 2, 3])
    #expect(rows.shape == [2, 2, 3] && rows.elements == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0])
  }

  @Test func `a position beyond the axis traps`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.oneHot([0, 3], shape: [2, 3])
    }
    let said = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(said.contains("oneHot: expected a position below 3 for each row of shape [2, 3], found 2 of at most 3"))
  }
}
