import Tensors

/// An all-gather of a flat array of which each rank has computed one segment.
///
/// The array is exchanged in chunks, so that the buffers beside it take a few megabytes only.
struct SegmentExchange {
  private let messages: any MessagePassing
  /// The segment of each rank, by rank; together they are the whole array.
  private let segments: [Range<Int>]
  /// The maximum number of elements of one rank in a chunk.
  private let pieceLength: Int

  /// - Parameter chunkLength: The number of elements of all ranks together in a chunk.
  init(_ messages: any MessagePassing, segments: [Range<Int>], chunkLength: Int) {
    self.messages = messages
    self.segments = segments
    pieceLength = max(1, chunkLength / messages.count)
  }

  /// Performs the all-gather.
  ///
  /// - Parameters:
  ///   - copy: Copies a range of this rank's segment into the buffer that is sent.
  ///   - replace: Stores a range of another rank's segment that was received.
  func complete(
    copy: (Range<Int>, UnsafeMutableBufferPointer<Scalar>) -> Void,
    replace: (Range<Int>, UnsafeBufferPointer<Scalar>) -> Void
  ) {
    let longest = segments.map(\.count).max() ?? 0
    for start in stride(from: 0, to: longest, by: pieceLength) {
      let pieces = segments.map { segment in
        let lower = min(segment.upperBound, segment.lowerBound + start)
        return lower..<min(segment.upperBound, lower + pieceLength)
      }
      let own = Tensor(shape: [pieces[messages.rank].count]) { copy(pieces[messages.rank], $0) }
      let all = Tensor(shape: [pieces.reduce(0) { $0 + $1.count }]) { elements in
        own.withElements {
          messages.allGather(
            UnsafeRawBufferPointer($0), counts: pieces.map { $0.count * MemoryLayout<Scalar>.stride },
            into: UnsafeMutableRawBufferPointer(elements))
        }
      }
      all.withElements { elements in
        var rest = elements[...]
        for (rank, piece) in pieces.enumerated() {
          if rank != messages.rank { replace(piece, UnsafeBufferPointer(rebasing: rest.prefix(piece.count))) }
          rest = rest.dropFirst(piece.count)
        }
      }
    }
  }
}
