import Kernels

/// The backward pass of reverse-mode differentiation: from an output to its inputs, newest operation first.
///
/// Only it accumulates cotangents, undoes broadcasting, and skips operations that no requested gradient depends on;
/// pullbacks do none of these.
enum BackwardPass {
  static func gradients(of output: Tensor, at sources: [Tensor]) -> [Tensor] {
    precondition(
      output.count == 1, "gradient: expected a result with one element, found shape \(output.shape); reduce it first")
    let wanted = Set(sources.compactMap { $0.node?.number })
    let nodes = path(from: output.node, to: wanted)
    var cotangents: [Int: Tensor] = [:]
    if let last = output.node { cotangents[last.number] = Tensor.ones(output.shape) }
    // Inside another gradient, the tape must outlive this pass, because the outer pass goes through it too.
    let keepsTape = Tape.isRecording
    var found: [Int: Tensor] = [:]
    let numbers = Set(nodes.map(\.number))
    for node in nodes {
      guard let cotangent = cotangents.removeValue(forKey: node.number) else { continue }
      if wanted.contains(node.number) { found[node.number] = cotangent }
      let result = node.outputTensor
      for input in node.inputs where numbers.contains(input.node.number) {
        let contribution = input.pullback(cotangent, result).summed(to: input.node.shape)
        if let sum = cotangents.removeValue(forKey: input.node.number) {
          cotangents[input.node.number] = added(sum, contribution)
        } else {
          cotangents[input.node.number] = contribution
        }
      }
      if !keepsTape { node.release() }
    }
    return sources.map { source in
      source.node.flatMap { found[$0.number] } ?? Tensor.zeros(source.shape)
    }
  }

  /// The nodes on paths from an output to the wanted nodes, both included, newest first.
  private static func path(from last: TapeNode?, to wanted: Set<Int>) -> [TapeNode] {
    guard let last, let oldest = wanted.min() else { return [] }
    var seen: Set<Int> = []
    var reached: [TapeNode] = []
    var waiting = [last]
    while let node = waiting.popLast() {
      // A node older than every source cannot depend on one.
      guard node.number >= oldest, seen.insert(node.number).inserted else { continue }
      precondition(
        !node.isReleased || wanted.contains(node.number),
        "gradient: a tensor was used whose tape has been released; detach it, or take both gradients inside one")
      reached.append(node)
      waiting.append(contentsOf: node.inputs.map(\.node))
    }
    reached.sort { $0.number < $1.number }
    var leads: Set<Int> = []
    let path = reached.filter { node in
      let isOnPath = wanted.contains(node.number) || node.inputs.contains { leads.contains($0.node.number) }
      if isOnPath { leads.insert(node.number) }
      return isOnPath
    }
    return path.reversed()
  }

  /// The sum of two cotangents, in the memory of the first if nothing else references it.
  private static func added(_ sum: consuming Tensor, _ contribution: Tensor) -> Tensor {
    guard !Tape.isRecording, sum.node == nil else { return sum + contribution }
    var total = sum
    total.accumulate(contribution)
    return total
  }
}

extension Tensor {
  /// Adds a tensor of the same shape in place.
  fileprivate mutating func accumulate(_ addend: Tensor) {
    withMutableElements { Kernels.accumulate($0.count, addend.source, into: $0.baseAddress!) }
  }
}
