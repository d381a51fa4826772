import Tensors

/// How a partial convolution makes up for what is missing. Files of weights suit one rule only.
package enum PartialConvolutionRule: String, CaseIterable, Sendable {
  /// As published (Liu et al., 2018, eq. 1 and 2): a window's sum is divided by the part of it that is known, and a pixel
  /// with anything known in its window is known.
  case paper
  /// NVIDIA's layer: the same, but where known is between 0 and 1, the result is known to the window's sum of it at most.
  case nvidia
  /// naoto0804's port: a window's sum is divided by the number of known values in it, not by their part, so that filters
  /// are so many times as large as a window has values.
  case naoto0804

  /// What the products of windows are multiplied by, and where the result is known.
  ///
  /// - Parameters:
  ///   - sums: The sums of known over the windows.
  ///   - full: The sum of a window that is known everywhere.
  func callAsFunction(sums: Tensor, full: Int) -> (factor: Tensor, known: Tensor) {
    (each(sums) { factor($0, Scalar(full)) }, each(sums) { known($0) })
  }

  private func factor(_ sum: Scalar, _ full: Scalar) -> Scalar {
    switch self {
    case .paper: sum > 0 ? full / sum : 0
    case .nvidia: full / (sum + 1e-8) * known(sum)
    case .naoto0804: sum > 0 ? 1 / sum : 0
    }
  }

  private func known(_ sum: Scalar) -> Scalar {
    self == .nvidia ? Scalar.minimum(sum, 1) : (sum > 0 ? 1 : 0)
  }

  private func each(_ x: Tensor, _ function: (Scalar) -> Scalar) -> Tensor {
    Tensor(shape: x.shape) { out in
      x.withElements { elements in
        for (index, element) in elements.enumerated() { out[index] = function(element) }
      }
    }
  }
}
