import Evaluation
import Imaging
import InpaintingData
import InpaintingModels
import Kernels
import Tensors

/// A sheet of fixed pictures, one a row: the original, with its hole, each stage of the network, the completed picture, and
/// what patches of the known pixels make of it, which looks sharp where nothing was learned.
struct SampleSheet {
  /// How many pictures a sheet shows.
  static let rowCount = 4

  private let pictures: [InpaintingBatch]
  private let patches: [Picture]

  init(_ validation: Validation) {
    pictures = Array(validation.pictures.prefix(Self.rowCount))
    patches = validation.examples.prefix(Self.rowCount).map { example in
      var filled = example.picture
      ClassicalFill.patches.fill(&filled, hole: example.hole, threads: Threads.count)
      return filled
    }
  }

  /// Fills the pictures and lays them out.
  func picture(of model: any InpaintingModel) -> Picture {
    Picture(
      grid: zip(pictures, patches).map { batch, patches in
        let filling = model.fill(batch)
        // The hole is shown white, as in hole pictures.
        let damaged = batch.known + batch.holes
        let columns = [batch.images, damaged] + filling.stages.map(\.pictures) + [filling.completed]
        return columns.map { Picture($0) } + [patches]
      })
  }
}
