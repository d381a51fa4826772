import InpaintingData
import Support

/// The pictures of a folder or a list at one time, as a checkpoint remembers them: how many, and a hash of their names.
/// Pictures are drawn by their place in the list, so that a run goes on bit for bit with the same list only.
struct PictureList: Equatable {
  let count: Int
  /// Sixteen hexadecimal digits.
  let hash: String

  /// Nil for built-in pictures, which never change.
  init?(_ pictures: PictureCollection) {
    guard let count = pictures.count else { return nil }
    var hash = SHA256()
    for index in 0..<count { hash.add(pictures.name(of: index)) }
    self.count = count
    self.hash = String(hash.text.prefix(16))
  }

  /// Reads what `text` is; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let count = Int(parts[0]) else { return nil }
    self.count = count
    hash = String(parts[1])
  }

  var text: String { "\(count) \(hash)" }

  /// A sentence about what has changed since; nil if nothing has.
  func difference(from newer: PictureList) -> String? {
    guard self != newer else { return nil }
    let change =
      count == newer.count
      ? "there were \(count) and are as many, but not with the same names"
      : "there were \(count) and are \(newer.count)"
    return "since the checkpoint, the list of pictures has changed: \(change); the run goes on, but not bit for bit"
  }
}
