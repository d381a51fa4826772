import TestSupport
import Testing

@testable import Tensors

@Suite struct RecomputationTests {
  /// x² · y, with a rule that makes everything again.
  private static func product(_ x: Tensor, _ y: Tensor) -> Tensor {
    recomputed([x, y]) { inputs in
      square(inputs[0]) * inputs[1]
    } rule: { cotangent, inputs, number in
      gradient(at: inputs[number]) { input in
        var inputs = inputs
        inputs[number] = input
        return dot(square(inputs[0]) * inputs[1], cotangent)
      }
    }
  }

  @Test func `its gradients of order 1 and 2 agree with finite differences`() {
    let error = GradientCheck.largestError(at: [.wave([2, 3]), .wave([2, 3], frequency: 0.9)]) {
      Self.product($0[0], $0[1])
    }
    #expect(error < GradientCheck.tolerance)
  }

  @Test func `what is made on the way is not kept`() {
    let x = Parameter(.wave([2, 3]))
    let tape = Tape(watching: [x])
    let result = tape.record {
      recomputed([x.value]) { inputs in
        #expect(inputs[0].node == nil)
        return square(inputs[0])
      } rule: { cotangent, inputs, _ in
        cotangent * inputs[0] * 2
      }
    }
    let slope = tape.gradients(of: tape.record { result.sum() })[0]
    #expect(slope.elements == (x.value * 2).elements)
  }
}
