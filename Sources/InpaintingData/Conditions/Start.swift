package import Imaging
package import Tensors

/// The initial values in the holes of a network's input, and the corresponding meaning of its output.
package enum Start: String, CaseIterable, Sendable {
  /// Mid-gray, as published; each network predicts a picture.
  case published
  /// A harmonic fill; each network predicts a residual that is added to it inside the holes, initially 0.
  ///
  /// Known pixels have no residual: theirs should be 0, where the mean absolute error has its kink, which would keep
  /// the last layers at their initial values. As a residual is not bounded, neither tanh nor a clamp comes before the
  /// sum.
  case harmonic
  /// A fill with patches of the known picture, as sharp as it is, to which residuals are added in the same way. The
  /// search takes far longer than a harmonic fill, so that training waits for it.
  case patches

  /// True if networks predict residuals inside the holes.
  package var predictsResidual: Bool { self != .published }

  /// The conditions that it needs in a batch.
  package var conditions: [Condition] { condition.map { [$0] } ?? [] }

  /// The pictures that a network gets: with the initial fill in the holes, or with gray as published.
  package func pictures(of batch: InpaintingBatch) -> Tensor { predictsResidual ? batch.initialPictures : batch.known }

  /// The known pixels and a network's own in the holes, within −1...1 where the network's own need not be.
  package func completed(_ batch: InpaintingBatch, with pictures: Tensor) -> Tensor {
    batch.completed(with: predictsResidual ? clamp(pictures, -1, 1) : pictures)
  }

  var condition: Condition? {
    switch self {
    case .published: nil
    case .harmonic: .start
    case .patches: .patches
    }
  }

  /// The initial fill of a picture's hole; nil if there is none. It is a function of the known pixels and the hole
  /// alone.
  fileprivate func raster(of picture: Picture, hole: Hole) -> (any ConditionRaster)? {
    switch self {
    case .published: nil
    case .harmonic: PullPushFill(picture, hole: hole)
    case .patches: PatchStart(picture, hole: hole)
    }
  }
}

extension Condition {
  /// The harmonic initial fill: red, green and blue in −1...1, computed from the picture and its hole.
  package static let start = Condition("start", channels: 3)
  /// The initial fill with patches of the known pixels.
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
    // Examples are already prepared in parallel.
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
  /// The example with those missing conditions added that can be computed from its picture and hole.
  package func supplied(with wanted: [Condition]) -> Example {
    let missing = Start.allCases.filter { start in
      start.condition.map { wanted.contains($0) && conditions[$0] == nil } ?? false
    }.compactMap { $0.raster(of: picture, hole: hole) }
    guard !missing.isEmpty else { return self }
    return Example(picture: picture, hole: hole, conditions: conditions.adding(missing), name: name)
  }
}
