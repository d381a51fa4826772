import Support

extension Tensor {
  /// Uniform in [lower, upper), drawn in row-major order.
  package static func uniform(_ shape: Shape, in range: Range<Double> = 0..<1, from stream: inout RandomStream)
    -> Tensor
  {
    drawn(shape) { stream.uniform(range) }
  }

  /// Normal with mean 0, drawn in row-major order.
  package static func normal(_ shape: Shape, deviation: Double, from stream: inout RandomStream) -> Tensor {
    drawn(shape) { deviation * stream.normal() }
  }

  /// Normal with mean 0, where samples beyond two standard deviations are drawn again.
  ///
  /// - Parameter deviation: The standard deviation of the whole distribution, before its ends are cut.
  package static func truncatedNormal(_ shape: Shape, deviation: Double, from stream: inout RandomStream) -> Tensor {
    drawn(shape) {
      while true {
        let sample = stream.normal()
        if Swift.abs(sample) <= 2 { return deviation * sample }
      }
    }
  }

  private static func drawn(_ shape: Shape, _ next: () -> Double) -> Tensor {
    Tensor(shape: shape) { elements in
      for index in elements.indices { elements[index] = Scalar(next()) }
    }
  }
}
