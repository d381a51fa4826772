import Testing

@testable import Imaging
@testable import Support

@Suite struct MinimumHeapTests {
  @Test func `items come out by distance, then by number`() {
    var stream = RandomStream(seed: 1, purpose: "heap")
    var heap = MinimumHeap()
    let items = (0..<500).map { (pixel: $0, distance: Double(stream.integer(in: 0..<40))) }
    for index in stream.permutation(count: 500) { heap.insert(items[index].pixel, at: items[index].distance) }
    let sorted = items.sorted { $0.distance != $1.distance ? $0.distance < $1.distance : $0.pixel < $1.pixel }
    for item in sorted {
      let first = heap.removeFirst()
      #expect(first?.pixel == item.pixel && first?.distance == item.distance)
    }
    #expect(heap.removeFirst()?.pixel == nil)
  }
}
