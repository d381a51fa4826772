import InpaintingData
import Tensors

/// The labels that training asks the second stage to follow.
extension SemanticGuidance {
  /// The leaf with labels requested in the holes: of some samples none, so that they are filled by the labels that the first
  /// stage predicts, as a picture is that nobody edits; of some one class of the picture everywhere, as somebody might paint
  /// it; of the others the true ones.
  func requestingLabels(_ leaf: StepBatch.Leaf, _ randomness: StepRandomness) -> StepBatch.Leaf {
    guard let classes = configuration.classes, let decoder = configuration.decoder,
      let labels = leaf.batch.trueLabels(configuration.classes)
    else { preconditionFailure("SemanticGuidance: expected a batch with labels for the second stage") }
    func draws(_ purpose: String) -> [Double] {
      randomness.uniform([leaf.sampleCount], purpose: purpose).sliced(axis: 0, leaf.samples).elements.map { Double($0) }
    }
    let (kinds, choices) = (draws("predicted labels"), decoder.editedLabels > 0 ? draws("edited labels") : [])
    let requests = kinds.enumerated().map { sample, kind -> Tensor in
      let own = labels.sliced(axis: 0, sample..<sample + 1)
      if kind < decoder.predictedLabels { return .zeros(own.shape) }
      guard kind < decoder.predictedLabels + decoder.editedLabels else { return own }
      let present = own.sum(axes: [0, 1, 2]).elements.enumerated().filter { $0.element > 0 }.map(\.offset)
      guard !present.isEmpty else { return own }
      let name = present[min(present.count - 1, Int(choices[sample] * Double(present.count)))]
      return .oneHot([Int?](repeating: name, count: own.count / own.shape[3]), shape: own.shape)
    }
    return leaf.with(leaf.batch.with(.requestedLabels(classes), concatenate(requests, axis: 0)))
  }

  /// 1 for each sample of which labels are requested in the hole that are not its own, [batch, 1, 1, 1]; nil if there are no
  /// such samples.
  func isEdited(_ batch: InpaintingBatch) -> Tensor? {
    guard let classes = configuration.classes, configuration.decoder?.editedLabels ?? 0 > 0,
      let requested = batch[.requestedLabels(classes)], let labels = batch.trueLabels(configuration.classes)
    else { return nil }
    let others = (requested * (1 - labels) * batch.holes).sum(axes: [1, 2, 3])
    return Tensor(others.elements.map { $0 > 0 ? 1 : 0 }, shape: others.shape)
  }
}
