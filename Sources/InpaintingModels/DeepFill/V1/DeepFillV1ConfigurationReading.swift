import Support
import Tensors

/// The keys of a configuration that are DeepFill v1's own.
extension DeepFillV1Configuration {
  package init(model: JSONReader, losses: JSONReader, training: JSONReader) throws {
    try self.init(model: model, losses: losses, training: training, pictureSize: nil)
  }

  package init(
    model: JSONReader, losses: JSONReader, training: JSONReader, pictureSize: Int?
  ) throws {
    try readNetworks(model)
    attention = try readAttention(model, pictureSize: pictureSize)
    try readSizes(model, pictureSize: pictureSize)
    self.losses = try Losses(losses)
    self.losses.shiftTarget = try attention.shiftTargetWeight(losses, self.losses.shiftTarget)
    schedule = try Schedule(training)
    checkpointsActivations = try training.boolean("checkpoint_activations", default: checkpointsActivations)
  }

  private mutating func readNetworks(_ model: JSONReader) throws {
    width = try model.integer("width", in: 2...4096, default: width)
    guard width % 2 == 0 else {
      throw model.failure("`width` must be even, and \(width) is not; the published width is 32")
    }
    criticWidth = try model.integer("critic_width", in: 1...4096, default: criticWidth)
    hasNarrowLocalCritic = try model.boolean("narrow_local_critic", default: hasNarrowLocalCritic)
    padding = try model.choice("padding", default: padding)
    // What goes with a padding in the public files of weights.
    let usual = padding == .symmetric ? Self.ported : Self()
    nearest = try model.choice("nearest", default: usual.nearest)
    holeReduction = try model.choice("hole_reduction", default: usual.holeReduction)
    start = try model.choice("start", default: start)
    testScales = try MultiScaleTest.scales(model, start: start)
    initialization = try model.choice("initialization", default: initialization)
    fuse = try model.boolean("fuse", default: fuse)
    attentionReduction = try model.choice("attention_reduction", default: attentionReduction)
    attentionLength = try model.choice("attention_length", default: usual.attentionLength)
  }

  /// - Parameter trained: The size of the pictures of a run, which the global critic must take.
  private mutating func readSizes(_ model: JSONReader, pictureSize trained: Int?) throws {
    let step = Critic.reduction
    pictureSize = try model.integer("picture_size", in: step...4096, default: trained ?? pictureSize)
    if let trained, trained != pictureSize {
      throw model.failure(
        "`picture_size` must be `data.size`, which is \(trained), and is \(pictureSize): leave it out")
    }
    guard pictureSize % step == 0 else {
      throw model.failure(
        "the critics of DeepFill v1 take pictures whose size (`data.size`) is a multiple of \(step), and "
          + "\(pictureSize) is not")
    }
    let half = max(step, pictureSize / 2 / step * step)
    localSize = try model.integer("local_size", in: step...pictureSize, default: half)
    guard localSize % step == 0 else {
      throw model.failure("`local_size` must be a multiple of \(step), and \(localSize) is not")
    }
  }
}

extension DeepFillV1Configuration.Losses {
  fileprivate init(_ reader: JSONReader) throws {
    func weight(_ key: String, _ published: Double) throws -> Double {
      try reader.real(key, in: .nonNegative, default: published)
    }
    adversarial = try weight("adversarial", adversarial)
    globalAdversarial = try weight("global_adversarial", globalAdversarial)
    reconstruction = try weight("reconstruction", reconstruction)
    autoencoding = try weight("autoencoding", autoencoding)
    coarse = try weight("coarse", coarse)
    gradientPenalty = try weight("gradient_penalty", gradientPenalty)
    spatialDiscount = try reader.real(
      "spatial_discount", in: Double.leastNonzeroMagnitude...1, default: spatialDiscount)
    penaltyRegion = try reader.choice("penalty_region", default: penaltyRegion)
    errorRegion = try reader.choice("error_region", default: errorRegion)
  }
}

extension DeepFillV1Configuration.Schedule {
  fileprivate init(_ reader: JSONReader) throws {
    criticUpdates = try reader.integer("critic_updates", in: 1...100, default: criticUpdates)
    sharesBatch = try reader.boolean("shared_batch", default: sharesBatch)
    pretrainsCoarse = try reader.boolean("pretrain_coarse", default: pretrainsCoarse)
  }
}
