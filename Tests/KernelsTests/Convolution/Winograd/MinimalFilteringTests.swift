import TestSupport
import Testing

@testable import Kernels

@Suite struct MinimalFilteringTests {
  /// Eight channels that differ.
  private func lanes(_ i: Int) -> Lanes {
    let values = wave(Lanes.scalarCount, frequency: 0.83, phase: Double(i))
    return Lanes(values)
  }

  private func elements(_ x: SixLanes) -> [Lanes] { [x.0, x.1, x.2, x.3, x.4, x.5] }

  private func elements(_ x: some Coefficients) -> [Lanes] {
    var result: [Lanes] = []
    x.forEachCoefficient { i, lanes in
      #expect(i == result.count)
      result.append(lanes)
    }
    return result
  }

  private func largest(_ x: Lanes) -> Double { Double(max(x.max(), -x.min())) }

  private func six(_ first: Int) -> SixLanes {
    (lanes(first), lanes(first + 1), lanes(first + 2), lanes(first + 3), lanes(first + 4), lanes(first + 5))
  }

  private func expectCorrelation<Loops: MinimalFilteringLoops>(_: Loops.Type) {
    let x = six(10)
    let values = (
      filter: elements(Loops.Taps { lanes($0) }.values(over: .filter)), input: elements(MinimalFiltering.input(x))
    )
    let products = (0..<6).map { values.filter[$0] * values.input[$0] }
    let outputs = elements(
      Loops.Outputs(
        adjointOf: (products[0], products[1], products[2], products[3], products[4], products[5]), over: .none))
    #expect(outputs.count + Loops.Taps.count == 7)
    for (i, output) in outputs.enumerated() {
      var sum = Lanes.zero
      for tap in 0..<Loops.Taps.count { sum += elements(x)[i + tap] * lanes(tap) }
      #expect(largest(output - sum) < tolerance(1e-5, 1e-14))
    }
  }

  @Test func `the outputs are the correlation of the inputs with the taps`() {
    expectCorrelation(ThreeTapLoops.self)
    expectCorrelation(FourTapLoops.self)
  }

  private func expectAdjoint<Polynomial: Coefficients>(_: Polynomial.Type, _ divisors: Divisors) {
    let cotangents = six(20)
    let left = zip(elements(Polynomial { lanes($0) }.values(over: divisors)), elements(cotangents))
      .reduce(Lanes.zero) { $0 + $1.0 * $1.1 }
    let right = elements(Polynomial(adjointOf: cotangents, over: divisors)).enumerated()
      .reduce(Lanes.zero) { $0 + $1.element * lanes($1.offset) }
    #expect(largest(left - right) < tolerance(1e-5, 1e-14))
  }

  @Test func `the adjoints are the transposes`() {
    for divisors in [Divisors.none, .filter] {
      expectAdjoint(ThreeCoefficients.self, divisors)
      expectAdjoint(FourCoefficients.self, divisors)
    }
  }

  @Test func `the loops are those of their kind`() {
    #expect(MinimalFiltering.threeTaps.outputs == ThreeTapLoops.Outputs.count)
    #expect(MinimalFiltering.threeTaps.taps == ThreeTapLoops.Taps.count)
    #expect(MinimalFiltering.fourTaps.outputs == FourTapLoops.Outputs.count)
    #expect(MinimalFiltering.fourTaps.taps == FourTapLoops.Taps.count)
  }
}
