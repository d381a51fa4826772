import Evaluation
import Imaging
import InpaintingData
import InpaintingModels
import Support
import Tensors

/// The validation set: fixed pictures with fixed holes, filled at intervals during training, with metrics of baselines.
///
/// Pictures are divided among ranks: rank r of n has the pictures r, r + n, r + 2n and so on. Means are over the pictures
/// of all ranks, summed in the order of the pictures, so that they do not depend on the number of ranks.
struct Validation {
  /// The batches of this rank, of one picture each.
  let pictures: [InpaintingBatch]
  /// The examples of this rank, in the order of `pictures`.
  let examples: [Example]
  /// The positions of this rank's pictures in the validation set of all ranks.
  let numbers: [Int]
  /// The mean quality of the fill with the mean color of the known pixels.
  let baseline: HoleQuality
  /// The mean quality of the harmonic fill (Laplace's equation), a baseline that a useful network exceeds.
  let harmonic: HoleQuality
  let communicator: any Communicator

  /// Loads the pictures and measures the baselines: a collective call.
  ///
  /// - Parameters:
  ///   - pictures: The validation pictures; those that cannot be read are left out.
  ///   - count: The maximum number of pictures, taken from the beginning of the collection.
  ///   - preparation: The preparation of examples, which has a center crop and no flips.
  ///   - communicator: The ranks among which the pictures are divided.
  ///   - onSkip: Called with a sentence for each picture that is left out.
  /// - Throws: `Failure` of the kind `data` if no rank can read a picture.
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

  /// The mean quality of the pictures as the model completes them: a collective call.
  ///
  /// - Throws: The `Failure` with which another rank has ended.
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
  /// The mean over the pictures of all ranks, in the order of their numbers: a collective call.
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
  /// The bytes in consecutive chunks of `length` bytes; the last one may be shorter.
  fileprivate func chunks(of length: Int) -> [ArraySlice<UInt8>] {
    let bytes = Array(self)
    return stride(from: 0, to: bytes.count, by: length).map { bytes[$0..<Swift.min(bytes.count, $0 + length)] }
  }
}
