import Testing

@testable import Kernels

@Suite struct MemoryPagesTests {
  private let granule = MemoryPages.granule

  @Test func `granules move with their contents, and only as many as fit`() throws {
    var none: [UnsafeMutableRawPointer] = []
    let old = try #require(MemoryPages.block(3 * granule, from: &none))
    #expect(UInt(bitPattern: old) % UInt(granule) == 0)
    for number in 0..<3 { (old + number * granule).storeBytes(of: UInt8(7 + number), as: UInt8.self) }
    var spare = MemoryPages.granules(of: old, 3 * granule)
    let new = try #require(MemoryPages.block(2 * granule, from: &spare))
    #expect(spare == [old])
    // The last ones are taken first.
    #expect([0, 1].map { (new + $0 * granule).load(as: UInt8.self) } == [9, 8])
    let larger = try #require(MemoryPages.block(2 * granule, from: &spare))
    #expect(spare.isEmpty)
    #expect([0, 1].map { (larger + $0 * granule).load(as: UInt8.self) } == [7, 0])
    for block in [new, larger] { MemoryPages.release(MemoryPages.granules(of: block, 2 * granule)) }
  }
}
