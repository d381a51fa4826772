package import ArgumentParser
import Kernels
import Support

/// The number of threads that compute.
package struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads that compute (default: one a processor).")
  package var threads: Int?

  package init() {}

  /// - Throws: `Failure` of the kind `usage` if the number is out of range.
  package func apply() throws {
    guard let threads else { return }
    try Setting("threads").require(threads, in: 1...1024)
    Threads.count = threads
  }
}
