import Imaging
import InpaintingData
import InpaintingModels
import NeuralNetworks
import Tensors

@testable import Inpainting
@testable import Support

extension Picture {
  /// A picture of random colors, with random opacities on demand.
  static func noise(width: Int, height: Int, hasAlpha: Bool = false, seed: UInt64 = 1) -> Picture {
    var random = RandomStream(seed: seed, purpose: "noise")
    func values(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random.integer(in: 0...255)) } }
    return Picture(
      width: width, height: height, channels: 3, pixels: values(3 * width * height),
      alpha: hasAlpha ? values(width * height) : nil)
  }

  /// The picture of a hole, white where there is a `#`.
  static func hole(_ lines: String...) -> Picture { Hole(lines: lines).picture }

  /// The picture of a hole, white in some rectangles.
  static func hole(width: Int, height: Int, _ parts: PixelRectangle...) -> Picture {
    Hole(width: width, height: height, parts).picture
  }

  func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    [UInt8](pixels[(y * width + x) * channels..<(y * width + x + 1) * channels])
  }
}

extension Hole {
  /// Missing where there is a `#`.
  init(lines: [String]) {
    self.init(width: lines[0].count, height: lines.count, values: lines.flatMap { $0.map { $0 == "#" ? 1 : 0 } })
  }

  /// Missing in some rectangles.
  init(width: Int, height: Int, _ parts: [PixelRectangle]) {
    self.init(width: width, height: height)
    for part in parts { fillRectangle(x: part.x, y: part.y, width: part.width, height: part.height) }
  }

  static func hole(_ lines: String...) -> Hole { Hole(lines: lines) }

  static func hole(width: Int, height: Int, _ parts: PixelRectangle...) -> Hole {
    Hole(width: width, height: height, parts)
  }
}

extension Example {
  /// An example without a name that matters.
  init(_ picture: Picture, _ hole: Hole, conditions: Conditions = Conditions()) {
    self.init(picture: picture, hole: hole, conditions: conditions, name: "test")
  }
}

extension RandomStream {
  /// A hole of a few random rectangles, lines and specks; it may be empty, and it may be everything.
  mutating func hole(width: Int, height: Int) -> Hole {
    var hole = Hole(width: width, height: height)
    for _ in 0..<integer(in: 0...4) {
      let (x, y) = (integer(in: 0..<width), integer(in: 0..<height))
      let isThin = chance(0.5)
      hole.fillRectangle(
        x: x, y: y, width: isThin ? 1 : integer(in: 1...width - x), height: integer(in: 1...height - y))
    }
    return hole
  }
}

extension PixelRectangle {
  init(_ x: Int, _ y: Int, _ width: Int, _ height: Int) { self.init(x: x, y: y, width: width, height: height) }
}

/// A DeepFill v2 that takes no time.
func tinyModel() -> any InpaintingModel {
  var configuration = DeepFillV2Configuration()
  configuration.width = 4
  configuration.discriminatorWidth = 2
  return configuration.makeModel(seed: 1)
}

/// A model that paints what a function says, and remembers what it was shown.
final class PaintingModel: InpaintingModel {
  let networks: [Network] = []
  let sizeMultiple: Int
  let conditions: [Condition]
  private(set) var batches: [InpaintingBatch] = []
  private let paint: (InpaintingBatch) -> Tensor

  init(
    sizeMultiple: Int = 8, conditions: [Condition] = [], _ paint: @escaping (InpaintingBatch) -> Tensor
  ) {
    self.sizeMultiple = sizeMultiple
    self.conditions = conditions
    self.paint = paint
  }

  /// One color, red, green and blue in 0...255.
  convenience init(_ color: [UInt8], sizeMultiple: Int = 8) {
    let levels = Tensor(color.map { Scalar($0) / 127.5 - 1 }, shape: [1, 1, 1, 3])
    self.init(sizeMultiple: sizeMultiple) { levels.expanded(to: $0.images.shape) }
  }

  func trainingStep(_ step: some TrainingStep) throws {
    preconditionFailure("PaintingModel learns nothing")
  }

  func fill(_ batch: InpaintingBatch) -> Prediction {
    batches.append(batch)
    let picture = paint(batch)
    return Prediction(
      stages: [.init("coarse", -picture), .init("refined", picture)], completed: batch.completed(with: picture))
  }
}
