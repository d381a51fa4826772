import NeuralNetworks
import Support
import Tensors

// The keys of attentions to channels, and of those to channels and places.

extension SqueezeExcitation: PlainLayer {}
extension SelectiveKernel: PlainLayer {}
extension EfficientChannelAttention: PlainLayer {}
extension ConvolutionalBlockAttention: PlainLayer {}
extension ChannelAffinityAttention: PlainLayer {}
extension DualAttention: PlainLayer {}
extension ResidualAttention: PlainLayer {}

extension SqueezeExcitation.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
    bias = try reader.boolean("bias", default: bias)
  }
}

extension SelectiveKernel.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    paths = try reader.integer("paths", in: 1...8, default: paths)
    groups = try reader.integer("groups", in: 1...4096, default: groups)
    reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
    minimumLength = try reader.integer("minimum_length", in: 1...4096, default: minimumLength)
  }
}

extension EfficientChannelAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    kernel = try reader.optional("kernel")?.integer(in: 1...255)
  }
}

extension ConvolutionalBlockAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
    kernel = try reader.integer("kernel", in: 1...63, default: kernel)
    order = try reader.choice("order", default: order)
    initZero = try reader.boolean("init_zero", default: initZero)
  }
}

extension ChannelAffinityAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    energy = try reader.choice("energy", default: energy)
  }
}

extension DualAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    reduction = try reader.integer("reduction", in: 1...4096, default: reduction)
    position.reduction = try reader.integer("position_reduction", in: 1...4096, default: position.reduction)
    channel.energy = try reader.choice("energy", default: channel.energy)
  }
}

extension ResidualAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    downLevels = try reader.integer("down_levels", in: 1...3, default: downLevels)
    activation = try reader.choice("activation", default: activation)
    interpolation = try reader.choice("interpolation", default: interpolation)
  }
}
