import NeuralNetworks
import Support
import Tensors

/// The place of a network's tensors in a file.
struct WeightPlacement {
  let layout: NetworkLayout
  /// The text before each of the layout's names.
  let prefix: String

  /// The name of a tensor in the file.
  func name(of mapping: WeightMapping) -> String { prefix + mapping.foreign }

  /// The shape that a parameter has here, to judge by its tensor in the file; nil if there is none, or it cannot have
  /// one.
  func ownShape(of own: String, in file: WeightFile) -> Shape? {
    guard let mapping = layout.tensors.first(where: { $0.own == own }) else { return nil }
    return file.shape(of: name(of: mapping)).flatMap { mapping.arrangement.ownShape($0) }
  }

  /// The place in a file with most of a network's layout, and the number of names that are there.
  struct Match {
    let placement: WeightPlacement
    let count: Int
  }

  /// Looks for a network in a file: its names may have anything before them that ends in a dot or a slash, as they do
  /// where dictionaries lie in dictionaries. The place with most names counts; among several, the one that is called as
  /// networks usually are.
  ///
  /// - Returns: nil if no place has at least half of the names.
  /// - Throws: `Failure` of the kind `data` if there are several such places.
  static func find(_ layout: NetworkLayout, in file: WeightFile) throws -> Match? {
    let expected = Set(layout.tensors.map(\.foreign))
    let components = expected.map { $0.split(whereSeparator: isSeparator).count }.max() ?? 0
    var prefixes: [String] = []
    var counts: [String: Int] = [:]
    for name in file.names {
      for start in name.componentStarts(atMost: components) where expected.contains(String(name[start...])) {
        let prefix = String(name[..<start])
        if counts[prefix] == nil { prefixes.append(prefix) }
        counts[prefix, default: 0] += 1
      }
    }
    guard let most = counts.values.max(), most * 2 >= expected.count else { return nil }
    let all = prefixes.filter { counts[$0] == most }
    let usual = all.filter { $0.split(whereSeparator: isSeparator).allSatisfy { usualNames.contains(String($0)) } }
    let best = usual.isEmpty ? all : usual
    guard best.count == 1 else {
      throw Failure(
        .data,
        "\(file.path) holds several networks of the same kind, under \(best.joined(separator: ", ")): keep one of them "
          + "in a file of its own.")
    }
    return Match(placement: WeightPlacement(layout: layout, prefix: best[0]), count: most)
  }

  /// The usual names of dictionaries in which networks are kept.
  private static let usualNames: Set = [
    "G", "netG", "generator", "D", "netD", "discriminator", "model", "module", "state_dict",
  ]
}

private func isSeparator(_ character: Character) -> Bool { character == "." || character == "/" }

extension String {
  /// The indices at which the last components begin, one, two, … up to `count` from the end.
  fileprivate func componentStarts(atMost count: Int) -> [Index] {
    var starts: [Index] = []
    var place = endIndex
    while starts.count < count, place > startIndex {
      let separator = self[..<place].lastIndex(where: isSeparator)
      starts.append(separator.map { index(after: $0) } ?? startIndex)
      place = separator ?? startIndex
    }
    return starts
  }
}
