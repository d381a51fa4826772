/// Pixels by their distances, the nearest first; of equal ones the pixel with the smaller number.
struct MinimumHeap {
  /// A binary heap: no item comes before the one at half its place.
  private var items: [(pixel: Int, distance: Double)] = []

  /// Adds a pixel; it may be there already, at another distance.
  mutating func insert(_ pixel: Int, at distance: Double) {
    items.append((pixel, distance))
    var place = items.count - 1
    while place > 0, comes(place, before: (place - 1) / 2) {
      items.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// The nearest pixel, which is taken out; nil if there is none.
  mutating func removeFirst() -> (pixel: Int, distance: Double)? {
    guard let first = items.first else { return nil }
    let last = items.removeLast()
    if items.isEmpty { return first }
    items[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < items.count && comes(child, before: least) {
        least = child
      }
      if least == place { return first }
      items.swapAt(place, least)
      place = least
    }
  }

  /// True if the item at one place comes before that at another.
  private func comes(_ first: Int, before second: Int) -> Bool {
    let (a, b) = (items[first], items[second])
    return a.distance != b.distance ? a.distance < b.distance : a.pixel < b.pixel
  }
}
