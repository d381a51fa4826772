import Tensors

/// The exchange of a row of elements of which each process has a segment and gets the others', chunk by chunk, so that
/// beside the row there are a few megabytes.
struct SegmentExchange {
  private let messages: any MessagePassing
  /// By rank; together they are the row.
  private let segments: [Range<Int>]
  /// The elements of each process that are exchanged at once.
  private let pieceLength: Int

  /// - Parameter chunkLength: The elements of all processes together that are exchanged at once.
  init(_ messages: any MessagePassing, segments: [Range<Int>], chunkLength: Int) {
    self.messages = messages
    self.segments = segments
    pieceLength = max(1, chunkLength / messages.count)
  }

  /// - Parameters:
  ///   - copy: Copies some elements of this process's segment.
  ///   - replace: Gets elements of the others' segments.
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
