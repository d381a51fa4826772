import InpaintingData
import Support

/// The pictures that a run was started with, by its `config.json`: a run that goes on keeps them unless others are named.
package struct RunPictures {
  private let train: JSONValue
  private let validation: JSONValue

  /// - Returns: Nil if the run has no configuration yet, or none that can be read.
  package init?(of directory: RunDirectory) {
    guard let json = try? JSONValue(configurationAt: directory.configuration), let train = json["data"]?["train"]
    else { return nil }
    self.train = train
    validation = json["data"]?["validation"] ?? JSONValue(.null)
  }

  /// Those of the folder that the first of several processes writes.
  ///
  /// - Throws: The `Failure` with which another process has ended.
  package init?(of directory: RunDirectory, _ communicator: any Communicator) throws {
    let bytes = try communicator.broadcast {
      let own = Self(of: directory).map { JSONValue([$0.train, $0.validation]) }
      return Array((own ?? []).write().utf8)
    }
    let json = try JSONValue(parsing: bytes, as: .strict, source: "rank 0", kind: .internalError)
    guard case .array(let values) = json.content, values.count == 2 else { return nil }
    (train, validation) = (values[0], values[1])
  }

  /// The values of the configuration's keys.
  package var values: [(key: String, value: JSONValue)] { [("data.train", train), ("data.validation", validation)] }

  /// Sentences about where pictures are the run's and not those that a configuration names by itself.
  ///
  /// - Parameters:
  ///   - used: The configuration with which the run goes on.
  ///   - named: The one that it was made of.
  package func remarks(on used: TrainingConfiguration, madeOf named: JSONValue) -> [String] {
    let own = [named["data"]?["train"] ?? "procedural", named["data"]?["validation"] ?? JSONValue(.null)]
    return zip(values, own).compactMap { kept, own in
      let key = kept.key.split(separator: ".").map(String.init)
      guard kept.value != own, used.resolved[key[0]]?[key[1]] == kept.value else { return nil }
      return "\(kept.key) is the run's own, \(kept.value.write()), and not the configuration's, \(own.write())"
    }
  }
}

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
