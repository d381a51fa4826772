package import NeuralNetworks
import Support

/// An entry of the section `optimizers`: the hyperparameters of Adam for one network, with its learning-rate schedule and
/// gradient clipping.
package struct OptimizerConfiguration: Sendable {
  /// The name of the network, such as `generator`.
  package let network: String
  package let beta1: Double
  package let beta2: Double
  package let epsilon: Double
  package let schedule: LearningRateSchedule
  package let clipping: GradientClipping

  private enum Name: String, CaseIterable {
    case adam
  }

  private enum ScheduleName: String, CaseIterable {
    case constant
    case step
    case cosine
  }

  /// - Parameters:
  ///   - defaultLearningRate: The default learning rate.
  ///   - trainingSteps: The default length of a cosine schedule, in steps.
  init(_ reader: JSONReader, network: String, defaultLearningRate: Double, trainingSteps: Int) throws {
    self.network = network
    _ = try reader.choice("name", default: Name.adam)
    let rate = try reader.real("learning_rate", in: .positive, default: defaultLearningRate)
    beta1 = try reader.real("beta1", in: .from(0, below: 1), default: 0.5)
    beta2 = try reader.real("beta2", in: .from(0, below: 1), default: 0.999)
    epsilon = try reader.real("epsilon", in: .positive, default: 1e-8)
    clipping = try Self.clipping(reader)
    schedule = try Self.schedule(reader.object("schedule"), rate: rate, trainingSteps: trainingSteps)
  }

  /// Reads `clip_norm`, which limits the norm of all gradients of the network together, or `clip_value`, which limits each
  /// element.
  private static func clipping(_ reader: JSONReader) throws -> GradientClipping {
    let norm = try reader.optional("clip_norm")?.real(in: .positive)
    let value = try reader.optional("clip_value")?.real(in: .positive)
    switch (norm, value) {
    case (let norm?, nil): return .globalNorm(norm)
    case (nil, let value?): return .value(value)
    case (nil, nil): return .none
    default: throw reader.failure("expected one of `clip_norm` and `clip_value`, found both")
    }
  }

  private static func schedule(
    _ reader: JSONReader, rate: Double, trainingSteps: Int
  ) throws -> LearningRateSchedule {
    let warmup = try reader.integer("warm_up_steps", in: 0 ... .max, default: 0)
    switch try reader.choice("name", default: ScheduleName.constant) {
    case .constant:
      return LearningRateSchedule(base: rate, decay: .constant, warmUpSteps: warmup)
    case .step:
      let every = try reader.integer("every", in: 1 ... .max)
      let factor = try reader.real("factor", in: .positive, default: 0.5)
      return LearningRateSchedule(base: rate, decay: .step(every: every, factor: factor), warmUpSteps: warmup)
    case .cosine:
      let steps = try reader.integer("steps", in: 1 ... .max, default: trainingSteps)
      let final = try reader.real("final_rate", in: .nonNegative, default: 0)
      return LearningRateSchedule(base: rate, decay: .cosine(steps: steps, final: final), warmUpSteps: warmup)
    }
  }
}
