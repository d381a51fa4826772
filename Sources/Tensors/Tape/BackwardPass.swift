import Kernels

/// The backward pass of reverse-mode differentiation: from an output to its inputs, newest operation first.
///
/// Only it accumulates cotangents, undoes broadcasting, and skips operations that no requested gradient depends on;
/// pullbacks do none of these.
enum BackwardPass {
  /// - Parameter whenWhole: Gets each source's gradient as soon as nothing more is added to it.
  /// - Returns: The gradients at the sources, in their order; zeros where the output does not depend on one.
  static func gradients(
    of output: Tensor, at sources: [Tensor], whenWhole: ((_ gradient: Tensor, _ index: Int) -> Void)? = nil
  ) -> [Tensor] {
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
    var missing = whenWhole.map { MissingParts(of: sources, nodes, whenWhole: $0) }
    for node in nodes {
      guard let cotangent = cotangents.removeValue(forKey: node.number) else { continue }
      if wanted.contains(node.number) { found[node.number] = cotangent }
      let result = node.outputTensor
      for input in node.inputs where numbers.contains(input.node.number) {
        let number = input.node.number
        if var sum = cotangents.removeValue(forKey: number) {
          add(input, cotangent, result, to: &sum)
          cotangents[number] = sum
        } else {
          cotangents[number] = input.pullback(cotangent, result).summed(to: input.node.shape)
        }
        missing?.partWasAdded(to: input.node.number) { cotangents[input.node.number] }
      }
      if !keepsTape { node.release() }
    }
    let gradients = sources.map { source in
      source.node.flatMap { found[$0.number] } ?? Tensor.zeros(source.shape)
    }
    missing?.walkEnded(gradients)
    return gradients
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

  /// Adds the gradient of an operation's input to the sum of those before.
  private static func add(_ input: TapeInput, _ cotangent: Tensor, _ output: Tensor, to sum: inout Tensor) {
    let isRecorded = Tape.isRecording || sum.node != nil
    if !isRecorded, let partialSum = input.partialSum { return partialSum(cotangent, &sum) }
    var contribution = input.pullback(cotangent, output).summed(to: input.node.shape)
    // In the memory of either, if nothing else references it.
    if isRecorded {
      sum = sum + contribution
    } else if sum.isUnshared {
      sum.accumulate(contribution)
    } else if contribution.node == nil, contribution.isUnshared {
      contribution.accumulate(sum)
      sum = contribution
    } else {
      sum = sum + contribution
    }
  }
}

/// The parts that the gradients at a walk's sources still lack.
private struct MissingParts {
  private let whenWhole: (_ gradient: Tensor, _ index: Int) -> Void
  /// The positions of sources that nobody was told of yet, by the number of their node.
  private var positions: [Int: [Int]] = [:]
  /// The numbers of parts still to be added, by the number of a source's node.
  private var counts: [Int: Int] = [:]
  private var isTold: [Bool]

  init(of sources: [Tensor], _ nodes: [TapeNode], whenWhole: @escaping (_ gradient: Tensor, _ index: Int) -> Void) {
    self.whenWhole = whenWhole
    isTold = Array(repeating: false, count: sources.count)
    for (index, source) in sources.enumerated() {
      if let node = source.node { positions[node.number, default: []].append(index) }
    }
    for input in nodes.lazy.flatMap(\.inputs) where positions[input.node.number] != nil {
      counts[input.node.number, default: 0] += 1
    }
  }

  mutating func partWasAdded(to number: Int, gradient: () -> Tensor?) {
    guard let count = counts[number] else { return }
    counts[number] = count - 1
    guard count == 1, let gradient = gradient() else { return }
    for index in positions[number] ?? [] { tell(gradient, index) }
  }

  /// Tells of those that nothing was added to.
  mutating func walkEnded(_ gradients: [Tensor]) {
    for (index, gradient) in gradients.enumerated() where !isTold[index] { tell(gradient, index) }
  }

  private mutating func tell(_ gradient: Tensor, _ index: Int) {
    isTold[index] = true
    whenWhole(gradient, index)
  }
}

extension Tensor {
  /// Adds a tensor of the same shape in place.
  fileprivate mutating func accumulate(_ addend: Tensor) {
    withMutableElements { Kernels.accumulate($0.count, addend.source, into: $0.baseAddress!) }
  }
}
