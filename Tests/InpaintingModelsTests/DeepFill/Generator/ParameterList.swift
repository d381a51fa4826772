import NeuralNetworks
import Tensors
import TestSupport

@testable import InpaintingModels
@testable import Support

/// Everything that a model saves, in its order: a line for each parameter and buffer with its network, name, shape and,
/// of a parameter, a checksum of its initial values.
enum ParameterList {
  /// The list of a published DeepFill v1 of the width 4 when the first checkpoints were written.
  static let deepFillV1 = Fixture.lines("deepfill_v1_parameters")
  /// The list of a published DeepFill v2 of the width 8 when the first checkpoints were written.
  static let deepFillV2 = Fixture.lines("deepfill_v2_parameters")
  /// The lists of attentions of every kind, one after the other in the registry's order, by the number of each.
  static let attention = Fixture.lines("attention_parameters")

  static func lines(of model: any InpaintingModel) -> [String] {
    model.networks.flatMap { network in
      network.module.namedParameters.map { name, parameter in
        "\(network.name) \(name) \(text(parameter.shape)) \(checksum(parameter.value))"
      }
        + network.module.namedBuffers.map { name, buffer in "\(network.name) \(name) \(text(buffer.value.shape))" }
    }
  }

  /// Narrow networks for pictures of 32 x 32.
  ///
  /// - Parameters:
  ///   - entries: The key `attention`; nil leaves it out.
  ///   - more: Other keys of `model`.
  static func v2(_ entries: JSONValue? = nil, more: [(String, JSONValue)] = []) throws -> DeepFillV2 {
    let keys: [(String, JSONValue)] = [("discriminator_width", 2)]
    return DeepFillV2(
      try AttentionModels.read(DeepFillV2Configuration.self, entries, width: 8, more: keys + more), seed: 5)
  }

  static func v1(_ entries: JSONValue? = nil, more: [(String, JSONValue)] = []) throws -> DeepFillV1 {
    let keys: [(String, JSONValue)] = [("critic_width", 2)]
    return DeepFillV1(
      try AttentionModels.read(DeepFillV1Configuration.self, entries, width: 4, more: keys + more), seed: 5)
  }

  private static func text(_ shape: Shape) -> String { shape.map(String.init).joined(separator: "x") }

  private static func checksum(_ values: Tensor) -> String {
    let bytes = values.elements.flatMap { value in
      withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { Array($0) }
    }
    let digits = String(CRC32C.checksum(bytes), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
