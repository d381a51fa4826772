package import Kernels
import Support

/// The section `training`, without the keys of single models: batch size, number of steps, seed, threads, and the intervals
/// of checkpoints, samples and validation.
package struct RunConfiguration: Sendable {
  /// The number of samples of a batch, over all ranks and micro-batches.
  package let batchSize: Int
  /// The number of micro-batches (leaves) that a batch is divided into, for gradient accumulation and for data-parallel
  /// training. Gradients are computed micro-batch by micro-batch and averaged, which takes the memory of one micro-batch.
  /// Batch statistics are those of a micro-batch.
  package let leaves: Int
  /// True to shard the optimizers' moments among ranks, as in ZeRO stage 1, which saves memory and changes no number.
  package let shardsOptimizer: Bool
  /// The total number of steps of the run.
  package let steps: Int
  package let seed: UInt64
  /// The number of threads that compute; nil for one per processor.
  package let threads: Int?
  /// The algorithms that convolutions may use.
  package let convolution: ConvolutionMethod
  /// The number of steps between checkpoints; 0 for a checkpoint after the last step only.
  package let checkpointEvery: Int
  /// The number of steps between sheets of sample pictures; 0 for no sheets.
  package let sampleEvery: Int
  /// The number of steps between validations; 0 for no validation.
  package let validateEvery: Int
  /// The number of newest checkpoints that are kept in the run directory.
  package let keepCheckpoints: Int
  /// The validation metric by which the best checkpoint is kept beside the newest; nil to keep the newest only.
  package let keepBest: KeptMetric?
  /// The decay of the EMA of weights, for networks that have one; nil for no EMA.
  package let averageDecay: Double?

  /// - Parameter phaseSteps: The number of steps of all phases together; nil if the configuration has no phases.
  init(_ reader: JSONReader, phaseSteps: Int?) throws {
    batchSize = try reader.integer("batch_size", in: 1...4096)
    leaves = try reader.integer("leaves", in: 1...4096, default: 1)
    shardsOptimizer = try reader.boolean("shard_optimizer", default: false)
    steps = try reader.integer("steps", in: 1 ... .max, default: phaseSteps)
    if let phaseSteps, steps != phaseSteps, let field = reader.value("steps") {
      throw field.failure(
        "expected no such key, or \(phaseSteps), which the steps of `training.phases` add up to, found \(steps)")
    }
    seed = UInt64(try reader.integer("seed", in: 0 ... .max, default: 0))
    threads = try reader.optional("threads")?.integer(in: 1...1024)
    convolution = try reader.choice("convolution", default: .fast)
    checkpointEvery = try reader.integer("checkpoint_every", in: 0 ... .max, default: 1000)
    sampleEvery = try reader.integer("sample_every", in: 0 ... .max, default: 500)
    validateEvery = try reader.integer("validate_every", in: 0 ... .max, default: 500)
    keepCheckpoints = try reader.integer("keep_checkpoints", in: 1...100_000, default: 3)
    keepBest = try reader.optional("keep_best")?.choice(of: KeptMetric.self)
    averageDecay = try reader.optional("average_decay")?.real(in: .from(0, below: 1))
    guard keepBest == nil || validateEvery > 0 else {
      throw reader.failure(
        "`keep_best`: expected `validate_every` above 0, as it compares validations, found 0; leave it out, or set that"
      )
    }
    guard batchSize % leaves == 0 else {
      let divisors = (1...batchSize).filter { batchSize.isMultiple(of: $0) }.map(String.init).joined(separator: ", ")
      throw reader.failure(
        "`leaves`: expected a divisor of the `batch_size` of \(batchSize), one of \(divisors), found \(leaves); choose one of "
          + "them, or another `batch_size`")
    }
  }

  /// Sets the settings of the process as a whole: the number of threads and the convolution algorithms.
  func applyToProcess() {
    if let threads { Threads.count = threads }
    ConvolutionMethod.current = convolution
  }
  /// The samples of a batch that this rank computes.
  func samples(of communicator: any Communicator) -> Range<Int> {
    let (own, size) = (communicator.leaves(of: leaves), batchSize / leaves)
    return own.lowerBound * size..<own.upperBound * size
  }

  /// - Throws: `Failure` of the kind `configuration` if there are fewer micro-batches than ranks.
  func requireLeaves(of communicator: any Communicator) throws {
    let count = communicator.count
    guard leaves < count else { return }
    let numbers = (1...batchSize).filter { batchSize.isMultiple(of: $0) && $0 >= count }.map(String.init)
    let remedy =
      numbers.isEmpty
      ? "a `training.batch_size` of \(count) or more" : "`training.leaves` of \(numbers.joined(separator: ", "))"
    throw Failure(
      .configuration,
      "`training.leaves`: \(count) ranks cannot share \(leaves == 1 ? "1 leaf" : "\(leaves) leaves") of a batch of "
        + "\(batchSize), expected at most \(leaves == 1 ? "1 rank" : "\(leaves) ranks"), or \(remedy).")
  }
}
