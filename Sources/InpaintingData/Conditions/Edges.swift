import Imaging
import Tensors

extension Condition {
  /// The lines that a filling should follow: 1 on an edge, 0 elsewhere.
  package static let edges = Condition("edges", channels: 1)
}

extension EdgeMap: ConditionRaster {
  package var condition: Condition { .edges }

  package func write(to destination: UnsafeMutablePointer<Scalar>) {
    for (index, value) in values.enumerated() { destination[index] = Scalar(value) }
  }
}
