import InpaintingModels
import Tensors

/// An all-reduce over the micro-batches (leaves) of all ranks with a fixed order of additions: an all-to-all, local sums
/// and an all-gather.
///
/// The elements of all gradients, statistics and numbers are one flat array, which is exchanged in chunks, so that the
/// buffers beside the sums take a few megabytes and no message is large. Each chunk is cut into one segment per rank. A
/// rank receives its segment of every complete subtree of `TreeSum`, adds the subtrees up in the order of the tree, and
/// sends the sum to all ranks. The transport only moves data, so that the bits of the result depend neither on the number
/// of ranks nor on the network.
struct TreeExchange {
  /// The complete subtrees of each rank, by rank, as ranges of micro-batches.
  private let subtrees: [[Range<Int>]]
  private let leafCount: Int
  private let messages: any MessagePassing
  /// The number of elements in a chunk.
  private let chunkLength: Int

  /// - Parameters:
  ///   - leafCount: The number of micro-batches of all ranks.
  ///   - leaves: The micro-batches that a rank computes.
  ///   - chunkLength: The number of elements in a chunk.
  init(_ messages: any MessagePassing, leafCount: Int, leaves: (_ rank: Int) -> Range<Int>, chunkLength: Int) {
    self.messages = messages
    self.leafCount = leafCount
    self.chunkLength = chunkLength
    subtrees = (0..<messages.count).map { TreeSum<Void>.subtrees(of: leaves($0)) }
  }

  /// Performs the all-reduce.
  ///
  /// - Parameter own: The subtrees of this rank. The first is overwritten with the result.
  /// - Returns: The sum over all micro-batches.
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

  /// The sum of all complete subtrees, in the order of the tree, for the segment of this rank.
  ///
  /// - Parameter received: The segment of every subtree, one after the other, in the order of micro-batches.
  private func finished(_ received: Tensor, segmentLength: Int) -> Tensor {
    // A chunk with fewer elements than ranks leaves some ranks without a segment.
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
  /// The complete subtrees into which a range of micro-batches decomposes: those that a rank adds up by itself.
  static func subtrees(of leaves: Range<Int>) -> [Range<Int>] {
    var sum = TreeSum<Void> { _, _ in }
    for leaf in leaves { sum.append((), of: leaf) }
    return sum.subtrees.map(\.leaves)
  }
}
