import Testing

@testable import Tensors

/// Programmer errors trap with a sentence that names the operation and what it found.
@Suite struct PreconditionTests {
  /// The standard error of a process that trapped.
  private func said(_ result: ExitTest.Result?) -> String {
    result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
  }

  @Test func `addition of shapes that do not fit`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([4])
    }
    #expect(said(result).contains("+: shapes [2, 3] and [4] do not fit together"))
  }

  @Test func `maximum of shapes that do not fit`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = maximum(Tensor.zeros([2]), Tensor.zeros([3]))
    }
    #expect(said(result).contains("maximum: shapes [2] and [3] do not fit together"))
  }

  @Test func `a matrix product of shapes that do not fit`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = matmul(Tensor.zeros([2, 3]), Tensor.zeros([4, 3]), transposeLeft: true)
    }
    #expect(said(result).contains("matmul: shapes [2, 3] transposed and [4, 3] do not fit together"))
  }

  @Test func `a matrix product of batches of different size`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = matmul(Tensor.zeros([2, 3, 4]), Tensor.zeros([3, 4, 5]))
    }
    #expect(said(result).contains("matmul: shapes [2, 3, 4] and [3, 4, 5]"))
  }

  @Test func `a convolution with the wrong number of channels`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = convolve(Tensor.zeros([1, 4, 4, 3]), Tensor.zeros([3, 3, 4, 8]))
    }
    #expect(said(result).contains("convolve: pictures of shape [1, 4, 4, 3] and a filter of shape [3, 3, 4, 8]"))
  }

  @Test func `a convolution of a picture that is too small`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = convolve(Tensor.zeros([1, 4, 4, 3]), Tensor.zeros([3, 3, 3, 8]), dilation: 2)
    }
    #expect(said(result).contains("convolve: pictures of shape [1, 4, 4, 3]"))
    #expect(said(result).contains("dilation 2"))
  }

  @Test func `a convolution with a bias of another length`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = convolve(Tensor.zeros([1, 4, 4, 3]), Tensor.zeros([3, 3, 3, 8]), bias: Tensor.zeros([3]))
    }
    #expect(said(result).contains("convolve: expected a bias of shape [8], found [3]"))
  }

  @Test func `reshaping to another count`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).reshaped(to: [4, -1])
    }
    #expect(said(result).contains("reshaped: 6 elements of shape [2, 3] do not make [4, -1]"))
  }

  @Test func `a slice outside the shape`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).sliced(axis: 1, 2..<4)
    }
    #expect(said(result).contains("sliced: the ranges [Range(0..<2), Range(2..<4)] do not lie in shape [2, 3]"))
  }

  @Test func `an axis that does not exist`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).sum(axes: [2])
    }
    #expect(said(result).contains("sum: shape [2, 3] has no axis 2"))
  }

  @Test func `elements that do not fill the shape`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3], shape: [2, 2])
    }
    #expect(said(result).contains("Tensor: 3 elements do not make a tensor of shape [2, 2]"))
  }

  @Test func `the gradient of more than one number`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradient(at: Tensor.zeros([3])) { square($0) }
    }
    #expect(said(result).contains("gradient: expected a result with one element, found shape [3]"))
  }

  @Test func `changing a tensor on the tape`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(.zeros([3]))
      let tape = Tape(watching: [parameter])
      var y = tape.record { square(parameter.value) }
      y.withMutableElements { $0[0] = 1 }
    }
    #expect(said(result).contains("a tensor on the tape cannot be changed"))
  }

  @Test func `updating a parameter that a tape watches`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(.zeros([3]))
      let tape = Tape(watching: [parameter])
      parameter.assign(.ones([3]))
      withExtendedLifetime(tape) {}
    }
    #expect(said(result).contains("Parameter.assign: a tape is watching this parameter"))
  }

  @Test func `taking the gradients of a tape twice`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(Tensor(3))
      let tape = Tape(watching: [parameter])
      let loss = tape.record { square(parameter.value) }
      _ = tape.gradients(of: loss)
      _ = tape.gradients(of: loss)
    }
    #expect(said(result).contains("Tape.gradients: the gradients of this tape have been taken"))
  }

  /// One output in the losses of two tapes: the first walk lets go of what the second one would need.
  @Test func `using a tensor whose tape has been released`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (first, second) = (Parameter(Tensor(3)), Parameter(Tensor(4)))
      let (outer, inner) = (Tape(watching: [first]), Tape(watching: [second]))
      let shared = outer.record { square(first.value) * 2 }
      _ = outer.gradients(of: shared)
      _ = inner.gradients(of: inner.record { shared * second.value })
    }
    #expect(said(result).contains("gradient: a tensor was used whose tape has been released"))
  }
}
