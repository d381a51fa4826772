import Support
import Tensors

/// Residual attention: a trunk of residual units beside a branch that looks at the picture from further away, and says
/// by how much each number of the trunk's result T is raised (Wang et al., 2017, "Residual Attention Network for Image
/// Classification", eq. 3 and figure 2).
///
/// The output is a last unit's of (1 + M) · T, where M is the branch's. A unit comes before both, and two units make
/// the trunk. Input and output [batch, height, width, channels].
package final class ResidualAttention: ConfigurableAttention {
  package struct Options: AttentionOptions {
    /// The number of times that the branch halves the picture, 1 to 3. The authors halve 56² pixels three times, 28²
    /// twice and 14² once.
    package var downLevels = 3
    /// The function that makes M of the branch's last features.
    package var activation = AttentionActivation.mixed
    /// The rule by which the branch's features are enlarged. The authors' interpolation layer aligns the corners.
    package var interpolation = BilinearRule.alignCorners

    package init() {}

    package init(_ reader: JSONReader) throws {
      downLevels = try reader.integer("down_levels", in: 1...3, default: downLevels)
      activation = try reader.choice("activation", default: activation)
      interpolation = try reader.choice("interpolation", default: interpolation)
    }
  }

  package let first: PreActivationUnit
  package let trunk: [PreActivationUnit]
  package let branch: SoftBranch
  package let last: PreActivationUnit
  private let channels: Int

  /// - Precondition: `problem(channels:options:)` is nil.
  package init(channels: Int, options: Options = Options(), initialization: Initialization) {
    if let problem = Self.problem(channels: channels, options: options) {
      preconditionFailure("ResidualAttention \(initialization.name): \(problem)")
    }
    self.channels = channels
    first = PreActivationUnit(channels: channels, initialization: initialization["first"])
    trunk = (0..<2).map { PreActivationUnit(channels: channels, initialization: initialization["trunk.\($0)"]) }
    branch = SoftBranch(channels: channels, options: options, initialization: initialization["branch"])
    last = PreActivationUnit(channels: channels, initialization: initialization["last"])
  }

  /// Reason against such a module, in a sentence; nil if there is none.
  package static func problem(channels: Int, options: Options) -> String? {
    if channels < 4 || channels % 4 != 0 {
      return "the number of channels (\(channels)) must be a positive multiple of 4"
    }
    let isPossible = (1...3).contains(options.downLevels)
    return isPossible ? nil : "the number of down-levels (\(options.downLevels)) must be 1, 2 or 3"
  }

  /// - Parameter x: [batch, height, width, channels].
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let x = entered(x)
    return last(Self.fused(trunk: x.through(trunk[0], trunk[1]), weights: branch(x)))
  }

  /// M, by how much each number of the trunk's result is raised: [batch, height, width, channels].
  ///
  /// - Parameter x: [batch, height, width, channels].
  package func weights(of x: Tensor) -> Tensor { branch(entered(x)) }

  /// Attention residual learning, eq. 3: where nothing is attended to the trunk remains, and its gradient too.
  static func fused(trunk: Tensor, weights: Tensor) -> Tensor { (1 + weights) * trunk }

  private func entered(_ x: Tensor) -> Tensor {
    precondition(
      x.rank == 4 && x.shape[3] == channels && x.count > 0,
      "ResidualAttention: expected [batch, height, width, \(channels)], found shape \(x.shape)")
    return first(x)
  }

  /// The convolutions, and one product a number of M; interpolation does not count.
  package func multiplyAdds(height: Int, width: Int) -> Int {
    let units = [first, last] + trunk
    return units.reduce(0) { $0 + $1.multiplyAdds(height: height, width: width) }
      + branch.multiplyAdds(height: height, width: width) + channels * height * width
  }

  /// The names of the PyTorch port (tengshaofeng). Its modules for stages 0 to 3 add lower levels and the trunk to the
  /// branch as well, which is not in the paper; `AttentionModule_pre` computes what is computed here.
  package var portedWeights: [PortedWeight] {
    first.portedWeights(named: "first_residual_blocks")
      + trunk.enumerated().flatMap { $1.portedWeights(named: "trunk_branches.\($0)") }
      + branch.portedWeights + last.portedWeights(named: "last_blocks")
  }
}
