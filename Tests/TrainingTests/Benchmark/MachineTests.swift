import Testing

@testable import Training

@Suite struct MachineTests {
  @Test func `the processor's name is its own, with colons too`() {
    let info = "processor\t: 0\nmodel\t\t: 97\nmodel name\t: Ryzen 9: the fast one\nmodel name\t: another\n"
    #expect(Machine.processor(inInfo: info) == "Ryzen 9: the fast one")
    #expect(Machine.processor(inInfo: "processor\t: 0\n") == nil)
  }

  @Test func `a machine has processors and OpenBLAS`() {
    let machine = Machine()
    #expect(machine.processorCount > 0)
    #expect(machine.blas.contains("OpenBLAS"))
  }
}

@Suite struct PeakMemoryTests {
  @Test func `kibibytes become bytes`() {
    let status = "Name:\ttrain\nVmPeak:\t  999 kB\nVmHWM:\t  2048 kB\nVmRSS:\t  12 kB\n"
    #expect(PeakMemory.resident(inStatus: status) == 2 << 20)
    #expect(PeakMemory.resident(inStatus: "Name:\ttrain\n") == nil)
  }

  @Test func `this process has some`() throws {
    #expect(try #require(PeakMemory.resident) > 1 << 20)
  }
}
