import InpaintingData
import Support

/// The section `data`: where pictures come from and what becomes of them.
package struct DataConfiguration: Sendable {
  /// A folder, a list file, or `procedural`.
  package let train: String
  /// Pictures to validate on; nil holds some of the training pictures back.
  package let validation: String?
  /// The most pictures to validate on; 0 for none.
  package let validationCount: Int
  /// The side of the square that the network sees, in pixels.
  package let size: Int
  package let crop: Crop
  package let flip: Bool
  /// Threads that prepare pictures.
  package let workers: Int

  init(_ reader: JSONReader) throws {
    train = try reader.string("train", default: "procedural")
    validation = try reader.optional("validation")?.string()
    validationCount = try reader.integer("validation_count", in: 0...100_000, default: 16)
    size = try reader.integer("size", in: 8...4096, default: 256)
    crop = try reader.choice("crop", default: .random)
    flip = try reader.boolean("flip", default: true)
    workers = try reader.integer("workers", in: 1...64, default: 2)
  }
  /// - Parameter multiple: What the model's pictures must be a multiple of.
  func requireMultiple(of multiple: Int, in reader: JSONReader) throws {
    guard size % multiple == 0 else {
      throw reader.failure("`size` must be a multiple of \(multiple) for this model, and \(size) is not")
    }
  }
}
