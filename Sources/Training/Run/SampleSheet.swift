import Imaging
import InpaintingData
import InpaintingModels
import Tensors

/// A sheet of fixed pictures, one a row: the original, with its hole, each stage of the network, and the completed
/// picture.
struct SampleSheet {
  /// How many pictures a sheet shows.
  static let rowCount = 4

  let pictures: [InpaintingBatch]

  init(_ validation: Validation) {
    pictures = Array(validation.pictures.prefix(SampleSheet.rowCount))
  }

  /// Fills the pictures and lays them out.
  func picture(of model: any InpaintingModel) -> Picture {
    Picture(
      grid: pictures.map { batch in
        let filling = model.fill(batch)
        // The hole is shown white, as in hole pictures.
        let damaged = batch.known + batch.holes
        let columns = [batch.images, damaged] + filling.stages.map(\.pictures) + [filling.completed]
        return columns.map { Picture($0) }
      })
  }
}
