import Evaluation
import Imaging
import InpaintingData
import InpaintingModels
import Support
import Tensors

/// A fixed set of pictures with fixed holes, filled again and again to see how the training goes.
///
/// Each of several processes has every `count`-th picture; means are over the pictures of all, in their order.
struct Validation {
  /// The batches of this process, of one picture each.
  let pictures: [InpaintingBatch]
  /// The examples of this process's pictures.
  let examples: [Example]
  /// The indices of this process's pictures among those of all processes.
  let numbers: [Int]
  /// The fill by one color, for comparison.
  let baseline: HoleQuality
  /// The fill by Laplace's equation, the baseline that a useful network exceeds.
  let harmonic: HoleQuality
  let communicator: any Communicator

  /// - Parameters:
  ///   - pictures: The pictures to validate on; those that cannot be read are left out.
  ///   - preparation: Must have a center crop and no flips.
  ///   - onSkip: Is called with a sentence for each picture that is left out.
  /// - Throws: `Failure` of the kind `data` if no picture can be read.
  init(
    pictures: PictureCollection, count: Int, preparation: ExamplePreparation,
    communicator: any Communicator = SingleProcess(), onSkip: (String) -> Void
  ) throws {
    var found: [(index: Int, example: Example)] = []
    for index in stride(from: communicator.rank, to: min(count, pictures.count ?? count), by: communicator.count) {
      do {
        let example = try preparation.example(number: index, picture: index, of: pictures, onSubstitute: onSkip)
        found.append((index, example))
      } catch let failure as Failure where failure.isAboutOneFile {
        onSkip("The validation picture \(pictures.name(of: index)) is left out: \(failure.message)")
      }
    }
    let order = try communicator.allGather(found.flatMap { [UInt8](littleEndianOf: $0.index) })
      .joined().chunks(of: MemoryLayout<Int>.size).map { Int(littleEndian: $0) }.sorted()
    guard !order.isEmpty else {
      throw Failure(
        .data,
        "the validation pictures: expected \(PictureFormat.list) files that are not damaged, found none.")
    }
    self.communicator = communicator
    numbers = found.compactMap { order.firstIndex(of: $0.index) }
    examples = found.map(\.example)
    self.pictures = examples.map { InpaintingBatch([$0], conditions: preparation.conditions) }
    baseline = try HoleQuality.mean(
      of: Self.qualities(self.pictures, examples) { meanColorFill($0.images, holes: $0.holes) },
      numbers: numbers, communicator)
    harmonic = try HoleQuality.mean(
      of: zip(examples, self.pictures).map { example, batch in
        let filled = Baseline.harmonic.fill(example.picture, hole: example.hole).rgb()
        return HoleQuality(of: filled.tensor, original: batch.images, hole: example.hole)
      }, numbers: numbers, communicator)
  }

  /// The mean quality of the model's fillings.
  func quality(of model: any InpaintingModel) throws -> HoleQuality {
    try HoleQuality.mean(
      of: Self.qualities(pictures, examples) { model.fill($0).completed }, numbers: numbers, communicator)
  }

  private static func qualities(
    _ batches: [InpaintingBatch], _ examples: [Example], fill: (InpaintingBatch) -> Tensor
  ) -> [HoleQuality] {
    zip(batches, examples).map { HoleQuality(of: fill($0), original: $0.images, hole: $1.hole) }
  }
}

extension HoleQuality {
  /// The mean over the pictures of all processes, in the order of their numbers.
  fileprivate static func mean(
    of own: [HoleQuality], numbers: [Int], _ communicator: any Communicator
  ) throws -> HoleQuality {
    let bytes = zip(numbers, own).flatMap { number, quality in
      [UInt8](littleEndianOf: number) + [UInt8](bitsOf: quality.l1) + [UInt8](bitsOf: quality.psnr)
    }
    let all = try communicator.allGather(bytes).joined().chunks(of: 24).map { bytes in
      let words = bytes.chunks(of: 8).map { UInt64(littleEndian: $0) }
      return (
        number: words[0], quality: HoleQuality(l1: Double(bitPattern: words[1]), psnr: Double(bitPattern: words[2]))
      )
    }
    return mean(of: all.sorted { $0.number < $1.number }.map(\.quality))
  }
}

extension Sequence<UInt8> {
  /// The bytes in pieces of one length.
  fileprivate func chunks(of length: Int) -> [ArraySlice<UInt8>] {
    let bytes = Array(self)
    return stride(from: 0, to: bytes.count, by: length).map { bytes[$0..<Swift.min(bytes.count, $0 + length)] }
  }
}
