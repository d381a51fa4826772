import Foundation
import TestSupport
import Testing

@testable import Tensors

@Suite struct GradientTests {
  struct Function: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let function: @Sendable (Tensor) -> Tensor
    /// Its derivatives of order 1, 2 and 3.
    let derivatives: [@Sendable (Double) -> Double]

    init(
      _ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor,
      _ derivatives: (@Sendable (Double) -> Double)...
    ) {
      testDescription = name
      self.function = function
      self.derivatives = derivatives
    }
  }

  static let functions: [Function] = [
    Function("x⁴", { square(square($0)) }, { 4 * pow($0, 3) }, { 12 * $0 * $0 }, { 24 * $0 }),
    Function("e^x", { exp($0) }, { Foundation.exp($0) }, { Foundation.exp($0) }, { Foundation.exp($0) }),
    Function("1 / x", { 1 / $0 }, { -1 / ($0 * $0) }, { 2 / pow($0, 3) }, { -6 / pow($0, 4) }),
    Function("√x", { sqrt($0) }, { 0.5 * pow($0, -0.5) }, { -0.25 * pow($0, -1.5) }, { 0.375 * pow($0, -2.5) }),
    Function(
      "tanh", { tanh($0) }, { 1 - pow(Foundation.tanh($0), 2) },
      { -2 * Foundation.tanh($0) * (1 - pow(Foundation.tanh($0), 2)) },
      { (6 * pow(Foundation.tanh($0), 2) - 2) * (1 - pow(Foundation.tanh($0), 2)) }),
    Function(
      "sigmoid", { sigmoid($0) }, { logistic($0) * (1 - logistic($0)) },
      { logistic($0) * (1 - logistic($0)) * (1 - 2 * logistic($0)) },
      { logistic($0) * (1 - logistic($0)) * (1 - 6 * logistic($0) + 6 * pow(logistic($0), 2)) }),
    Function("ELU at -x", { elu(-$0) }, { -Foundation.exp(-$0) }, { Foundation.exp(-$0) }, { -Foundation.exp(-$0) }),
    Function("x · x · x", { $0 * $0 * $0 }, { 3 * $0 * $0 }, { 6 * $0 }, { _ in 6 }),
    Function("|x|³", { abs($0) * square($0) }, { 3 * $0 * $0 }, { 6 * $0 }, { _ in 6 }),
  ]

  @Test(arguments: functions, [0.3, 0.9, 1.7])
  func `derivatives of order 1, 2 and 3`(function: Function, x: Double) {
    var derivative: (Tensor) -> Tensor = function.function
    for exact in function.derivatives {
      let previous = derivative
      derivative = { gradient(at: $0) { previous($0) } }
      let found = Double(derivative(Tensor(Scalar(x))).scalar)
      #expect(Swift.abs(found - exact(x)) < tolerance(3e-5, 1e-11) * max(1, Swift.abs(exact(x))))
    }
  }

  @Test func `value and gradient come together`() {
    let (value, slopes) = valueWithGradient(at: [Tensor(3), Tensor(5)]) { $0[0] * $0[1] + $0[0] }
    #expect(value.scalar == 18)
    #expect(slopes.map(\.scalar) == [6, 3])
    #expect(value.node == nil)
    #expect(slopes.allSatisfy { $0.node == nil })
  }

  @Test func `an argument that does not matter gets zeros of its shape`() {
    let slopes = gradient(at: [Tensor.wave([2]), Tensor.wave([3, 1])]) { $0[0].sum() }
    #expect(slopes[0].elements == [1, 1])
    #expect(slopes[1].shape == [3, 1])
    #expect(slopes[1].elements == [0, 0, 0])
  }

  @Test func `a constant result has the gradient zero`() {
    #expect(gradient(at: Tensor.wave([2])) { _ in Tensor(1) }.elements == [0, 0])
  }

  @Test func `the identity has the gradient one`() {
    #expect(gradient(at: Tensor(4)) { $0 }.scalar == 1)
    #expect(gradient(at: Tensor([4], shape: [1, 1])) { $0 }.shape == [1, 1])
  }

  /// d/dx [d/dy (x y²) at y = x²] = d/dx (2 x³) = 6 x².
  @Test func `a gradient inside a gradient is differentiated`() {
    let slope = gradient(at: Tensor(2)) { x in
      gradient(at: square(x)) { y in x * square(y) }
    }
    #expect(slope.scalar == 24)
  }

  /// The inner function's z is a constant to the inner gradient, though both come from x: d/dx (d/dy (y z)) = d/dx x².
  @Test func `what an inner function captured is a constant to it`() {
    let slope = gradient(at: Tensor(3)) { x in
      let z = square(x)
      return gradient(at: x) { y in y * z }
    }
    #expect(slope.scalar == 6)
  }

  /// The gate's rule is itself a gradient; its cotangent depends on the gate's input here.
  @Test func `a gate whose cotangent depends on its input, at order 3`() {
    let error = GradientCheck.largestError(at: [.wave([1, 2], frequency: 0.9)]) { inputs in
      gradient(at: inputs) { square(gate($0[0], .elu)).sum() }[0]
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `a gate of a gate at order 2`() {
    let error = GradientCheck.largestError(at: [.wave([1, 4], frequency: 0.9)]) { inputs in
      let inner = gate(inputs[0], .elu)
      return square(gate(concatenate([inner, square(inner)], axis: 1), .relu)) * inner.sum()
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `an error inside leaves nothing behind`() {
    struct Stop: Error {}
    let parameter = Parameter(.ones([2]))
    #expect(throws: Stop.self) {
      _ = try valueWithGradient(at: [parameter]) { () throws -> Tensor in throw Stop() }
    }
    #expect(parameter.value.node == nil)
    #expect(!Tape.isRecording)
    #expect(gradient(at: Tensor(3)) { square($0) }.scalar == 6)
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }
}
