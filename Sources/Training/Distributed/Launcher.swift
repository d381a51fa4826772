import Support

/// The program that started this one together with others, by the variables that it sets: `mpirun`, `mpiexec`, `srun`.
///
/// They decide whether an MPI library is loaded, and which. The number of processes itself is MPI's to say.
package struct Launcher: Equatable, Sendable {
  /// The libraries that a launcher can connect.
  package enum Library: CaseIterable, Sendable {
    case openMPI, mpich

    /// The names of its file, in the order in which they are tried; Debian has its own for MPICH's.
    package var fileNames: [String] {
      switch self {
      case .openMPI: ["libmpi.so.40"]
      case .mpich: ["libmpi.so.12", "libmpich.so.12"]
      }
    }
  }

  /// The variable by which the launcher was recognized.
  package let variable: String
  /// The number of processes that it started; nil if it does not say.
  package let size: Int?
  /// The number of this process among them.
  package let rank: Int
  /// The library to load, and the one to load where there is none of its files.
  package let libraries: [Library]
  /// The file to load in place of theirs.
  package let libraryPath: String?

  /// The name of the variable that names a library's file.
  package static let libraryVariable = "KINTSUGI_MPI_LIBRARY"

  /// - Returns: Nil if the process was started alone.
  package init?(environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    let found: (variable: String, size: Int?, rank: Int, libraries: [Library])
    if let size = number("OMPI_COMM_WORLD_SIZE") {
      found = ("OMPI_COMM_WORLD_SIZE", size, number("OMPI_COMM_WORLD_RANK") ?? 0, [.openMPI])
    } else if let size = number("PMI_SIZE") {
      found = ("PMI_SIZE", size, number("PMI_RANK") ?? 0, [.mpich])
    } else if let size = number("SLURM_STEP_NUM_TASKS") {
      // `SLURM_NTASKS` is that of the job: a batch script has it, which is one process.
      found = ("SLURM_STEP_NUM_TASKS", size, number("SLURM_PROCID") ?? 0, [.openMPI, .mpich])
    } else if let rank = number("PMIX_RANK") {
      found = ("PMIX_RANK", nil, rank, [.openMPI, .mpich])
    } else {
      return nil
    }
    guard found.size ?? 2 > 1 else { return nil }
    (variable, size, rank, libraries) = found
    libraryPath = environment[Self.libraryVariable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The files to try, in their order.
  var files: [String] { libraryPath.map { [$0] } ?? libraries.flatMap(\.fileNames) }

  /// The failure of a process of several that finds no library.
  ///
  /// - Parameter reason: The loader's, of the last file.
  func missingLibrary(_ reason: String) -> Failure {
    let count = size.map { "\($0) processes" } ?? "a process of several"
    let remedy =
      libraryPath == nil
      ? "install the package \(libraries[0] == .mpich ? "mpich" : "openmpi-bin") of Debian, or what it is called elsewhere, or "
        + "name the library's file in \(Self.libraryVariable)"
      : "name an MPI library in \(Self.libraryVariable)"
    return Failure(
      .configuration,
      "\(variable): the launcher started \(count), and no MPI library can be loaded to connect them (\(reason)); \(remedy)."
    )
  }

  /// - Throws: `Failure` of the kind `configuration` if the library does not find the launcher's processes: one of another
  ///   implementation, or without the launcher's protocol, would train alone in each of them.
  func requireSize(_ found: Int, library: String) throws {
    guard let size, size != found else { return }
    throw Failure(
      .configuration,
      "\(variable): the launcher started \(size) processes, and \(library) finds \(found), expected the launcher of the "
        + "same MPI, such as mpirun.openmpi, mpirun.mpich or srun with PMIx, or its library in \(Self.libraryVariable)."
    )
  }
}
