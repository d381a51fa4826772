import Foundation
import Synchronization

/// Three stages of work on a series of items, side by side: while the caller's thread computes one item, a second thread
/// prepares those that follow and a third finishes those before. Every stage keeps the items' order.
enum Pipeline {
  /// How many items wait between two stages.
  private static let capacity = 1

  /// Runs the stages and returns when the last item is finished.
  ///
  /// - Parameters:
  ///   - prepare: Runs on a thread of its own.
  ///   - compute: Runs on the caller's thread. Nil leaves the item out; throwing ends the series after the items that
  ///     have been computed are finished.
  ///   - finish: Runs on a thread of its own.
  /// - Throws: What `compute` throws.
  static func run<Item: Sendable, Prepared: Sendable, Computed: Sendable>(
    _ items: [Item], prepare: @escaping @Sendable (Item) -> Prepared, compute: (Prepared) throws -> Computed?,
    finish: @escaping @Sendable (Computed) -> Void
  ) throws {
    let prepared = Channel<Prepared?>(capacity: capacity)
    let computed = Channel<Computed?>(capacity: capacity)
    let isCancelled = Atomic(false)
    let ended = DispatchGroup()
    thread("reader", in: ended) {
      for item in items where !isCancelled.load(ordering: .relaxed) { prepared.send(prepare(item)) }
      prepared.send(nil)
    }
    thread("writer", in: ended) {
      while let result = computed.receive() { finish(result) }
    }
    defer {
      computed.send(nil)
      ended.wait()
    }
    while let item = prepared.receive() {
      do {
        if let result = try compute(item) { computed.send(result) }
      } catch {
        isCancelled.store(true, ordering: .relaxed)
        while prepared.receive() != nil {}
        throw error
      }
    }
  }

  private static func thread(_ name: String, in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
    group.enter()
    let thread = Thread {
      body()
      group.leave()
    }
    thread.name = name
    thread.start()
  }
}
