import Tensors

/// The keys and values that external attention looks at in place of the features: learned, and the same for all
/// pictures (Guo et al., 2021, eq. 5 and 6).
///
/// Each unit of the memory divides its attention among the tokens, a softmax over them; then each token's weights are
/// divided by their sum. A softmax over the units would be something else.
final class ExternalMemory: Module {
  /// [channels, units].
  let keys: Parameter
  /// [units, channels]; nil if the keys, transposed, serve as values.
  let values: Parameter?
  /// [units] and [channels].
  let keyBias: Parameter?
  let valueBias: Parameter?
  private let epsilon: Scalar

  /// The origin of the values.
  enum Values {
    /// The keys, always.
    case keys
    /// A parameter that starts as the keys.
    case startingAsKeys
    /// A parameter that starts by the rule of the network.
    case own
  }

  /// - Parameters:
  ///   - units: How many keys there are.
  ///   - bias: True if numbers are added to what the units and what the channels get.
  ///   - epsilon: The number that is added to the sum that a token's weights are divided by.
  init(
    channels: Int, units: Int, values: Values, bias: Bool = false, epsilon: Scalar = 0, initialization: Initialization
  ) {
    let keys = initialization.weight([channels, units], "keys")
    self.keys = keys
    self.values =
      switch values {
      case .keys: nil
      case .startingAsKeys: Parameter(keys.value.transposed())
      case .own: initialization.weight([units, channels], "values")
      }
    keyBias = bias ? Parameter(.zeros([units])) : nil
    valueBias = bias ? Parameter(.zeros([channels])) : nil
    self.epsilon = epsilon
  }

  /// - Parameter tokens: [batch, tokens, channels].
  /// - Returns: What the memory tells each token, of the same shape.
  func callAsFunction(_ tokens: Tensor) -> Tensor {
    let weights = weights(of: tokens)
    let told =
      values.map { matmul(weights, $0.value, transposeLeft: true) }
      ?? matmul(weights, keys.value, transposeLeft: true, transposeRight: true)
    return valueBias.map { told + $0.value } ?? told
  }

  /// - Parameter tokens: [batch, tokens, channels].
  /// - Returns: What each token draws from each unit, [batch, units, tokens]; a token's weights have the sum 1.
  func weights(of tokens: Tensor) -> Tensor {
    let products = matmul(keys.value, tokens, transposeLeft: true, transposeRight: true)
    let shared = softmax(keyBias.map { products + $0.value.reshaped(to: [-1, 1]) } ?? products)
    let sums = shared.sum(axes: [1])
    return shared / (epsilon == 0 ? sums : sums + epsilon)
  }

  /// The multiplications with an addition for so many tokens.
  func multiplyAdds(tokens: Int) -> Int { 2 * tokens * keys.shape[0] * keys.shape[1] }

  /// Reason against memory of such sizes, in a sentence; nil if there is none.
  static func problem(channels: Int, units: Int) -> String? {
    if channels < 1 { return "the number of channels (\(channels)) must be positive" }
    if !(1...65_536).contains(units) { return "the number of memory units (\(units)) must be from 1 to 65536" }
    return nil
  }
}
