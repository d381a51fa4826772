import Foundation

/// The learning rate at each step of a training run.
package struct LearningRateSchedule: Hashable, Sendable {
  /// The decay of the rate after the warm-up, with steps counted from the end of the warm-up.
  package enum Decay: Hashable, Sendable {
    /// No decay.
    case constant
    /// Multiplication by `factor` every `every` steps.
    case step(every: Int, factor: Double)
    /// Cosine annealing from the base rate to `final`, which is reached after `steps` steps and kept (Loshchilov and
    /// Hutter, 2017, eq. 5, without restarts).
    case cosine(steps: Int, final: Double)
  }

  /// The rate after the warm-up.
  package var base: Double
  package var decay: Decay
  /// The number of steps of the linear warm-up: the first step has the rate base / warmUpSteps.
  package var warmUpSteps: Int

  package init(base: Double, decay: Decay = .constant, warmUpSteps: Int = 0) {
    self.base = base
    self.decay = decay
    self.warmUpSteps = warmUpSteps
  }

  /// The rate of a step, counted from 0.
  package func rate(at step: Int) -> Double {
    guard step >= warmUpSteps else { return base * Double(step + 1) / Double(warmUpSteps) }
    let step = step - warmUpSteps
    switch decay {
    case .constant: return base
    case .step(let every, let factor):
      return base * pow(factor, Double(step / max(1, every)))
    case .cosine(let steps, let final):
      let progress = min(1, Double(step) / Double(max(1, steps)))
      return final + (base - final) * (1 + cos(.pi * progress)) / 2
    }
  }
}
