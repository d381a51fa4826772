import Evaluation
import InpaintingData
import InpaintingModels
import Support
import Tensors

/// A fixed set of pictures with fixed holes, filled again and again to see how the training goes.
struct Validation {
  let pictures: [InpaintingBatch]
  /// The fill that needs no network, for comparison.
  let baseline: HoleQuality

  /// - Parameters:
  ///   - pictures: What is validated on; those that cannot be read are left out.
  ///   - preparation: With a centre crop and without flips.
  ///   - onSkip: Gets a sentence for each picture that is left out.
  /// - Throws: `Failure` of the kind `data` if no picture can be read.
  init(
    pictures: PictureCollection, count: Int, preparation: SamplePreparation, onSkip: (String) -> Void
  ) throws {
    var batches: [InpaintingBatch] = []
    for index in 0..<min(count, pictures.count ?? count) {
      do {
        let sample = try preparation.sample(number: index, picture: index, of: pictures)
        let size = preparation.size
        let image = Tensor(shape: [1, size, size, 3]) { sample.writePicture(to: $0.baseAddress!) }
        let hole = Tensor(shape: [1, size, size, 1]) { sample.writeHole(to: $0.baseAddress!) }
        batches.append(InpaintingBatch(images: image, holes: hole))
      } catch let failure as Failure where failure.kind == .data {
        onSkip("The validation picture \(pictures.name(of: index)) is left out: \(failure.message)")
      }
    }
    guard !batches.isEmpty else {
      throw Failure(.data, "None of the validation pictures can be read: expected JPEG or PNG files.")
    }
    self.pictures = batches
    baseline = Self.quality(of: batches) { meanColourFill($0.images, holes: $0.holes) }
  }

  /// The mean quality of the model's fillings.
  func quality(of model: any InpaintingModel) -> HoleQuality {
    Self.quality(of: pictures) { model.fill($0).completed }
  }

  private static func quality(of batches: [InpaintingBatch], fill: (InpaintingBatch) -> Tensor) -> HoleQuality {
    HoleQuality.mean(
      of: batches.flatMap { HoleQuality.ofEach(filled: fill($0), original: $0.images, holes: $0.holes) })
  }
}
