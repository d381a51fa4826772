package import Kernels
import Support

/// The section `training`, as far as every model has it: how long, how often, with what.
package struct RunConfiguration: Sendable {
  package let batchSize: Int
  /// The number of leaves that a batch is divided into: their gradients are computed one leaf after the other and averaged, which
  /// takes the memory of one leaf. Batch statistics are a leaf's own.
  package let leaves: Int
  /// True if each of several processes keeps the optimizer's moments of its own part of the parameters alone, which changes
  /// no number.
  package let shardsOptimizer: Bool
  /// The step at which the run ends.
  package let steps: Int
  package let seed: UInt64
  /// Threads that compute; nil for one a processor.
  package let threads: Int?
  /// The algorithms that convolutions may use.
  package let convolution: ConvolutionMethod
  /// Steps between checkpoints; the last step always has one. 0 for no others.
  package let checkpointEvery: Int
  /// Steps between sheets of sample pictures; 0 for none.
  package let sampleEvery: Int
  /// Steps between validations; 0 for none.
  package let validateEvery: Int
  /// The number of checkpoints that stay in the run directory.
  package let keepCheckpoints: Int
  /// The measure of the validation by which the best checkpoint stays beside the newest; nil if none does.
  package let keepBest: KeptMetric?
  /// The decay of the moving averages of the weights of networks that fill pictures; nil for no average.
  package let averageDecay: Double?

  /// - Parameter phaseSteps: The steps of all phases together; nil where none are named.
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

  /// Sets what holds for the whole process: the number of threads and the algorithms.
  func applyToProcess() {
    if let threads { Threads.count = threads }
    ConvolutionMethod.current = convolution
  }
  /// The samples of a batch that a process computes.
  func samples(of communicator: any Communicator) -> Range<Int> {
    let (own, size) = (communicator.leaves(of: leaves), batchSize / leaves)
    return own.lowerBound * size..<own.upperBound * size
  }

  /// - Throws: `Failure` of the kind `configuration` if there is no leaf for some process.
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
