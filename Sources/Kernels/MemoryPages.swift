import CPlatform
import Glibc

/// Large blocks of memory, mapped from the system in granules of 2 MiB that can move to another block with their
/// contents.
///
/// The system clears each page before it hands it out, which takes as long as writing it. A new block made of the
/// granules of released ones is not cleared, and unlike parts of an allocator's arena they fit blocks of every size.
/// 2 MiB are a huge page of x86-64 and of Arm's 4 KiB pages, which moves by one entry of the page table.
enum MemoryPages {
  static let granule = 2 << 20

  /// A block of memory that holds zeros, or what the granules that it is made of held.
  ///
  /// - Parameters:
  ///   - bytes: A multiple of `granule`.
  ///   - spare: Granules, of which as many as fit are taken away.
  /// - Returns: nil if the system has no more memory.
  static func block(_ bytes: Int, from spare: inout [UnsafeMutableRawPointer]) -> UnsafeMutableRawPointer? {
    guard let block = fresh(bytes) else { return nil }
    for start in stride(from: 0, to: bytes, by: granule) {
      guard let piece = spare.last, move(piece, to: block + start) else { break }
      spare.removeLast()
    }
    return block
  }

  /// The granules of a block.
  static func granules(of block: UnsafeMutableRawPointer, _ bytes: Int) -> [UnsafeMutableRawPointer] {
    stride(from: 0, to: bytes, by: granule).map { block + $0 }
  }

  static func release(_ granules: some Sequence<UnsafeMutableRawPointer>) {
    for piece in granules { munmap(piece, granule) }
  }

  /// A block of zeros that starts at a multiple of a granule.
  private static func fresh(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let length = bytes + granule
    guard let mapping = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      mapping != MAP_FAILED
    else { return nil }
    let before = (granule - Int(bitPattern: mapping) % granule) % granule
    let block = mapping + before
    if before > 0 { munmap(mapping, before) }
    if before < granule { munmap(block + bytes, granule - before) }
    madvise(block, bytes, MADV_HUGEPAGE)
    return block
  }

  private static func move(_ piece: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer) -> Bool {
    #if os(Linux)
      pages_move(piece, granule, target)
    #else
      false
    #endif
  }
}
