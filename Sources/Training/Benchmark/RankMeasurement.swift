import InpaintingModels
import NeuralNetworks
import Support
import Tensors

/// The time of a data-parallel training step, and the cost of its communication, as measured on one rank.
package struct RankMeasurement {
  let ranks: Int
  let leaves: Int
  let batch: Int
  let steps: Samples
  /// The seconds per step that rank 0 has waited for ranks that had not reached a collective call yet.
  let waited: Samples
  /// The seconds per step that this rank has waited for communication after all ranks had reached the call: communication
  /// that did not overlap with computation.
  let exchanged: Samples
  /// The blocking all-reduce of the gradients of each trained network, measured without computation at the same time.
  let networks: [(name: String, elements: Int, seconds: Samples)]
  /// The seconds of an all-gather that carries no data beside its headers.
  let latency: Samples

  /// The bytes that a rank sends per step: segments of its partial sums in the all-to-all, and its segment of the total in
  /// the all-gather. One complete subtree per rank is assumed.
  var sentBytes: Double {
    let elements = Double(networks.reduce(0) { $0 + $1.elements })
    return 2 * elements * Double(MemoryLayout<Scalar>.stride) * Double(ranks - 1) / Double(ranks)
  }

  /// The seconds of the all-reduces of all networks, without overlap.
  var exchange: Double { networks.reduce(0) { $0 + $1.seconds.median } }

  /// Measures all-reduces and latency between the ranks; a collective call.
  ///
  /// - Parameters:
  ///   - steps, waited, exchanged: The times of the steps after the warm-up.
  ///   - rounds: The number of all-reduces that are measured for each network.
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
      // The first call opens connections and allocates memory.
      try body()
      return Samples(try (0..<count).map { _ in try ContinuousClock().measure(body) / .seconds(1) })
    }
    latency = try seconds(20 * rounds) { _ = try communicator.allGather([]) }
    networks = try state.networks.filter(\.isTrained).map { network in
      let elements = network.module.parameterCount
      let samples = try seconds(rounds) {
        var sum = TreeSum<LeafValues>(+)
        // One complete subtree per rank.
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
  /// Measures data-parallel training steps and their communication; a collective call.
  ///
  /// - Parameter communicator: The ranks that share the micro-batches (leaves) of each batch.
  /// - Returns: Nil if the measurement was interrupted.
  /// - Throws: `Failure` for whatever training would refuse, or the one with which another rank has ended.
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
