import Support
import Testing

@testable import Training

@Suite struct LauncherTests {
  @Test func `nothing is loaded for a process that was started alone`() {
    #expect(Launcher(environment: ["PATH": "/usr/bin"]) == nil)
    #expect(Launcher(environment: ["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"]) == nil)
    #expect(Launcher(environment: ["PMI_SIZE": "1"]) == nil)
    // A batch script is one process, whatever its job has been given.
    #expect(Launcher(environment: ["SLURM_NTASKS": "4", "SLURM_PROCID": "0"]) == nil)
    #expect(Launcher(environment: ["SLURM_STEP_NUM_TASKS": "1", "PMIX_RANK": "0"]) == nil)
  }

  @Test func `variables say how many there are, and which library they take`() throws {
    let open = try #require(Launcher(environment: ["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"]))
    #expect((open.size, open.rank, open.files) == (4, 3, ["libmpi.so.40"]))
    // Within a job of Slurm, too.
    let nested = ["OMPI_COMM_WORLD_SIZE": "2", "SLURM_STEP_NUM_TASKS": "1"]
    #expect(Launcher(environment: nested)?.variable == "OMPI_COMM_WORLD_SIZE")
    let mpich = try #require(Launcher(environment: ["PMI_SIZE": "2", "PMI_RANK": "1"]))
    #expect((mpich.size, mpich.rank, mpich.files) == (2, 1, ["libmpi.so.12", "libmpich.so.12"]))
    let slurm = try #require(Launcher(environment: ["SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "5"]))
    #expect((slurm.size, slurm.rank) == (8, 5))
    #expect(slurm.files == ["libmpi.so.40", "libmpi.so.12", "libmpich.so.12"])
    let other = try #require(Launcher(environment: ["PMIX_RANK": "2"]))
    #expect(other.size == nil && other.rank == 2)
    let named = ["PMI_SIZE": "2", "KINTSUGI_MPI_LIBRARY": "/opt/mpi/libmpi.so"]
    #expect(Launcher(environment: named)?.files == ["/opt/mpi/libmpi.so"])
  }

  @Test func `processes that cannot be connected are told what to install`() throws {
    let environment = ["OMPI_COMM_WORLD_SIZE": "4", "KINTSUGI_MPI_LIBRARY": "/no/such/libmpi.so"]
    let named = try #require(Launcher(environment: environment))
    let missing = try #require(failure { _ = try ProcessGroup.started(by: named) })
    #expect(missing.kind == .configuration)
    #expect(missing.message.hasPrefix("OMPI_COMM_WORLD_SIZE: the launcher started 4 processes, and no MPI library"))
    #expect(missing.message.hasSuffix("; name an MPI library in KINTSUGI_MPI_LIBRARY."))
    let open = try #require(Launcher(environment: ["OMPI_COMM_WORLD_SIZE": "4"]))
    #expect(open.missingLibrary("gone").message.contains("(gone); install the package openmpi-bin of Debian"))
    let mpich = try #require(Launcher(environment: ["PMI_SIZE": "4"]))
    #expect(mpich.missingLibrary("gone").message.contains("(gone); install the package mpich of Debian"))
  }

  @Test func `a library that does not find the launcher's processes is refused`() throws {
    let launcher = try #require(Launcher(environment: ["PMI_SIZE": "4"]))
    #expect(failure { try launcher.requireSize(4, library: "MPICH 4") } == nil)
    #expect(
      failure { try launcher.requireSize(1, library: "MPICH 4") }?.message
        == "PMI_SIZE: the launcher started 4 processes, and MPICH 4 finds 1, expected the launcher of the same MPI, such as "
        + "mpirun.openmpi, mpirun.mpich or srun with PMIx, or its library in KINTSUGI_MPI_LIBRARY.")
    let unknown = try #require(Launcher(environment: ["PMIX_RANK": "0"]))
    #expect(failure { try unknown.requireSize(7, library: "Open MPI") } == nil)
  }

  @Test func `without a launcher there is a single process`() throws {
    let alone = try ProcessGroup.started(by: nil)
    #expect(alone is SingleProcess && alone.isFirst)
  }
}
