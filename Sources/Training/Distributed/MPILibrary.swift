import Foundation
import Support

/// The functions and handles of a dynamically loaded MPI library.
///
/// The MPI standard fixes the signatures of the C functions, and leaves the type of handles to each library: Open MPI's
/// are addresses of its symbols, MPICH's are 32-bit integers. Both are passed in one register, of which MPICH reads the
/// lower half.
struct MPILibrary {
  typealias Handle = Int
  /// `MPI_Request`, the handle of a nonblocking operation, which the library writes. MPICH writes the first four bytes
  /// only.
  typealias Request = Int
  /// Room for `MPI_Status`, the status of a completed request, which is never read. It has 20 bytes in MPICH and 24 in
  /// Open MPI.
  struct Status { private var bytes = (0, 0, 0, 0, 0, 0, 0, 0) }
  typealias Initialize =
    @convention(c) (
      UnsafeMutablePointer<Int32>?, UnsafeMutableRawPointer?, Int32, UnsafeMutablePointer<Int32>
    ) -> Int32
  typealias Query = @convention(c) (Handle, UnsafeMutablePointer<Int32>) -> Int32
  typealias AllGather =
    @convention(c) (
      UnsafeRawPointer?, Int32, Handle, UnsafeMutableRawPointer?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Handle,
      Handle, UnsafeMutablePointer<Request>
    ) -> Int32
  typealias AllToAll =
    @convention(c) (
      UnsafeRawPointer?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Handle, UnsafeMutableRawPointer?,
      UnsafePointer<Int32>?, UnsafePointer<Int32>?, Handle, Handle, UnsafeMutablePointer<Request>
    ) -> Int32
  typealias Test =
    @convention(c) (UnsafeMutablePointer<Request>, UnsafeMutablePointer<Int32>, UnsafeMutableRawPointer) -> Int32
  typealias Finalize = @convention(c) () -> Int32
  typealias Version = @convention(c) (UnsafeMutablePointer<CChar>, UnsafeMutablePointer<Int32>) -> Int32

  /// `MPI_THREAD_FUNNELED`, equal in Open MPI and MPICH.
  static let funneled: Int32 = 1

  let initialize: Initialize
  let rank, size: Query
  let allGather: AllGather
  let allToAll: AllToAll
  let test: Test
  let finalize: Finalize
  /// The handles `MPI_COMM_WORLD` and `MPI_BYTE`.
  let world, byte: Handle
  /// The name and version of the library; the name of its file if it reports none.
  let version: String

  /// Loads the first of the launcher's files that can be loaded.
  ///
  /// - Throws: `Failure` of the kind `configuration` if none can, or if the library lacks a function.
  init(_ launcher: Launcher) throws {
    var reason = "nothing was tried"
    var loaded: (handle: UnsafeMutableRawPointer, file: String)?
    for file in launcher.files where loaded == nil {
      // `RTLD_GLOBAL`, because Open MPI's plug-ins look up the library's symbols among those of the whole program.
      if let handle = dlopen(file, RTLD_NOW | RTLD_GLOBAL) {
        loaded = (handle, file)
      } else if let message = dlerror() {
        reason = String(cString: message)
      }
    }
    guard let (handle, file) = loaded else { throw launcher.missingLibrary(reason) }
    func symbol(_ name: String) throws -> UnsafeMutableRawPointer {
      guard let symbol = dlsym(handle, name) else { throw launcher.missingLibrary("\(file) has no \(name)") }
      return symbol
    }
    func function<Function>(_ name: String, _ type: Function.Type) throws -> Function {
      unsafeBitCast(try symbol(name), to: type)
    }
    initialize = try function("MPI_Init_thread", Initialize.self)
    rank = try function("MPI_Comm_rank", Query.self)
    size = try function("MPI_Comm_size", Query.self)
    allGather = try function("MPI_Iallgatherv", AllGather.self)
    allToAll = try function("MPI_Ialltoallv", AllToAll.self)
    test = try function("MPI_Test", Test.self)
    finalize = try function("MPI_Finalize", Finalize.self)
    if let openMPIWorld = dlsym(handle, "ompi_mpi_comm_world") {
      world = Int(bitPattern: openMPIWorld)
      byte = Int(bitPattern: try symbol("ompi_mpi_byte"))
    } else {
      world = 0x4400_0000
      byte = 0x4c00_010d
    }
    let name = try function("MPI_Get_library_version", Version.self)
    // `MPI_MAX_LIBRARY_VERSION_STRING` is 256 in Open MPI, and 8192 in MPICH.
    var text = [CChar](repeating: 0, count: 8193)
    var length: Int32 = 0
    _ = name(&text, &length)
    let characters = text.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
    // In Open MPI's first line, the name and version end at a comma; in MPICH's, a tab precedes the version.
    let line = String(decoding: characters, as: UTF8.self).split(separator: ",").first
    version = line?.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? file
  }
}
