import Foundation
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import Support

@Suite struct AdamTests {
  @Test func `two steps are what the formula says`() {
    let parameter = Parameter(Tensor([1], shape: [1]))
    let adam = Adam([("x", parameter)], beta1: 0.5, beta2: 0.75, epsilon: 0.5)
    // m = 1, v = 1; rate 0.1 · √0.25 / 0.5 = 0.1; 0.1 · 1 / (1 + 0.5).
    adam.step(gradients: [Tensor([2], shape: [1])], learningRate: 0.1)
    #expect(abs(parameter.value.scalar - (1 - 0.1 / 1.5)) < 1e-6)
    // m = 0.5 - 0.5 · 4 = -1.5, v = 0.75 + 0.25 · 16 = 4.75; rate 0.2 · √(1 − 0.5625) / 0.75.
    adam.step(gradients: [Tensor([-4], shape: [1])], learningRate: 0.2)
    let step = 0.2 * 0.4375.squareRoot() / 0.75 * -1.5 / (4.75.squareRoot() + 0.5)
    #expect(abs(Double(parameter.value.scalar) - (1 - 0.1 / 1.5 - step)) < 1e-6)
    #expect(adam.stepCount == 2)
    #expect(adam.moments.map(\.name) == ["mean.x", "variance.x"])
    #expect(adam.moments.map(\.value.scalar) == [-1.5, 4.75])
  }

  /// PyTorch adds epsilon after the variance's correction, we before: with gradients around 1 and epsilon 1e-8 the two
  /// differ by less than 1e-9 a step.
  @Test func `five steps agree with PyTorch's Adam`() {
    let parameter = Parameter(.noise("adam", [6]))
    let adam = Adam([("x", parameter)], beta1: 0.5, beta2: 0.999)
    let expected = Fixture("adam")["parameters"]
    for step in 0..<5 {
      adam.step(gradients: [.noise("gradient \(step)", [6])], learningRate: 0.01)
      let found = parameter.value.elements.map { Double($0) }
      #expect(
        zip(found, expected[6 * step..<6 * step + 6]).allSatisfy {
          abs($0 - $1) < (GradientCheck.isExact ? 1e-7 : 1e-6)
        })
    }
  }

  @Test func `a restored optimizer goes on bit for bit`() throws {
    func made() -> (Adam, [Parameter]) {
      let parameters = [Parameter(.noise("a", [3])), Parameter(.noise("b", [2, 2]))]
      return (Adam([("a", parameters[0]), ("b", parameters[1])]), parameters)
    }
    func step(_ adam: Adam, _ index: Int) {
      adam.step(gradients: [.noise("a\(index)", [3]), .noise("b\(index)", [2, 2])], learningRate: 0.1)
    }
    let (straight, expected) = made()
    for index in 0..<3 { step(straight, index) }
    let saved = straight.moments
    let values = expected.map(\.value)
    step(straight, 3)

    let (resumed, parameters) = made()
    for (parameter, value) in zip(parameters, values) { parameter.assign(value) }
    try resumed.restore(stepCount: 3) { name, _ in try #require(saved.first { $0.name == name }).value }
    step(resumed, 3)
    #expect(parameters.map(\.value.elements) == expected.map(\.value.elements))
    #expect(resumed.moments.map(\.value.elements) == straight.moments.map(\.value.elements))
    #expect(resumed.stepCount == 4)
  }

  @Test func `a moment of another shape is refused and nothing changes`() throws {
    let adam = Adam([("a", Parameter(.zeros([2])))])
    adam.step(gradients: [.ones([2])], learningRate: 1)
    let before = adam.moments.map(\.value.elements)
    let failure = #expect(throws: Failure.self) {
      try adam.restore(stepCount: 5) { name, _ in name == "mean.a" ? .zeros([2]) : .zeros([3]) }
    }
    #expect(failure?.message.contains("variance.a") == true && failure?.message.contains("[2]") == true)
    #expect(throws: Failure.self) { try adam.restore(stepCount: -1) { _, shape in .zeros(shape) } }
    #expect(adam.moments.map(\.value.elements) == before && adam.stepCount == 1)
  }

  @Test func `optimizers that keep parts of the moments change what one changes`() throws {
    let shapes = [[3], [2, 2], [1], [5]]
    func made() -> (Adam, [Parameter]) {
      let parameters = shapes.enumerated().map { Parameter(.noise("\($0)", $1)) }
      return (Adam(parameters.enumerated().map { ("\($0)", $1) }), parameters)
    }
    func gradients(_ step: Int) -> [Tensor] { shapes.enumerated().map { .noise("\(step) \($0)", $1) } }
    let (whole, expected) = made()
    let start = expected.flatMap(\.value.elements)
    whole.step(gradients: gradients(0), learningRate: 0.1)
    // The second begins and ends within a parameter, and the third has none.
    for elements in [0..<5, 5..<11, 11..<11, 11..<13] {
      let (part, parameters) = made()
      part.keep(elements)
      part.step(gradients: gradients(0), learningRate: 0.1)
      func isExpected(_ found: [Scalar], _ own: [Scalar], _ others: [Scalar]) -> Bool {
        found.indices.allSatisfy { found[$0] == (elements.contains($0) ? own[$0] : others[$0]) }
      }
      #expect(isExpected(parameters.flatMap(\.value.elements), expected.flatMap(\.value.elements), start))
      let zeros = [Scalar](repeating: 0, count: 13)
      #expect(isExpected(part.means.flatMap(\.elements), whole.means.flatMap(\.elements), zeros))
      #expect(isExpected(part.variances.flatMap(\.elements), whole.variances.flatMap(\.elements), zeros))
      #expect(part.moments.map(\.name) == whole.moments.map(\.name))
      #expect(part.moments.map(\.value.shape) == whole.moments.map(\.value.shape) && part.stepCount == 1)
    }
  }

  @Test func `moments that are not kept take no memory`() async {
    await #expect(processExitsWith: .success) {
      let parameter = Parameter(.zeros([1 << 20]))
      let before = MemoryPool.tensors.liveBytes
      let adam = Adam([("x", parameter)])
      let whole = MemoryPool.tensors.liveBytes - before
      adam.keep(0..<1 << 18)
      let quarter = MemoryPool.tensors.liveBytes - before
      adam.step(gradients: [.ones([1 << 20])], learningRate: 1)
      exit(whole == (2 << 20) * MemoryLayout<Scalar>.size && 4 * quarter == whole ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }
}
