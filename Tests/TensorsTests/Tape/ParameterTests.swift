import Kernels
import TestSupport
import Testing

@testable import Tensors

@Suite struct ParameterTests {
  @Test func `assigning and updating`() {
    let parameter = Parameter(.counting([2, 2]))
    #expect(parameter.shape == [2, 2])
    parameter.update { $0[3] = 9 }
    #expect(parameter.value.elements == [0, 1, 2, 9])
    parameter.assign(.ones([2, 2]))
    #expect(parameter.value.elements == [1, 1, 1, 1])
  }

  @Test func `an update does not change tensors that were read before`() {
    let parameter = Parameter(.counting([3]))
    let before = parameter.value
    parameter.update { $0[0] = 9 }
    #expect(before.elements == [0, 1, 2])
  }

  @Test func `updates happen in place when nobody else holds the value`() {
    let parameter = Parameter(.counting([3]))
    let before = ObjectIdentifier(parameter.value.storage)
    parameter.update { $0[0] = 9 }
    #expect(ObjectIdentifier(parameter.value.storage) == before)
  }

  @Test func `a value from a tape enters without its history`() {
    let other = Parameter(Tensor(3))
    let tape = Tape(watching: [other])
    let parameter = Parameter(tape.record { square(other.value) })
    #expect(parameter.value.node == nil)
    parameter.assign(tape.record { square(other.value) * 2 })
    #expect(parameter.value.node == nil)
    #expect(parameter.value.scalar == 18)
  }

  /// A filter's transforms are of one value, and no other may be convolved with them.
  @Test func `what convolutions keep goes with the value`() {
    let parameter = Parameter(Tensor.wave([3, 3, 16, 16]))
    let x = Tensor.wave([1, 24, 24, 16], frequency: 0.37)
    func convolved() -> [Scalar] {
      ConvolutionMethod.$ofTask.withValue(.fast) {
        convolve(x, parameter.value, kept: parameter.filterCache, padding: Padding(1)).elements
      }
    }
    func expectedAndFound() -> Bool {
      let alone = ConvolutionMethod.$ofTask.withValue(.fast) {
        convolve(x, parameter.value, padding: Padding(1)).elements
      }
      return (0..<2).allSatisfy { _ in convolved() == alone }
    }
    let kept = parameter.filterCache
    #expect(expectedAndFound() && parameter.filterCache === kept)
    parameter.update { $0[0] += 1 }
    #expect(expectedAndFound() && parameter.filterCache !== kept)
    let updated = parameter.filterCache
    parameter.assign(Tensor.wave([3, 3, 16, 16], frequency: 0.2))
    #expect(expectedAndFound() && parameter.filterCache !== updated)
    let tape = Tape(watching: [parameter])
    #expect(tape.record { parameter.filterCache } == nil)
  }
}
