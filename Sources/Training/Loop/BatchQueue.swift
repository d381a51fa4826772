/// Batches that are drawn before a step begins: if the source fails, no weight and no buffer has changed yet, and what the
/// last step left can be saved.
final class BatchQueue: BatchSource {
  private let source: any BatchSource
  private var drawn: [DrawnBatch] = []

  init(_ source: any BatchSource) { self.source = source }

  /// Draws until there are so many.
  func fill(to count: Int) throws {
    while drawn.count < count { drawn.append(try source.next()) }
  }

  func next() throws -> DrawnBatch {
    try fill(to: 1)
    return drawn.removeFirst()
  }
}
