import Tensors

/// Semantic-wise attention propagation (SWAP): semantic attention, and then what four dilated convolutions see around each
/// pixel, added with a factor that begins at 0 (after Liao et al., 2021, whose layers are not public; the dilated groups as in
/// Zeng et al., 2019, section 3.2).
///
/// y + γ · (ReLU(conv(y, 1)) ‖ ReLU(conv(y, 2)) ‖ ReLU(conv(y, 4)) ‖ ReLU(conv(y, 8))), each with a quarter of the channels.
package final class SemanticPropagation: Module {
  let attention: SemanticAttention
  let groups: [Conv2d]
  package let gamma: Parameter

  /// - Parameter channels: A multiple of 4.
  package init(channels: Int, attention: SemanticAttention = SemanticAttention(), initialization: Initialization) {
    self.attention = attention
    groups = .dilatedGroups(channels: channels, initialization: initialization)
    gamma = Parameter(Tensor(0))
  }

  /// The parameters are those of `SemanticAttention`.
  package func callAsFunction(_ x: Tensor, classes: [Int]?, hole: Tensor) -> Tensor {
    let mixed = attention(x, classes: classes, hole: hole)
    return mixed + gamma.value * groups.sideBySide(mixed)
  }
}
