import InpaintingModels
import Tensors

/// The sum over the leaves of all processes, of which each finishes the tree for a segment of the elements.
///
/// The elements of all gradients, statistics and numbers are one row, which is exchanged chunk by chunk, so that beside
/// the sums there are a few megabytes, and no message is large. A chunk is cut into a segment for each process; a process
/// gets that segment of every whole subtree, finishes the tree, and gives the sum to all. Nothing but data moves, so
/// that the bits depend neither on the number of processes nor on how they are connected.
struct TreeExchange {
  /// The numbers of the leaves of whole subtrees, of each process.
  private let subtrees: [[Range<Int>]]
  private let leafCount: Int
  private let messages: any MessagePassing
  /// The elements that are exchanged at once.
  private let chunkLength: Int

  /// - Parameters:
  ///   - leaves: The numbers of the leaves of a process, by rank.
  ///   - chunkLength: In elements.
  init(_ messages: any MessagePassing, leafCount: Int, leaves: (_ rank: Int) -> Range<Int>, chunkLength: Int) {
    self.messages = messages
    self.leafCount = leafCount
    self.chunkLength = chunkLength
    subtrees = (0..<messages.count).map { TreeSum<Void>.subtrees(of: leaves($0)) }
  }

  /// - Parameter own: The subtrees of this process; the first of them becomes the sum.
  func total(_ own: consuming TreeSum<LeafValues>) -> LeafValues {
    precondition(own.subtrees.map(\.leaves) == subtrees[messages.rank], "TreeExchange: the sum has other leaves")
    let length = own.subtrees[0].sum.elementCount
    var start = 0
    while start < length {
      let end = min(length, start + chunkLength)
      exchange(start..<end, of: &own)
      start = end
    }
    return own.subtrees[0].sum
  }

  private func exchange(_ chunk: Range<Int>, of own: inout TreeSum<LeafValues>) {
    let segments = (0..<messages.count).map { rank in
      let bound = { (number: Int) in chunk.lowerBound + chunk.count * number / messages.count }
      return bound(rank)..<bound(rank + 1)
    }
    let size = MemoryLayout<Scalar>.stride
    let mine = segments[messages.rank]
    let sent = Tensor(shape: [own.subtrees.count * chunk.count]) { elements in
      var rest = elements[...]
      for segment in segments {
        for subtree in own.subtrees {
          subtree.sum.copy(segment, to: UnsafeMutableBufferPointer(rebasing: rest.prefix(segment.count)))
          rest = rest.dropFirst(segment.count)
        }
      }
    }
    let received = Tensor(shape: [subtrees.reduce(0) { $0 + $1.count } * mine.count]) { elements in
      sent.withElements {
        messages.allToAll(
          UnsafeRawBufferPointer($0), counts: segments.map { $0.count * own.subtrees.count * size },
          into: UnsafeMutableRawBufferPointer(elements), receivedCounts: subtrees.map { $0.count * mine.count * size })
      }
    }
    let sum = finished(received, segmentLength: mine.count)
    let all = Tensor(shape: [chunk.count]) { elements in
      sum.withElements {
        messages.allGather(
          UnsafeRawBufferPointer($0), counts: segments.map { $0.count * size },
          into: UnsafeMutableRawBufferPointer(elements))
      }
    }
    all.withElements { own.subtrees[0].sum.replace(chunk, with: $0) }
  }

  /// The tree over one segment of every subtree.
  private func finished(_ received: Tensor, segmentLength: Int) -> Tensor {
    // Of fewer elements than processes some get none.
    guard segmentLength > 0 else { return received }
    var sum = TreeSum<Tensor>(+)
    for (number, leaves) in subtrees.joined().enumerated() {
      sum.subtrees.append(
        (leaves, received.sliced(axis: 0, number * segmentLength..<(number + 1) * segmentLength)))
    }
    return sum.total(of: leafCount)
  }
}

extension TreeSum<Void> {
  /// The leaves of the whole subtrees that a process with some leaves of a batch adds up.
  static func subtrees(of leaves: Range<Int>) -> [Range<Int>] {
    var sum = TreeSum<Void> { _, _ in }
    for leaf in leaves { sum.append((), of: leaf) }
    return sum.subtrees.map(\.leaves)
  }
}
