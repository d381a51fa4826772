/// The positions of feature maps by sample and class, for losses and attention within classes. Positions are indices in
/// row-major order of [batch, height, width].
package struct ClassPositions: Sendable {
  /// The positions of one class in one sample, in ascending order.
  package struct Members: Sendable {
    package let name: Int
    package fileprivate(set) var all: [Int] = []
    package fileprivate(set) var known: [Int] = []
    package fileprivate(set) var missing: [Int] = []
  }

  /// For each sample, its classes in ascending order, without those that have no position.
  package let samples: [[Members]]

  /// - Parameters:
  ///   - classes: The class of each position of each sample; nil for positions that belong to none.
  ///   - hole: 1 where a position is missing, [batch or 1, height, width, 1].
  ///   - batch: The number of samples.
  /// - Precondition: There is a class or nil for each position, and no class is negative.
  package init(_ classes: [Int?], hole: Tensor, batch: Int) {
    precondition(
      classes.count * hole.shape[0] == hole.count * batch && [1, batch].contains(hole.shape[0]),
      "ClassPositions: \(classes.count) classes and a hole of shape \(hole.shape) do not fit \(batch) samples")
    let pixels = hole.count / max(1, hole.shape[0])
    let count = classes.reduce(0) { max($0, ($1 ?? -1) + 1) }
    samples = hole.withElements { hole in
      (0..<batch).map { sample in
        var members = (0..<count).map { Members(name: $0) }
        let start = sample * pixels
        for position in start..<start + pixels {
          guard let name = classes[position] else { continue }
          members[name].all.append(position)
          if hole[hole.count == pixels ? position - start : position] != 0 {
            members[name].missing.append(position)
          } else {
            members[name].known.append(position)
          }
        }
        return members.filter { !$0.all.isEmpty }
      }
    }
  }
}
