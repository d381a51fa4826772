import NeuralNetworks
import Support
import Tensors

// The keys of external attentions, and of attention in general.

extension ExternalAttention: PlainLayer {}
extension ExternalAttentionBlock: PlainLayer {}
extension MultiHeadExternalAttention: PlainLayer {}
extension MultiHeadAttention: PlainLayer {}

extension ExternalAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    memoryUnits = try reader.integer("memory_units", in: 1...4096, default: memoryUnits)
    tied = try reader.boolean("tied", default: tied)
  }
}

extension MultiHeadExternalAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    heads = try reader.integer("heads", in: 1...256, default: heads)
    expansion = try reader.integer("expansion", in: 1...16, default: expansion)
    memoryUnits = try reader.integer("memory_units", in: 1...4096, default: memoryUnits)
  }
}

extension MultiHeadAttention.Options: AttentionOptions {
  init(_ reader: JSONReader) throws {
    self.init()
    heads = try reader.integer("heads", in: 1...256, default: heads)
    similarity = try reader.choice("similarity", default: similarity)
  }
}
