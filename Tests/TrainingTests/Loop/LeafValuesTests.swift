import Testing

@testable import Training

@Suite struct TreeSumTests {
  private func sum(_ leaves: Range<Int>) -> TreeSum<String> {
    var sum = TreeSum<String> { "(\($0) \($1))" }
    for leaf in leaves { sum.append("\(leaf)", of: leaf) }
    return sum
  }

  @Test(arguments: [
    (1, "0"), (2, "(0 1)"), (3, "((0 1) 2)"), (4, "((0 1) (2 3))"), (5, "(((0 1) (2 3)) 4)"),
    (6, "(((0 1) (2 3)) (4 5))"), (7, "(((0 1) (2 3)) ((4 5) 6))"),
    (12, "((((0 1) (2 3)) ((4 5) (6 7))) ((8 9) (10 11)))"),
  ])
  func `ranges split at the largest power of two below their length`(_ count: Int, _ tree: String) {
    #expect(sum(0..<count).total(of: count) == tree)
  }

  @Test(arguments: [1, 2, 3, 4, 6, 7, 8, 12, 16])
  func `the tree is the same however its leaves are spread over processes`(_ count: Int) {
    let alone = sum(0..<count).total(of: count)
    for processes in 1...count {
      var joined = sum(0..<0)
      for rank in 0..<processes {
        joined.subtrees += sum(count * rank / processes..<count * (rank + 1) / processes).subtrees
      }
      #expect(joined.total(of: count) == alone)
    }
  }

  @Test func `few sums wait for other leaves`() {
    for count in 1...40 {
      var sum = sum(0..<0)
      var most = 0
      for leaf in 0..<count {
        most = max(most, sum.subtrees.count)
        sum.append("", of: leaf)
      }
      #expect(most == TreeSum<String>.mostKept(leafCount: count))
    }
    #expect(TreeSum<String>.mostKept(leafCount: 16) == 4)
  }
}
