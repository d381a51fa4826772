package import Imaging
package import Tensors

/// The pixels in the holes of what a network begins with, and the meaning of its outputs that goes with them.
package enum Start: String, CaseIterable, Sendable {
  /// The values of the model's paper; each network predicts a picture.
  case published
  /// The harmonic fill; each network predicts what to add to it inside the holes, and nothing at first.
  ///
  /// Nowhere else: with differences of known pixels too, the mean absolute error's kink at 0 would hold the last layers
  /// where they start. And since nothing bounds a difference, no tanh and no clamp comes before the sum.
  case harmonic
  /// Patches of the known picture, as sharp as it is, to which each network adds in the same way. Searching takes
  /// far longer than a harmonic fill, so that training waits for it.
  case patches

  /// True if networks predict what to add inside the holes.
  package var isAddedTo: Bool { self != .published }

  /// The conditions that it takes of a batch.
  package var conditions: [Condition] { condition.map { [$0] } ?? [] }

  /// The pictures that a network gets in place of whole ones: with gray in the holes as published.
  package func pictures(of batch: InpaintingBatch) -> Tensor { isAddedTo ? batch.started : batch.known }

  var condition: Condition? {
    switch self {
    case .published: nil
    case .harmonic: .start
    case .patches: .patches
    }
  }

  /// The fill of a picture's hole; nil if there is none. It is a function of the known pixels and the hole, and of nothing
  /// else, so that it is the same wherever the example comes from.
  fileprivate func raster(of picture: Picture, hole: Hole) -> (any ConditionRaster)? {
    switch self {
    case .published: nil
    case .harmonic: PullPushFill(picture, hole: hole)
    case .patches: PatchStart(picture, hole: hole)
    }
  }
}

extension Condition {
  /// A smooth continuation of the known pixels for a network to start from: red, green and blue in −1...1. It follows from
  /// the picture and its hole, so that nobody has to give it.
  package static let start = Condition("start", channels: 3)
  /// A continuation by patches of the known pixels in its place.
  package static let patches = Condition("patches", channels: 3)
}

extension PullPushFill: ConditionRaster {
  package var condition: Condition { .start }

  package func write(to destination: UnsafeMutablePointer<Scalar>) {
    for (index, value) in values.enumerated() { destination[index] = Scalar(value) }
  }

  package func shown(with hole: Hole) -> Picture {
    Picture(Tensor(shape: [height, width, 3]) { write(to: $0.baseAddress!) })
  }
}

/// A picture whose hole is filled with patches of it.
struct PatchStart: ConditionRaster {
  /// Red, green and blue.
  private let filled: Picture

  var width: Int { filled.width }
  var height: Int { filled.height }
  var condition: Condition { .patches }

  private init(_ filled: Picture) { self.filled = filled }

  /// - Precondition: The sizes agree.
  init(_ picture: Picture, hole: Hole) {
    var filled = picture.rgb()
    // Examples are made by as many threads as there are already.
    ClassicalFill.patches.fill(&filled, hole: hole, threads: 1)
    self.filled = filled
  }

  func cropped(to part: PixelRectangle) -> PatchStart { PatchStart(filled.cropped(to: part)) }
  func flippedHorizontally() -> PatchStart { PatchStart(filled.flippedHorizontally()) }

  func reflected(toWidth width: Int, height: Int) -> PatchStart {
    PatchStart(filled.reflected(toWidth: width, height: height))
  }

  func resized(toWidth width: Int, height: Int) -> PatchStart {
    PatchStart(filled.resized(toWidth: width, height: height))
  }

  func write(to destination: UnsafeMutablePointer<Scalar>) { filled.write(to: destination) }
  func shown(with hole: Hole) -> Picture { filled }
}

extension Example {
  /// The example with those of some conditions that it lacks and that follow from its picture and hole.
  package func supplied(with wanted: [Condition]) -> Example {
    let missing = Start.allCases.filter { start in
      start.condition.map { wanted.contains($0) && conditions[$0] == nil } ?? false
    }.compactMap { $0.raster(of: picture, hole: hole) }
    guard !missing.isEmpty else { return self }
    return Example(picture: picture, hole: hole, conditions: conditions.adding(missing), name: name)
  }
}
