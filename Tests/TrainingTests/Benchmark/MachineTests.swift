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
