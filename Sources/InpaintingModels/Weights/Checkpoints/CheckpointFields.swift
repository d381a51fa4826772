import Foundation
import Kernels
import Support
package import Tensors

/// The metadata of a checkpoint: what a run needs beside its tensors to go on.
///
/// It holds nothing of the time or the place: two runs that computed the same write the same bytes. Random numbers need
/// no state, for each is a function of the seed, its purpose and the step.
package struct CheckpointFields: Equatable {
  package static let format = "kintsugi-checkpoint-1"

  package var step: Int
  /// The number of batches that have been taken from the data.
  package var batches: Int
  /// The steps that each network's optimizer has made, and the updates of each moving average, in the order of the
  /// networks.
  package var optimizerSteps: [Int]
  package var averageUpdates: [Int]
  /// `TrainingConfiguration.arithmetic` as JSON.
  package var configuration: String
  /// OpenBLAS's kernel for this processor, and its version, on which the last bits of the results depend.
  package var blas: String
  /// The vector instructions of the build, and the back end of its convolutions' products, on which they depend too; nil
  /// in checkpoints of before they were recorded.
  package var instructionSet: String?
  package var backEnd: String?
  /// The list of pictures that were trained on, in short; nil for built-in ones, and in older checkpoints.
  package var pictures: String?

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

/// A checkpoint that has been read and found intact.
package struct LoadedCheckpoint {
  package let path: String
  package let fields: CheckpointFields
  private let tensors: [String: Tensor]

  /// Reads a file, or the one that `latest` points to.
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
