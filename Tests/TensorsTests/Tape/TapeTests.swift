import TestSupport
import Testing

@testable import Tensors

@Suite struct TapeTests {
  @Test func `several spans are one recording`() {
    let weight = Parameter(Tensor(3))
    let tape = Tape(watching: [weight])
    let first = tape.record { square(weight.value) }
    let second = tape.record { first * weight.value }
    #expect(tape.gradients(of: second)[0].scalar == 27)
  }

  /// A value computed between the spans is a constant: d/dw (w² · c) with c = 2w as computed at w = 3.
  @Test func `what is computed between two spans is not recorded`() {
    let weight = Parameter(Tensor(3))
    let tape = Tape(watching: [weight])
    let first = tape.record { square(weight.value) }
    let between = weight.value * 2
    #expect(between.node == nil)
    let loss = tape.record { first * between }
    #expect(tape.gradients(of: loss)[0].scalar == 36)
  }

  @Test func `nothing is recorded outside a tape, nor of what no parameter reaches`() {
    let weight = Parameter(Tensor(3))
    #expect(square(weight.value).node == nil)
    let tape = Tape(watching: [weight])
    tape.record {
      #expect(square(Tensor(2)).node == nil)
      #expect(square(weight.value).node != nil)
      #expect(square(weight.value.detached()).node == nil)
    }
    #expect(square(weight.value).node == nil)
  }

  @Test func `gradients come in the parameters' order, zeros where nothing depends on one`() {
    let parameters = [Parameter(Tensor(2)), Parameter(.ones([2, 3])), Parameter(Tensor(5))]
    let (value, gradients) = valueWithGradient(at: parameters) {
      parameters[2].value * parameters[0].value * parameters[2].value
    }
    #expect(value.scalar == 50)
    #expect(gradients[0].scalar == 25)
    #expect(gradients[1].elements == Tensor.zeros([2, 3]).elements && gradients[1].shape == [2, 3])
    #expect(gradients[2].scalar == 20)
  }

  @Test func `a parameter that is listed twice gets its gradient twice`() {
    let weight = Parameter(Tensor(3))
    let gradients = valueWithGradient(at: [weight, weight]) { square(weight.value) }.gradient
    #expect(gradients.map(\.scalar) == [6, 6])
    #expect(weight.value.node == nil)
  }

  @Test func `detached stops the gradient`() {
    let weight = Parameter(Tensor(3))
    let slope = valueWithGradient(at: [weight]) { square(weight.value) * square(weight.value).detached() }.gradient[0]
    #expect(slope.scalar == 54)
  }

  @Test func `a parameter that another model shares is a constant there`() {
    let (own, other) = (Parameter(Tensor(3)), Parameter(Tensor(7)))
    let slopes = valueWithGradient(at: [own]) { own.value * other.value }.gradient
    #expect(slopes[0].scalar == 7)
    #expect(other.value.node == nil)
  }

  @Test func `two tapes side by side do not mix`() {
    let (left, right) = (Parameter(Tensor(3)), Parameter(Tensor(5)))
    let (leftTape, rightTape) = (Tape(watching: [left]), Tape(watching: [right]))
    let leftLoss = leftTape.record { square(left.value) }
    let rightLoss = rightTape.record { square(right.value) }
    #expect(rightTape.gradients(of: rightLoss)[0].scalar == 10)
    #expect(leftTape.gradients(of: leftLoss)[0].scalar == 6)
  }

  @Test func `tapes of other tasks are not recorded here`() async {
    await withTaskGroup(of: Bool.self) { group in
      for number in 1...16 {
        group.addTask {
          let weight = Parameter(Tensor(Scalar(number)))
          let slope = valueWithGradient(at: [weight]) { square(weight.value) * weight.value }.gradient[0]
          return slope.scalar == Scalar(3 * number * number) && !Tape.isRecording
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test func `the parameters are free again after the gradients, and after a tape that was dropped`() {
    let weight = Parameter(Tensor(3))
    do {
      let tape = Tape(watching: [weight])
      #expect(weight.value.node != nil)
      _ = tape.gradients(of: tape.record { square(weight.value) })
      #expect(weight.value.node == nil)
    }
    do {
      let tape = Tape(watching: [weight])
      _ = tape.record { square(weight.value) }
    }
    #expect(weight.value.node == nil)
    weight.update { $0[0] = 4 }
    #expect(valueWithGradient(at: [weight]) { square(weight.value) }.gradient[0].scalar == 8)
  }

  @Test func `a tape inside a recording is differentiated with it`() {
    let weight = Parameter(Tensor(2))
    let slope = gradient(at: Tensor(5)) { x in
      valueWithGradient(at: [weight]) { square(weight.value) * weight.value * x }.gradient[0]
    }
    #expect(slope.scalar == 12)
    #expect(weight.value.node == nil)
  }

  private final class Listener: GradientObserver, @unchecked Sendable {
    var shapes: [[Int]] = []
    var events: [String] = []
    var gradients: [Int: [Scalar]] = [:]

    func walkBegan(toParametersOf shapes: [Shape]) { self.shapes = shapes }
    func gradientIsWhole(_ gradient: Tensor, of index: Int) {
      events.append("whole \(index)")
      #expect(gradients.updateValue(gradient.elements, forKey: index) == nil)
    }
  }

  /// The second parameter is used twice, the third and the fifth are one, and of the fourth nothing depends.
  @Test func `an observer is told of each gradient as soon as nothing more is added to it`() {
    let listener = Listener()
    func passed(_ tensor: Tensor, _ name: String) -> Tensor {
      customVJP([tensor]) {
        $0[0]
      } rule: { cotangent, _, _ in
        listener.events.append(name)
        return cotangent
      }
    }
    let (a, b, c, d) = (Parameter(Tensor(2)), Parameter(.ones([3])), Parameter(Tensor(5)), Parameter(.ones([2])))
    func loss() -> Tensor {
      let first = passed(a.value * b.value.sum(), "first")
      let second = passed(first * c.value, "second")
      return passed(second * b.value.sum(), "third")
    }
    let parameters = [a, b, c, d, c]
    let gradients = Tape.$observer.withValue(listener) { valueWithGradient(at: parameters) { loss() }.gradient }
    #expect(listener.shapes == [[], [3], [], [2], []])
    #expect(
      listener.events == ["third", "second", "whole 2", "whole 4", "first", "whole 1", "whole 0", "whole 3"]
        || listener.events == ["third", "second", "whole 2", "whole 4", "first", "whole 0", "whole 1", "whole 3"])
    #expect(gradients.map(\.elements) == (0..<5).map { listener.gradients[$0] })
    #expect(gradients.map(\.elements) == valueWithGradient(at: parameters) { loss() }.gradient.map(\.elements))
  }

  @Test func `gradients inside of a checkpoint and of a gradient are nobody's`() {
    let listener = Listener()
    let weight = Parameter(Tensor(3))
    let slopes = Tape.$observer.withValue(listener) {
      valueWithGradient(at: [weight]) {
        let inner = gradient(at: weight.value) { square($0) * $0 }
        return checkpoint([inner], at: [weight]) { $0[0] * weight.value }
      }.gradient
    }
    // d/dw (3w² · w) = 9w².
    #expect(slopes[0].scalar == 81 && listener.events == ["whole 0"])
  }
}
