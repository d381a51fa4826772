package import Tensors

/// Semantic-wise attention: the features of missing positions become weighted sums of known ones of the same class, by
/// the similarity of the patches around them (after Liao et al., 2021, whose formulas are not public: patches, norms
/// and scale are those of contextual attention, Yu et al., 2018, section 3.2).
///
/// yᵢ = Σⱼ softmaxⱼ(scale · ⟨pᵢ, pⱼ⟩ / (max(‖pᵢ‖, 1e-4) · max(‖pⱼ‖, 1e-4))) · xⱼ for each missing position i, over the
/// known positions j of its class, or over all known positions if its class has none. yᵢ = xᵢ for known positions, and
/// if nothing is known. The p are patches of the features with zero padding. Each class is one matrix product; no
/// gradient flows to the classes.
package struct SemanticAttention: Sendable {
  /// The height and width of the patches, an odd number.
  package var patchSize: Int
  /// The factor of the cosine similarity before the softmax (the inverse temperature).
  package var scale: Scalar
  /// The maximum of bytes for one matrix of weights. It changes the result by rounding only.
  package var scoreBytes: Int

  /// - Precondition: The patch size is odd.
  package init(patchSize: Int = 3, scale: Scalar = 10, scoreBytes: Int = 32 << 20) {
    precondition(patchSize > 0 && patchSize % 2 == 1, "SemanticAttention: expected an odd size, found \(patchSize)")
    self.patchSize = patchSize
    self.scale = scale
    self.scoreBytes = scoreBytes
  }

  /// - Parameters:
  ///   - x: [batch, height, width, channels].
  ///   - classes: The class of each position of each sample, in row-major order; nil if all belong to one class.
  ///   - hole: 1 where features are missing, [batch or 1, height, width, 1].
  /// - Returns: A tensor of the shape of `x`.
  package func callAsFunction(_ x: Tensor, classes: [Int]?, hole: Tensor) -> Tensor {
    let groups = SemanticGroups(x.shape, classes: classes, hole: hole)
    guard !groups.all.isEmpty else { return x }
    let (pixels, channels) = (x.shape[0] * x.shape[1] * x.shape[2], x.shape[3])
    let features = x.reshaped(to: [pixels, channels])
    let patches = normalizedPatches(x)
    let attention = BlockedAttention(bytes: scoreBytes)
    let mixtures = groups.all.map { group in
      attention(
        patches.gatheredRows(group.queries).batched, patches.gatheredRows(group.keys).batched,
        features.gatheredRows(group.keys).batched,
        weights: weights
      ).reshaped(to: [group.queries.count, channels])
    }
    let filled = groups.all.flatMap(\.queries)
    let isFilled = Tensor.ones([filled.count, 1]).scatteredRows(to: filled, of: pixels)
    let mixture = mixtures.count == 1 ? mixtures[0] : concatenate(mixtures, axis: 0)
    return (features * (1 - isFilled) + mixture.scatteredRows(to: filled, of: pixels)).reshaped(to: x.shape)
  }

  /// The weights with which a missing position attends to all positions, [height, width]; zeros if it is known.
  package func weights(
    ofRow row: Int, column: Int, sample: Int = 0, in x: Tensor, classes: [Int]?, hole: Tensor
  ) -> Tensor {
    let (height, width) = (x.shape[1], x.shape[2])
    let pixel = (sample * height + row) * width + column
    let groups = SemanticGroups(x.shape, classes: classes, hole: hole).all
    guard let group = groups.first(where: { $0.queries.contains(pixel) }) else { return .zeros([height, width]) }
    let patches = normalizedPatches(x.detached())
    let drawn = weights(patches.gatheredRows([pixel]).batched, patches.gatheredRows(group.keys).batched)
    let start = sample * height * width
    return drawn.reshaped(to: [group.keys.count, 1]).scatteredRows(
      to: group.keys.map { $0 - start }, of: height * width
    )
    .reshaped(to: [height, width])
  }

  /// The multiply-adds for a sample that is half known and of one class, which is the maximum.
  package func multiplyAdds(height: Int, width: Int, channels: Int) -> Int {
    height * width * height * width / 4 * (patchSize * patchSize + 1) * channels
  }

  private func weights(_ queries: Tensor, _ keys: Tensor) -> Tensor {
    softmax(matmul(queries, keys, transposeRight: true) * scale)
  }

  /// The patches around all positions, divided by their L2 norms: [batch · height · width, patchSize² · channels].
  private func normalizedPatches(_ x: Tensor) -> Tensor {
    let rows = patchSize == 1 ? x : x.unfolded(kernel: patchSize, padding: Padding(patchSize / 2))
    let patches = rows.reshaped(to: [x.shape[0] * x.shape[1] * x.shape[2], -1])
    // The floor is applied to the square, because the root has no derivative at 0.
    return patches / sqrt(maximum(square(patches).sum(axes: [-1]), Tensor(Self.smallestNorm * Self.smallestNorm)))
  }

  private static let smallestNorm: Scalar = 1e-4
}

/// The missing positions (queries) of each class and sample, with the known ones that they attend to (keys), as indices
/// in the batch.
struct SemanticGroups {
  let all: [(queries: [Int], keys: [Int])]

  /// - Parameters:
  ///   - shape: [batch, height, width, channels].
  ///   - classes, hole: As for `SemanticAttention`.
  init(_ shape: Shape, classes: [Int]?, hole: Tensor) {
    let pixels = shape[1] * shape[2]
    precondition(
      shape.count == 4 && classes?.count ?? shape[0] * pixels == shape[0] * pixels
        && [[shape[0], shape[1], shape[2], 1], [1, shape[1], shape[2], 1]].contains(hole.shape),
      "SemanticAttention: features of shape \(shape), \(classes?.count ?? 0) classes and a hole of shape \(hole.shape) do not "
        + "fit together")
    let positions = ClassPositions(
      classes ?? Array(repeating: 0, count: shape[0] * pixels), hole: hole, batch: shape[0])
    all = positions.samples.flatMap { classes -> [(queries: [Int], keys: [Int])] in
      guard classes.contains(where: { !$0.known.isEmpty }) else { return [] }
      let asking = classes.filter { !$0.missing.isEmpty }
      let groups = asking.filter { !$0.known.isEmpty }.map { (queries: $0.missing, keys: $0.known) }
      // All classes without known positions attend to the same ones, so they form one group.
      let lost = asking.filter(\.known.isEmpty).flatMap(\.missing).sorted()
      let others = lost.isEmpty ? [] : [(queries: lost, keys: classes.flatMap(\.known).sorted())]
      return (groups + others).sorted { $0.queries[0] < $1.queries[0] }
    }
  }
}

extension Tensor {
  /// One matrix as a batch of one.
  fileprivate var batched: Tensor { reshaped(to: [1] + shape) }
}

/// Semantic-wise attention propagation (SWAP): semantic attention, followed by four parallel dilated convolutions that
/// are added with a factor initialized with 0 (after Liao et al., 2021, whose layers are not public; the dilated
/// convolutions as in Zeng et al., 2019, section 3.2).
///
/// With the attention's output y, the output is y + γ · (ReLU(conv(y, 1)) ‖ ReLU(conv(y, 2)) ‖ ReLU(conv(y,
/// 4)) ‖ ReLU(conv(y, 8))), where each convolution has a quarter of the channels.
package final class SemanticPropagation: Module {
  let attention: SemanticAttention
  let groups: [Conv2d]
  package let gamma: Parameter

  /// - Parameter channels: A multiple of 4.
  package init(channels: Int, attention: SemanticAttention = SemanticAttention(), initialization: Initialization) {
    self.attention = attention
    groups = .dilatedConvolutions(channels: channels, initialization: initialization)
    gamma = Parameter(Tensor(0))
  }

  /// Applies the layer; the parameters are those of `SemanticAttention`.
  package func callAsFunction(_ x: Tensor, classes: [Int]?, hole: Tensor) -> Tensor {
    let mixed = attention(x, classes: classes, hole: hole)
    return mixed + gamma.value * groups.concatenatedOutputs(mixed)
  }
}

/// Four parallel 3x3 convolutions with dilations 1, 2, 4 and 8, each with a quarter of the channels and a ReLU (as in
/// Zeng et al., 2019, section 3.2). They are an array and not a module, which would add a level to the names in
/// checkpoints.
extension [Conv2d] {
  /// - Parameter channels: The number of input and of output channels, a multiple of 4.
  package static func dilatedConvolutions(channels: Int, initialization: Initialization) -> [Conv2d] {
    precondition(channels % 4 == 0, "dilatedConvolutions: expected a multiple of 4 channels, found \(channels)")
    return [1, 2, 4, 8].map { dilation in
      Conv2d(
        inputChannels: channels, outputChannels: channels / 4, kernel: 3, dilation: dilation, activation: .relu,
        initialization: initialization["groups.\(dilation)"])
    }
  }

  /// The outputs of all convolutions for one input, concatenated in the channels.
  package func concatenatedOutputs(_ x: Tensor) -> Tensor { concatenate(map { $0(x) }, axis: -1) }
}
