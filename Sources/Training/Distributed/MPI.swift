import Foundation
import Support

/// Message passing by an MPI library that is loaded at run time, so that training in a single process needs no MPI.
///
/// Supported are Open MPI, MPICH, and libraries with the binary interface of one of them, such as Intel MPI. Errors
/// inside the library end all processes, which is MPI's default (`MPI_ERRORS_ARE_FATAL`).
///
/// Message Passing Interface Forum: "MPI: A Message-Passing Interface Standard", version 3.1.
final class MPI: MessagePassing {
  let rank: Int
  let count: Int
  /// The name and version of the library, as it reports them.
  let version: String
  private let library: MPILibrary
  private let thread = pthread_self()

  /// Loads the launcher's library and connects to the other processes.
  ///
  /// - Throws: `Failure` of the kind `configuration` if no library can be loaded, or if MPI's world size differs from the
  ///   launcher's.
  init(_ launcher: Launcher) throws {
    library = try MPILibrary(launcher)
    var provided: Int32 = 0
    // The level "funneled" suffices: all later calls come from the thread that initializes MPI.
    Self.check(library.initialize(nil, nil, MPILibrary.funneled, &provided))
    var number: Int32 = 0
    Self.check(library.rank(library.world, &number))
    rank = Int(number)
    Self.check(library.size(library.world, &number))
    count = Int(number)
    version = library.version
    do { try launcher.requireSize(count, library: version) } catch {
      _ = library.finalize()
      throw error
    }
  }

  func allGather(_ own: UnsafeRawBufferPointer, counts: [Int], into all: UnsafeMutableRawBufferPointer) {
    let all = all.baseAddress
    layout(counts) { counts, offsets in
      complete {
        library.allGather(
          own.baseAddress, Int32(own.count), library.byte, all, counts, offsets, library.byte, library.world, $0)
      }
    }
  }

  func allToAll(
    _ own: UnsafeRawBufferPointer, counts: [Int], into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int]
  ) {
    let received = received.baseAddress
    layout(counts) { counts, offsets in
      layout(receivedCounts) { receivedCounts, receivedOffsets in
        complete {
          library.allToAll(
            own.baseAddress, counts, offsets, library.byte, received, receivedCounts, receivedOffsets, library.byte,
            library.world, $0)
        }
      }
    }
  }

  func end() {
    requireOwnThread()
    Self.check(library.finalize())
  }

  private func requireOwnThread() {
    precondition(pthread_equal(thread, pthread_self()) != 0, "MPI: a call from another thread than the first")
  }

  /// Begins a nonblocking operation, and tests for its completion with pauses in between.
  ///
  /// A blocking call would keep a processor busy that is needed for computation, because MPI libraries poll without a
  /// pause. Several tests in a row precede each pause, because they complete most of the data that has arrived.
  ///
  /// - Parameter begin: Calls the nonblocking function with the request that it writes.
  private func complete(_ begin: (UnsafeMutablePointer<MPILibrary.Request>) -> Int32) {
    requireOwnThread()
    var request = MPILibrary.Request()
    Self.check(begin(&request))
    var status = MPILibrary.Status()
    var isComplete: Int32 = 0
    var pause = Self.pauses.lowerBound
    while true {
      for _ in 0..<Self.questions where isComplete == 0 { Self.check(library.test(&request, &isComplete, &status)) }
      guard isComplete == 0 else { return }
      usleep(pause)
      pause = min(Self.pauses.upperBound, pause + Self.pauses.lowerBound)
    }
  }

  /// The number of tests from one pause to the next.
  private static let questions = 32
  /// The shortest and the longest pause, in microseconds. Each pause is longer than the previous one by the shortest.
  private static let pauses: ClosedRange<UInt32> = 20...200

  /// Calls `body` with counts and offsets in bytes as C arrays. They must outlive a nonblocking operation, so `body`
  /// completes it.
  private func layout(_ counts: [Int], _ body: (UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Void) {
    var offset = 0
    var offsets: [Int32] = []
    for count in counts {
      offsets.append(Int32(offset))
      offset += count
    }
    counts.map { Int32($0) }.withUnsafeBufferPointer { counts in
      offsets.withUnsafeBufferPointer { body(counts.baseAddress, $0.baseAddress) }
    }
  }

  /// - Precondition: The code is `MPI_SUCCESS`. By default, the library itself ends the program at an error.
  private static func check(_ code: Int32) {
    precondition(code == 0, "MPI: a call has failed with the code \(code)")
  }
}
