import Foundation
import Kernels
import Support
package import Tensors

/// The metadata of a checkpoint, with which, and the tensors, a run can resume.
///
/// There are no times and no paths in it, so that equal runs write equal bytes. There is no state of a random
/// generator, because random numbers are a function of the seed, the name of the stream and the step.
package struct CheckpointFields: Equatable {
  package static let format = "kintsugi-checkpoint-1"

  package var step: Int
  /// The number of batches that have been loaded.
  package var batches: Int
  /// The number of steps of each network's optimizer, in the order of the networks.
  package var optimizerSteps: [Int]
  /// The number of updates of each moving average, in the order of the networks.
  package var averageUpdates: [Int]
  /// `TrainingConfiguration.arithmetic` as JSON.
  package var configuration: String
  /// OpenBLAS's kernel for this processor, and its version, on which the rounding of results depends.
  package var blas: String
  /// The vector instruction set of the build, on which the rounding of results depends; nil in checkpoints of older
  /// versions.
  package var instructionSet: String?
  /// The back end of the matrix products in convolutions, on which the rounding of results depends; nil in checkpoints
  /// of older versions.
  package var backEnd: String?
  /// A summary of the list of training pictures; nil for generated pictures, and in checkpoints of older versions.
  package var pictures: String?

  /// The kernel and version of the OpenBLAS in use.
  package static var currentBLAS: String {
    ([BLAS.kernelName] + BLAS.version.split(separator: " ").prefix(2).map(String.init)).joined(separator: " ")
  }

  package init(
    step: Int, batches: Int, optimizerSteps: [Int], averageUpdates: [Int], configuration: String,
    pictures: String? = nil
  ) {
    self.step = step
    self.batches = batches
    self.optimizerSteps = optimizerSteps
    self.averageUpdates = averageUpdates
    self.configuration = configuration
    self.pictures = pictures
    blas = Self.currentBLAS
    instructionSet = InstructionSet.ofBuild.rawValue
    backEnd = ConvolutionMethod.backEnd.rawValue
  }

  /// The fields as entries of a safetensors file's metadata.
  package var metadata: [(key: String, value: String)] {
    [
      ("format", Self.format), ("step", String(step)), ("batches", String(batches)),
      ("optimizer_steps", optimizerSteps.map(String.init).joined(separator: " ")),
      ("average_updates", averageUpdates.map(String.init).joined(separator: " ")),
      ("configuration", configuration), ("blas", blas),
    ]
      + [("instruction_set", instructionSet), ("products", backEnd), ("pictures", pictures)].compactMap { key, value in
        value.map { (key, $0) }
      }
  }

  /// Reads the fields from a file's metadata.
  ///
  /// - Throws: `Failure` of the kind `data` if the file is no checkpoint of a run.
  package init(_ reader: SafeTensorsReader) throws {
    func field(_ key: String) throws -> String {
      guard let value = reader.metadata(key) else {
        throw Failure(.data, "\(reader.path): expected a checkpoint of a run, found no `\(key)` in its metadata.")
      }
      return value
    }
    func numbers(_ key: String) throws -> [Int] {
      try field(key).split(separator: " ").map { text in
        guard let number = Int(text), number >= 0 else {
          throw Failure(.data, "\(reader.path): expected a count in the metadata's `\(key)`, found \"\(text)\".")
        }
        return number
      }
    }
    func number(_ key: String) throws -> Int {
      let all = try numbers(key)
      guard all.count == 1 else {
        throw Failure(.data, "\(reader.path): expected one count in the metadata's `\(key)`, found \(all.count).")
      }
      return all[0]
    }
    let format = try field("format")
    guard format == Self.format else {
      throw Failure(.data, "\(reader.path): expected the format \(Self.format), found \"\(format)\".")
    }
    step = try number("step")
    batches = try number("batches")
    optimizerSteps = try numbers("optimizer_steps")
    averageUpdates = try numbers("average_updates")
    configuration = try field("configuration")
    blas = try field("blas")
    instructionSet = reader.metadata("instruction_set")
    backEnd = reader.metadata("products")
    pictures = reader.metadata("pictures")
  }
}

/// A checkpoint that has been read and whose checksum has been verified.
package struct LoadedCheckpoint {
  package let path: String
  package let fields: CheckpointFields
  private let tensors: [String: Tensor]

  /// Reads a checkpoint, or the one that a pointer such as `latest` leads to.
  ///
  /// - Throws: `Failure` of the kind `missingInput`, `inputOutput`, or `data` if it is damaged or no checkpoint.
  package init(path: String) throws {
    let path = CheckpointPointer.target(of: path)
    let reader = try SafeTensorsReader(path: path)
    let fields = try CheckpointFields(reader)
    var tensors: [String: Tensor] = [:]
    try reader.verify { tensors[$0] = $1 }
    self.path = path
    self.fields = fields
    self.tensors = tensors
  }

  /// The tensor of a name and shape.
  ///
  /// - Throws: `Failure` of the kind `data` if there is no such tensor, or it has another shape.
  package func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw Failure(.data, "\(path): expected a tensor \(name), found none; it is of another model.")
    }
    guard tensor.shape == shape else {
      throw Failure(
        .data, "\(path): expected shape \(shape) for \(name), found \(tensor.shape); it is of another model.")
    }
    return tensor
  }
}
