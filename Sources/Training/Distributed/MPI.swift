import Foundation
import Support

/// Message passing by an MPI library that is loaded while the program runs, so that who trains on one machine needs none.
///
/// Open MPI and MPICH, and what has the binary interface of one of them, such as Intel's. Errors inside the library end
/// all processes, which is its default.
///
/// Message Passing Interface Forum: "MPI: A Message-Passing Interface Standard", version 3.1.
final class MPI: MessagePassing {
  let rank: Int
  let count: Int
  /// The name and version of the library, as it says them.
  let version: String
  private let library: MPILibrary
  private let thread = pthread_self()

  /// Loads the launcher's library and connects to the other processes.
  ///
  /// - Throws: `Failure` of the kind `configuration` if there is no such library, or it does not find the processes.
  init(_ launcher: Launcher) throws {
    library = try MPILibrary(launcher)
    var provided: Int32 = 0
    // All calls come from the thread that makes this one.
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
    requireOwnThread()
    let (counts, offsets) = Self.layout(counts)
    Self.check(
      library.allGather(
        own.baseAddress, Int32(own.count), library.byte, all.baseAddress, counts, offsets, library.byte, library.world))
  }

  func allToAll(
    _ own: UnsafeRawBufferPointer, counts: [Int], into received: UnsafeMutableRawBufferPointer, receivedCounts: [Int]
  ) {
    requireOwnThread()
    let (counts, offsets) = Self.layout(counts)
    let (receivedCounts, receivedOffsets) = Self.layout(receivedCounts)
    Self.check(
      library.allToAll(
        own.baseAddress, counts, offsets, library.byte, received.baseAddress, receivedCounts, receivedOffsets,
        library.byte, library.world))
  }

  func end() {
    requireOwnThread()
    Self.check(library.finalize())
  }

  private func requireOwnThread() {
    precondition(pthread_equal(thread, pthread_self()) != 0, "MPI: a call from another thread than the first")
  }

  /// Counts and offsets in bytes as the library takes them.
  private static func layout(_ counts: [Int]) -> (counts: [Int32], offsets: [Int32]) {
    var offset = 0
    var offsets: [Int32] = []
    for count in counts {
      offsets.append(Int32(offset))
      offset += count
    }
    return (counts.map { Int32($0) }, offsets)
  }

  /// - Precondition: The call has succeeded; the library itself ends the program otherwise.
  private static func check(_ code: Int32) {
    precondition(code == 0, "MPI: a call has failed with the code \(code)")
  }
}
