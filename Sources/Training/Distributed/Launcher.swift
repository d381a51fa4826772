import Support

/// The launcher of a process of several (`mpirun`, `mpiexec` or `srun`), recognized by the environment variables that it
/// sets.
///
/// These variables decide whether an MPI library is loaded, and which one. The world size that counts is MPI's;
/// `requireSize` compares it with the launcher's.
package struct Launcher: Equatable, Sendable {
  /// The MPI implementations with which a launcher can connect its processes.
  package enum Library: CaseIterable, Sendable {
    case openMPI, mpich

    /// The file names of the shared library, in the order in which they are tried. Debian calls MPICH's `libmpich.so.12`.
    package var fileNames: [String] {
      switch self {
      case .openMPI: ["libmpi.so.40"]
      case .mpich: ["libmpi.so.12", "libmpich.so.12"]
      }
    }
  }

  /// The name of the environment variable by which the launcher was recognized.
  package let variable: String
  /// The number of processes that the launcher started; nil if no variable states it.
  package let size: Int?
  /// The rank of this process, by the launcher's variables.
  package let rank: Int
  /// The MPI implementations whose files are tried, in this order.
  package let libraries: [Library]
  /// The library file named by `libraryVariable`, which is loaded in place of the files of `libraries`; nil if unset.
  package let libraryPath: String?

  /// The environment variable that names the file of an MPI library.
  package static let libraryVariable = "KINTSUGI_MPI_LIBRARY"

  /// Recognizes the launcher.
  ///
  /// - Returns: Nil if no launcher is recognized, or if it started a single process.
  package init?(environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    let found: (variable: String, size: Int?, rank: Int, libraries: [Library])
    if let size = number("OMPI_COMM_WORLD_SIZE") {
      found = ("OMPI_COMM_WORLD_SIZE", size, number("OMPI_COMM_WORLD_RANK") ?? 0, [.openMPI])
    } else if let size = number("PMI_SIZE") {
      found = ("PMI_SIZE", size, number("PMI_RANK") ?? 0, [.mpich])
    } else if let size = number("SLURM_STEP_NUM_TASKS") {
      // `SLURM_NTASKS` counts the tasks of the job, and is also set in the single process of a batch script.
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

  /// The library files, in the order in which they are tried.
  var files: [String] { libraryPath.map { [$0] } ?? libraries.flatMap(\.fileNames) }

  /// The failure of a process of several that cannot load an MPI library.
  ///
  /// - Parameter reason: The message of the dynamic loader about the last file, or the function that the file lacks.
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

  /// Compares MPI's world size with the number of processes that the launcher started.
  ///
  /// - Parameters:
  ///   - found: MPI's world size.
  ///   - library: The library's name and version.
  /// - Throws: `Failure` of the kind `configuration` if they differ. A library of another MPI implementation, or without
  ///   the launcher's protocol, finds a world of size 1 in each process, and each would train alone.
  func requireSize(_ found: Int, library: String) throws {
    guard let size, size != found else { return }
    throw Failure(
      .configuration,
      "\(variable): the launcher started \(size) processes, and \(library) finds \(found), expected the launcher of the "
        + "same MPI, such as mpirun.openmpi, mpirun.mpich or srun with PMIx, or its library in \(Self.libraryVariable)."
    )
  }
}
