import NeuralNetworks
import Support
import Tensors

// The keys of attentions to places.

extension SelfAttention: PlainLayer {}
extension PooledSelfAttention: PlainLayer {}
extension NonLocalBlock: PlainLayer {}
extension CrissCrossAttention: PlainLayer {}
extension SpatialTransformer: PlainLayer {}

extension SelfAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
  }
}

extension PooledSelfAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
    valueReduction = try reader.integer("value_reduction", in: 1...4096, default: valueReduction)
    spectralNorm = try reader.boolean("spectral_norm", default: spectralNorm)
  }
}

extension NonLocalBlock.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    kind = try reader.choice("similarity", default: kind)
    reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
    subSample = try reader.boolean("sub_sample", default: subSample)
    poolPosition = try reader.choice("pool_position", default: poolPosition)
    scale = try reader.boolean("scaled", default: scale)
    batchNorm = try reader.boolean("batch_norm", default: batchNorm)
    initZero = try reader.boolean("init_zero", default: initZero)
  }
}

extension CrissCrossAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
    recurrence = try reader.integer("recurrence", in: 1...16, default: recurrence)
  }
}

extension SpatialTransformer.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    localizationChannels = try reader.integer("localization_channels", in: 1...1024, default: localizationChannels)
    localizationCells = try reader.integer("localization_cells", in: 1...64, default: localizationCells)
    alignCorners = try reader.boolean("align_corners", default: alignCorners)
  }
}
