import Support
import Tensors

/// Every channel draws from every other one, by how alike their pictures are: the channel attention of DANet (Fu et
/// al., 2019, "Dual Attention Network for Scene Segmentation", eq. 3 and 4).
///
/// With the features as a matrix A, [channels, positions], and the energy E = A · Aᵀ the output is x + β · softmax(E) ·
/// A, where each row of the softmax, [channels, channels], has the sum 1. There is no convolution. β starts at 0: an
/// untrained layer gives its input. E grows with the number of positions, so that on large features the softmax of each
/// row is 1 at one channel, mostly itself, and 0 elsewhere.
package final class ChannelAffinityAttention: ConfigurableAttention {
  /// The matrix that the softmax is taken of.
  package enum Energy: String, CaseIterable, Sendable {
    /// E: channels draw from those that are most alike, as the paper says.
    case plain
    /// The largest of a row of E less E: channels draw from those that are least alike, as the authors' code does.
    /// Wanted for their weights.
    case maxMinus = "max_minus"
  }

  package struct Options: AttentionOptions {
    package var energy = Energy.plain

    package init() {}

    package init(_ reader: JSONReader) throws {
      energy = try reader.choice("energy", default: energy)
    }
  }

  /// β, [1].
  package let beta: Parameter
  private let channels: Int
  private let energy: Energy

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("ChannelAffinityAttention \(initialization.name): \(problem)")
    }
    self.channels = channels
    energy = options.energy
    beta = Parameter(.zeros([1]))
  }

  /// Reason against such a layer, in a sentence; nil if there is none.
  package static func problem(channels: Int, options: Options) -> String? {
    channels < 1 ? "the number of channels (\(channels)) must be positive" : nil
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    x + beta.value * matmul(x.positions, weights(of: x), transposeRight: true).reshaped(to: x.shape)
  }

  /// Weights with which each channel draws from all of them, [batch, channels, channels]; every row has the sum 1.
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func weights(of x: Tensor) -> Tensor {
    x.checkFeatures(channels: channels, of: "ChannelAffinityAttention")
    let products = matmul(x.positions, x.positions, transposeLeft: true)
    // A softmax does not see what is the same in a whole row, such as its largest number.
    return softmax(energy == .plain ? products : -products)
  }

  /// 2 · C² · N for C channels and N positions.
  package func multiplyAdds(height: Int, width: Int) -> Int { 2 * channels * channels * height * width }

  package var portedWeights: [PortedWeight] { [PortedWeight("gamma", beta)] }
}
