import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// The time that a step of several processes takes, and what of it goes into their exchange.
package struct RankMeasurement {
  let ranks: Int
  let leaves: Int
  let batch: Int
  let steps: Samples
  /// The seconds that this process has waited for others, a step.
  let waited: Samples
  /// The seconds that this process has waited for sums that all were at, a step: what of the exchange it could not hide.
  let exchanged: Samples
  /// The exchange of the gradients of each network by itself, while nobody computes.
  let networks: [(name: String, elements: Int, seconds: Samples)]
  /// The seconds of a message of a few bytes between all.
  let latency: Samples

  /// The bytes that a process sends in a step, of whole subtrees and of sums.
  var sentBytes: Double {
    let elements = Double(networks.reduce(0) { $0 + $1.elements })
    return 2 * elements * Double(MemoryLayout<Scalar>.stride) * Double(ranks - 1) / Double(ranks)
  }

  /// The seconds of a step's exchange.
  var exchange: Double { networks.reduce(0) { $0 + $1.seconds.median } }

  /// - Parameters:
  ///   - steps, waited, exchanged: Those of the steps after the warm-up.
  ///   - rounds: The exchanges of each network that are measured.
  init(
    _ state: TrainingState, _ communicator: any Communicator, leaves: Int, batch: Int, steps: Samples, waited: Samples,
    exchanged: Samples, rounds: Int
  ) throws {
    ranks = communicator.count
    self.leaves = leaves
    self.batch = batch
    self.steps = steps
    self.waited = waited
    self.exchanged = exchanged
    func seconds(_ count: Int, _ body: () throws -> Void) throws -> Samples {
      // The first makes connections and memory.
      try body()
      return Samples(try (0..<count).map { _ in try ContinuousClock().measure(body) / .seconds(1) })
    }
    latency = try seconds(20 * rounds) { _ = try communicator.allGather([]) }
    networks = try state.networks.filter(\.isTrained).map { network in
      let elements = network.module.parameterCount
      let samples = try seconds(rounds) {
        var sum = TreeSum<LeafValues>(+)
        // One whole subtree a process.
        sum.append(LeafValues(gradients: [.zeros([elements])]), of: communicator.rank)
        _ = try communicator.allReduce(sum, of: communicator.count)
      }
      return (network.name, elements, samples)
    }
  }

  package var lines: [String] {
    [
      "ranks        \(ranks): \(steps.median.decimals(4)) s a step (median of \(steps.values.count), least "
        + "\(steps.minimum.decimals(4))) of \(batch) pictures in \(leaves) leaves, "
        + "\((Double(batch) / steps.median).decimals(2)) pictures/s, rank 0 waits \(waited.median.decimals(4)) s for others and "
        + "\(exchanged.median.decimals(4)) s for sums"
    ]
      + networks.map {
        "exchange     \($0.name), by itself: \($0.elements.grouped) elements in \($0.seconds.median.decimals(4)) s (least "
          + "\($0.seconds.minimum.decimals(4)))"
      } + [
        "exchange     \(exchange.decimals(4)) s a step by itself, \((sentBytes / 1e6).decimals(1)) MB sent by each rank; a message of "
          + "a few bytes \((1e3 * latency.median).decimals(3)) ms (least \((1e3 * latency.minimum).decimals(3)))"
      ]
  }

  package var json: JSONValue {
    [
      "ranks": JSONValue(ranks), "leaves": JSONValue(leaves), "batch": JSONValue(batch),
      "step_seconds": JSONValue(steps.median), "waited_seconds": JSONValue(waited.median),
      "waited_for_sums_seconds": JSONValue(exchanged.median),
      "exchange_seconds": JSONValue(exchange), "sent_bytes": JSONValue(sentBytes),
      "latency_seconds": JSONValue(latency.median),
    ]
  }
}

extension TrainingBenchmark {
  /// Measures steps of several processes, and their exchange.
  ///
  /// - Parameter communicator: The processes that share the leaves of each batch.
  /// - Returns: Nil if it was interrupted.
  package func measureRanks(
    _ communicator: any Communicator, interruption: Interruption, console: Console
  ) throws -> RankMeasurement? {
    let console = communicator.isFirst ? console : .silent
    try configuration.training.requireLeaves(of: communicator)
    configuration.training.applyToProcess()
    let warmUp = options.warmUp
    guard let (times, state) = try train(configuration, interruption, console, communicator: communicator)
    else { return nil }
    return try RankMeasurement(
      state, communicator, leaves: configuration.training.leaves, batch: configuration.training.batchSize,
      steps: Samples(Array(times.seconds.dropFirst(warmUp))),
      waited: Samples(Array(times.waitedForOthers.dropFirst(warmUp))),
      exchanged: Samples(Array(times.exchanged.dropFirst(warmUp))), rounds: options.isQuick ? 2 : 10)
  }
}
