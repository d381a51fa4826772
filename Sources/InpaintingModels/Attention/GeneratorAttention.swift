import NeuralNetworks
import Tensors

/// All attentions of a generator, in the order of the configuration: `attention.layers.0.…` in checkpoints.
final class GeneratorAttention: Module {
  let layers: [any PlacedAttention]
  private let plan: AttentionPlan

  /// - Parameter contextual: What entries of that kind use.
  init(_ plan: AttentionPlan, contextual: ContextualAttention, initialization: Initialization) {
    self.plan = plan
    let initialization = initialization["attention"]["layers"]
    layers = plan.entries.enumerated().map { index, entry in
      entry.kind.recipe.layer(
        at: plan.site(of: entry), contextual: contextual, initialization: initialization["\(index)"])
    }
  }

  /// Features after all attentions of a place, one after the other; unchanged if there is none.
  func callAsFunction(
    _ place: AttentionPlace, scale: Int, _ x: Tensor, _ surroundings: AttentionSurroundings
  ) -> Tensor {
    numbers(place, scale).reduce(x) { x, number in
      AttentionObservation.note(number, x, surroundings)
      return layers[number](x, surroundings)
    }
  }

  /// Features of the decoder beside those that skip to them: as they are if nothing does.
  func joined(
    scale: Int, decoded: Tensor, encoded: Tensor?, _ surroundings: AttentionSurroundings
  ) -> Tensor {
    guard let encoded, let number = numbers(.skip, scale).first else { return decoded }
    AttentionObservation.note(number, encoded, surroundings)
    return layers[number].joined(decoded: decoded, encoded: encoded, surroundings)
  }

  /// The shift connection of a scale, nil if there is none.
  func shift(at scale: Int) -> PlacedShift? { numbers(.skip, scale).first.flatMap { layers[$0] as? PlacedShift } }

  /// Whether features skip from the encoder to the decoder at a scale.
  func skips(at scale: Int) -> Bool { !numbers(.skip, scale).isEmpty }

  /// What the configuration put in, in its order.
  var insertions: [AttentionInsertion] {
    zip(plan.entries, layers).enumerated().map { number, entry in
      AttentionInsertion(number, entry.0.kind, at: plan.site(of: entry.0), entry.1)
    }
  }

  private func numbers(_ place: AttentionPlace, _ scale: Int) -> [Int] {
    plan.entries.indices.filter { plan.entries[$0].place == place && plan.entries[$0].scale == scale }
  }
}
