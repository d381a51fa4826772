import Imaging
import Tensors

extension Condition {
  /// A smooth continuation of the known pixels for a network to start from: red, green and blue in −1...1. It follows from
  /// the picture and its hole, so that nobody has to give it.
  package static let start = Condition("start", channels: 3)

  /// The pixels of a condition that follows from a picture and its hole; nil of another.
  fileprivate func raster(of picture: Picture, hole: Hole) -> (any ConditionRaster)? {
    self == .start ? PullPushFill(picture, hole: hole) : nil
  }
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

extension Example {
  /// The example with those of some conditions that it lacks and that follow from its picture and hole.
  package func supplied(with wanted: [Condition]) -> Example {
    let missing = wanted.filter { conditions[$0] == nil }.compactMap { $0.raster(of: picture, hole: hole) }
    guard !missing.isEmpty else { return self }
    return Example(picture: picture, hole: hole, conditions: conditions.adding(missing), name: name)
  }
}
