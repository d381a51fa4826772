import Imaging
package import Tensors

/// A batch of pictures with holes, the input of models.
package struct InpaintingBatch: Sendable {
  /// The originals, [batch, height, width, 3], red, green and blue in −1...1. In inference, the values in the
  /// holes are arbitrary: models use known pixels only.
  package let images: Tensor
  /// 1 where pixels are missing, 0 elsewhere: [batch, height, width, 1], or [1, height, width, 1] for all pictures.
  package let holes: Tensor
  /// [batch or 1, height, width, channels] each.
  private let conditions: [Condition: Tensor]

  /// - Parameter conditions: [batch or 1, height, width, channels] each.
  /// - Precondition: The shapes fit together.
  package init(images: Tensor, holes: Tensor, conditions: [Condition: Tensor] = [:]) {
    precondition(
      images.rank == 4 && images.shape[3] == 3,
      "InpaintingBatch: expected images of shape [batch, height, width, 3], found \(images.shape)")
    let maps = conditions.map { ($0.key.name, $0.key.channels, $0.value) }.sorted { $0.0 < $1.0 }
    for (name, channels, map) in [("holes", 1, holes)] + maps {
      precondition(
        map.rank == 4 && [1, images.shape[0]].contains(map.shape[0])
          && map.shape[1...] == [images.shape[1], images.shape[2], channels],
        "InpaintingBatch: expected \(name) of shape [\(images.shape[0]) or 1, \(images.shape[1]), "
          + "\(images.shape[2]), \(channels)], found \(map.shape)")
    }
    self.images = images
    self.holes = holes
    self.conditions = conditions
  }

  /// The tensors of examples: the only place where pictures, holes and conditions are put together to a batch.
  ///
  /// - Parameters:
  ///   - examples: At least one, all of the same size.
  ///   - wanted: The conditions that the model takes. A condition that an example lacks is computed from its picture
  ///     and hole if possible, and 0 everywhere if not.
  ///   - sharesHole: Uses the first example's hole for all: holes of shape [1, height, width, 1].
  package init(_ examples: [Example], conditions wanted: [Condition] = [], sharesHole: Bool = false) {
    let examples = examples.map { $0.supplied(with: wanted) }
    guard let first = examples.first else { preconditionFailure("InpaintingBatch: expected at least one example") }
    let (width, height) = (first.picture.width, first.picture.height)
    precondition(
      examples.allSatisfy { ($0.picture.width, $0.picture.height) == (width, height) },
      "InpaintingBatch: expected examples of one size, \(width)x\(height)")
    func tensor(
      _ examples: ArraySlice<Example>, channels: Int, write: (Example, UnsafeMutablePointer<Scalar>) -> Void
    ) -> Tensor {
      Tensor(shape: [examples.count, height, width, channels]) { elements in
        for (index, example) in examples.enumerated() {
          write(example, elements.baseAddress! + index * height * width * channels)
        }
      }
    }
    let maps = wanted.map { condition in
      let map = tensor(examples[...], channels: condition.channels) { example, destination in
        if let raster = example.conditions[condition] {
          raster.write(to: destination)
        } else {
          destination.initialize(repeating: 0, count: height * width * condition.channels)
        }
      }
      return (condition, map)
    }
    self.init(
      images: tensor(examples[...], channels: 3) { $0.picture.rgb().write(to: $1) },
      holes: tensor(sharesHole ? examples.prefix(1) : examples[...], channels: 1) { $0.hole.write(to: $1) },
      conditions: Dictionary(maps) { first, _ in first })
  }

  /// Gray pictures whose upper half is missing, with conditions of 1, to measure time and memory: attention from
  /// missing to known pixels takes most where there are as many of both.
  package static func blank(count: Int, height: Int, width: Int, conditions: [Condition]) -> InpaintingBatch {
    let maps = conditions.map { ($0, Tensor.ones([count, height, width, $0.channels])) }
    let rows = (0..<height).map { Scalar($0 < (height + 1) / 2 ? 1 : 0) }
    return InpaintingBatch(
      images: .zeros([count, height, width, 3]),
      holes: Tensor(rows, shape: [1, height, 1, 1]).expanded(to: [count, height, width, 1]),
      conditions: Dictionary(maps) { first, _ in first })
  }

  /// The tensor of a condition, [batch or 1, height, width, channels]; nil if the batch was made without it.
  package subscript(condition: Condition) -> Tensor? { conditions[condition] }

  /// The batch with another tensor for a condition.
  ///
  /// - Parameter map: [batch or 1, height, width, channels].
  package func with(_ condition: Condition, _ map: Tensor) -> InpaintingBatch {
    InpaintingBatch(images: images, holes: holes, conditions: conditions.merging([condition: map]) { _, new in new })
  }

  /// The known pixels, with the initial fill (`Start`, such as a harmonic one) in the holes.
  ///
  /// - Precondition: The batch has an initial fill.
  package var initialPictures: Tensor {
    guard let start = Start.allCases.compactMap(\.condition).compactMap({ self[$0] }).first else {
      preconditionFailure("InpaintingBatch.initialPictures: expected a batch with the condition of a start")
    }
    return completed(with: start)
  }

  /// The masked pictures, `images * (1 - holes)`: 0, mid-gray, in the holes.
  package var known: Tensor { images * (1 - holes) }

  /// The composite `pictures * holes + images * (1 - holes)`. Known pixels are unchanged if `pictures` are finite.
  package func completed(with pictures: Tensor) -> Tensor { pictures * holes + known }

  /// The batch at half of its height and width, for models with an initial fill: 2 x 2 average pooling of the filled
  /// pictures, missing where all four pixels are, and max pooling of other conditions.
  ///
  /// - Precondition: Height and width are even, and the batch has an initial fill.
  package func halved() -> InpaintingBatch {
    let pictures = initialPictures.averagePool(kernel: 2)
    let starts = Start.allCases.compactMap(\.condition)
    let maps = conditions.map { ($0.key, starts.contains($0.key) ? pictures : $0.value.maxPool(kernel: 2)) }
    return InpaintingBatch(
      images: pictures, holes: 1 - (1 - holes).maxPool(kernel: 2),
      conditions: Dictionary(maps) { first, _ in first })
  }

  /// The batch flipped horizontally.
  package func flippedHorizontally() -> InpaintingBatch {
    InpaintingBatch(
      images: images.flippedHorizontally(), holes: holes.flippedHorizontally(),
      conditions: conditions.mapValues { $0.flippedHorizontally() })
  }

  /// The examples of a range; tensors with a batch axis of 1 stay as they are.
  package func samples(_ range: Range<Int>) -> InpaintingBatch {
    func part(_ map: Tensor) -> Tensor { map.shape[0] == 1 ? map : map.sliced(axis: 0, range) }
    return InpaintingBatch(
      images: images.sliced(axis: 0, range), holes: part(holes), conditions: conditions.mapValues(part))
  }
}
