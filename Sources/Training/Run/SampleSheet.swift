import Evaluation
import Imaging
import InpaintingData
import InpaintingModels
import Kernels
import Tensors

/// A sheet of fixed pictures, one a row: the original, with its hole, the conditions that the model is given, each stage of the
/// network, the label map that it predicts, if it does, the completed picture, and what patches of the known pixels make of it, which looks sharp where nothing was
/// learned.
struct SampleSheet {
  /// How many pictures a sheet shows.
  static let rowCount = 4

  private let pictures: [InpaintingBatch]
  private let examples: [Example]
  private let patches: [Picture]

  init(_ validation: Validation) {
    pictures = Array(validation.pictures.prefix(Self.rowCount))
    examples = Array(validation.examples.prefix(Self.rowCount))
    patches = examples.map { example in
      var filled = example.picture
      ClassicalFill.patches.fill(&filled, hole: example.hole, threads: Threads.count)
      return filled
    }
  }

  /// Fills the pictures and lays them out.
  func picture(of model: any InpaintingModel) -> Picture {
    Picture(
      grid: pictures.indices.map { row in
        let (batch, example) = (pictures[row], examples[row])
        let filling = model.fill(batch)
        // The hole is shown white, as in hole pictures.
        let damaged = batch.known + batch.holes
        let conditions = model.conditions.compactMap { example.conditions[$0]?.shown(with: example.hole) }
        let labels = model.labelMaps(of: filling)?.map(\.colors) ?? []
        return [Picture(batch.images), Picture(damaged)] + conditions + filling.stages.map { Picture($0.pictures) }
          + labels
          + [Picture(filling.completed), patches[row]]
      })
  }
}
