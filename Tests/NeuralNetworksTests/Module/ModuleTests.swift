import NeuralNetworks
import Tensors
import Testing

private final class Leaf: TrainingDependent {
  let weight = Parameter(.zeros([2, 3]))
  let bias: Parameter?
  let state: Buffer?
  let size = 3
  var isTraining = true

  init(bias: Bool, state: Bool = false) {
    self.bias = bias ? Parameter(.zeros([3])) : nil
    self.state = state ? Buffer(.zeros([1]), dependsOnSamples: false) : nil
  }
}

private final class Tree: Module {
  let second = Leaf(bias: true, state: true)
  let first = Leaf(bias: false)
  let blocks = [Leaf(bias: true), Leaf(bias: false, state: true)]
  let absent: Leaf? = nil
  let present: Leaf? = Leaf(bias: false)
  let optionalBlocks: [any Module]? = [Leaf(bias: false)]
  let scale = Parameter(.zeros([]))
}

private final class Shared: Module {
  let one: Leaf
  let other: Leaf
  let weight: Parameter
  let state: [Buffer]

  init() {
    one = Leaf(bias: true, state: true)
    other = one
    weight = one.weight
    state = [one.state!, Buffer(.zeros([1]), dependsOnSamples: false)]
  }
}

@Suite struct ModuleTests {
  @Test func `parameters are named by their path, in the order of declaration`() {
    #expect(
      Tree().namedParameters.map(\.name) == [
        "second.weight", "second.bias", "first.weight", "blocks.0.weight", "blocks.0.bias", "blocks.1.weight",
        "present.weight", "optionalBlocks.0.weight", "scale",
      ])
  }

  @Test func `parameters come in the order of their names`() {
    let tree = Tree()
    #expect(tree.parameters.count == 9)
    #expect(zip(tree.parameters, tree.namedParameters).allSatisfy { $0 === $1.parameter })
    #expect(tree.parameters[2] === tree.first.weight)
  }

  @Test func `buffers are found and are no parameters`() {
    #expect(Tree().namedBuffers.map(\.name) == ["second.state", "blocks.1.state"])
  }

  @Test func `the count is that of all elements`() {
    #expect(Tree().parameterCount == 6 * 6 + 3 * 2 + 1)
  }

  @Test func `what is reached twice is listed once, under its first name`() {
    #expect(Shared().namedParameters.map(\.name) == ["one.weight", "one.bias"])
    #expect(Shared().namedBuffers.map(\.name) == ["one.state", "state.1"])
  }

  @Test func `switching to use reaches the whole tree`() {
    let tree = Tree()
    tree.setTraining(false)
    let leaves = [tree.second, tree.first] + tree.blocks + [tree.present!, tree.optionalBlocks![0] as! Leaf]
    #expect(leaves.allSatisfy { !$0.isTraining })
    tree.setTraining(true)
    #expect(leaves.allSatisfy { $0.isTraining })
  }
}
