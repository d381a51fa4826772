import Dispatch
import Synchronization

/// A queue between two threads that holds a few elements: whoever is faster waits.
final class Channel<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])
  private let room = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)

  /// - Parameter capacity: The most elements that are held; at least 1.
  init(capacity: Int) {
    precondition(capacity > 0, "Channel: expected room for an element, found \(capacity)")
    // A semaphore may not be released with less than it began with.
    for _ in 0..<capacity { room.signal() }
  }

  /// Appends an element, as soon as there is room.
  func send(_ element: Element) {
    room.wait()
    elements.withLock { $0.append(element) }
    filled.signal()
  }

  /// Removes the first element, as soon as there is one.
  func receive() -> Element {
    filled.wait()
    let element = elements.withLock { $0.removeFirst() }
    room.signal()
    return element
  }
}
