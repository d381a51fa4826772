import Evaluation
import Imaging
import InpaintingData
import InpaintingModels
import Support
import Tensors

/// A fixed set of pictures with fixed holes, filled again and again to see how the training goes.
struct Validation {
  let pictures: [InpaintingBatch]
  /// The examples of the pictures.
  let examples: [Example]
  /// The fill by one color, for comparison.
  let baseline: HoleQuality
  /// The fill by Laplace's equation: what a network must be better than to be of use.
  let harmonic: HoleQuality

  /// - Parameters:
  ///   - pictures: What is validated on; those that cannot be read are left out.
  ///   - preparation: With a centre crop and without flips.
  ///   - onSkip: Gets a sentence for each picture that is left out.
  /// - Throws: `Failure` of the kind `data` if no picture can be read.
  init(
    pictures: PictureCollection, count: Int, preparation: ExamplePreparation, onSkip: (String) -> Void
  ) throws {
    var examples: [Example] = []
    for index in 0..<min(count, pictures.count ?? count) {
      do {
        examples.append(try preparation.example(number: index, picture: index, of: pictures, onSubstitute: onSkip))
      } catch let failure as Failure where failure.isAboutOneFile {
        onSkip("The validation picture \(pictures.name(of: index)) is left out: \(failure.message)")
      }
    }
    guard !examples.isEmpty else {
      throw Failure(
        .data,
        "None of the validation pictures can be read: expected \(PictureFormat.list) files that are not damaged.")
    }
    self.pictures = examples.map { InpaintingBatch([$0], conditions: preparation.conditions) }
    self.examples = examples
    baseline = Self.quality(of: self.pictures, examples) { meanColourFill($0.images, holes: $0.holes) }
    harmonic = HoleQuality.mean(
      of: zip(examples, self.pictures).map { example, batch in
        let filled = Baseline.harmonic.fill(example.picture, hole: example.hole).rgb()
        return HoleQuality(of: filled.tensor, original: batch.images, hole: example.hole)
      })
  }

  /// The mean quality of the model's fillings.
  func quality(of model: any InpaintingModel) -> HoleQuality {
    Self.quality(of: pictures, examples) { model.fill($0).completed }
  }

  private static func quality(
    of batches: [InpaintingBatch], _ examples: [Example], fill: (InpaintingBatch) -> Tensor
  ) -> HoleQuality {
    HoleQuality.mean(
      of: zip(batches, examples).map { HoleQuality(of: fill($0), original: $0.images, hole: $1.hole) })
  }
}
