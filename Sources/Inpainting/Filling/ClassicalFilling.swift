import Imaging
import InpaintingData
import Kernels
import Support

extension ClassicalFill {
  /// Fills a hole. Pixels outside of it, alpha and metadata stay byte for byte as they are.
  ///
  /// - Parameters:
  ///   - picture: A picture of any size, RGB or gray. A picture whose known pixels are all gray is filled in gray.
  ///   - hole: The hole, of the picture's size.
  ///   - seed: The seed of `patches`; the others use no random numbers.
  /// - Throws: `Failure` of the kind `data` if the sizes differ, or there is not enough memory.
  public func fill(_ picture: Picture, hole: Hole, seed: UInt64 = 0) throws -> Picture {
    guard (picture.width, picture.height) == (hole.width, hole.height) else {
      throw Failure(
        .data,
        "the hole: expected the size of the picture, \(picture.width)x\(picture.height), found "
          + "\(hole.width)x\(hole.height)")
    }
    return try filled(Example(picture: picture, hole: hole, name: "the picture"), seed: seed).picture
  }

  /// The number of bytes below which memory is not checked.
  private static let uncheckedLimit = 1 << 28

  /// An example with its hole filled, in place if there is no other reference to its picture.
  ///
  /// - Parameters:
  ///   - isCancelled: As in `fill(_:hole:seed:threads:isCancelled:progress:)`.
  ///   - progress: Called before each part of the hole with its index and their number.
  /// - Throws: `Failure` of the kind `data` if there is not enough memory; `CancellationError`.
  func filled(
    _ example: consuming Example, seed: UInt64 = 0, available: Int? = Memory.available,
    isCancelled: @Sendable () -> Bool = { false }, progress: (_ part: Int, _ count: Int) -> Void = { _, _ in }
  ) throws -> FilledPicture {
    let hole = example.hole
    var picture = example.picture
    _ = consume example
    let needed = workingBytes(for: hole)
    if needed > Self.uncheckedLimit, let available, needed > available {
      throw Failure(
        .data,
        "the hole: filling it takes about \(needed / 1_000_000) MB of memory, and \(available / 1_000_000) MB are free, "
          + "expected a smaller hole, or parts of it that are further apart")
    }
    fill(
      &picture, hole: hole, seed: seed, threads: Threads.count, isCancelled: isCancelled, progress: progress)
    guard !isCancelled() else { throw CancellationError() }
    return FilledPicture(
      picture: picture, stages: [], offsets: nil, labels: nil, scaleLabels: [], strategy: .whole, regionCount: 1)
  }
}
