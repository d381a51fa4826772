package import Kernels
import Synchronization

package typealias ConvolutionPass = Kernels.ConvolutionPass

/// Records the convolutions that run inside a call, and the time that each takes: for benchmarks.
///
/// It counts the convolutions of the current task, of any model, in first and higher derivatives alike. Without a
/// census, a convolution only reads a task-local value.
package final class ConvolutionCensus: Sendable {
  /// A pass of convolutions of one shape.
  package struct Entry: Sendable {
    package let pass: ConvolutionPass
    package let geometry: ConvolutionGeometry
    /// The wall time of each run, in order, including fused work such as adding a bias.
    package fileprivate(set) var seconds: [Double]
  }

  private struct Key: Hashable {
    let pass: ConvolutionPass
    let geometry: ConvolutionGeometry
  }

  private struct State {
    var entries: [Entry] = []
    var places: [Key: Int] = [:]
  }

  @TaskLocal private static var current: ConvolutionCensus?

  private let state = Mutex(State())

  package init() {}

  /// The recorded passes, in the order of their first runs.
  package var entries: [Entry] { state.withLock { $0.entries } }

  /// Records the convolutions that `body` runs.
  package func counting<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self, operation: body)
  }

  /// Runs the kernel of one pass, timed if there is a census.
  static func observe(_ pass: ConvolutionPass, _ geometry: ConvolutionGeometry, _ kernel: () -> Void) {
    guard let census = current else { return kernel() }
    let start = ContinuousClock.now
    kernel()
    census.add((ContinuousClock.now - start) / .seconds(1), to: Key(pass: pass, geometry: geometry))
  }

  private func add(_ seconds: Double, to key: Key) {
    state.withLock { state in
      let place = state.places[key] ?? state.entries.count
      if place == state.entries.count {
        state.places[key] = place
        state.entries.append(Entry(pass: key.pass, geometry: key.geometry, seconds: []))
      }
      state.entries[place].seconds.append(seconds)
    }
  }
}
