import Kernels
import Support

/// The section `training`, as far as every model has it: how long, how often, with what.
package struct RunConfiguration: Sendable {
  package let batchSize: Int
  /// The step at which the run ends.
  package let steps: Int
  package let seed: UInt64
  /// Threads that compute; nil for one a processor.
  package let threads: Int?
  /// Which algorithms convolutions may use.
  package let convolution: ConvolutionMethod
  /// Steps between checkpoints; the last step always has one. 0 for no others.
  package let checkpointEvery: Int
  /// Steps between sheets of sample pictures; 0 for none.
  package let sampleEvery: Int
  /// Steps between validations; 0 for none.
  package let validateEvery: Int
  /// How many checkpoints stay in the run directory.
  package let keepCheckpoints: Int
  /// The decay of the moving average of the first network's weights; nil for no average.
  package let averageDecay: Double?

  init(_ reader: JSONReader) throws {
    batchSize = try reader.integer("batch_size", in: 1...4096)
    steps = try reader.integer("steps", in: 1 ... .max)
    seed = UInt64(try reader.integer("seed", in: 0 ... .max, default: 0))
    threads = try reader.optional("threads")?.integer(in: 1...1024)
    convolution = try reader.choice("convolution", default: .fast)
    checkpointEvery = try reader.integer("checkpoint_every", in: 0 ... .max, default: 1000)
    sampleEvery = try reader.integer("sample_every", in: 0 ... .max, default: 500)
    validateEvery = try reader.integer("validate_every", in: 0 ... .max, default: 500)
    keepCheckpoints = try reader.integer("keep_checkpoints", in: 1...100_000, default: 3)
    averageDecay = try reader.optional("average_decay")?.real(in: .from(0, below: 1))
  }

  /// Sets what holds for the whole process: the number of threads and the algorithms.
  func applyToProcess() {
    if let threads { Threads.count = threads }
    ConvolutionMethod.current = convolution
  }
}
