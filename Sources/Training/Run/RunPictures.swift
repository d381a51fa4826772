import InpaintingData
import Support

/// The data settings `data.train` and `data.validation` in a run's `config.json`. A resumed run keeps them, unless the
/// command line names other pictures.
package struct RunPictures {
  private let train: JSONValue
  private let validation: JSONValue

  /// Reads `config.json`; nil if the run has none yet, or if it cannot be read.
  package init?(of directory: RunDirectory) {
    guard let json = try? JSONValue(configurationAt: directory.configuration), let train = json["data"]?["train"]
    else { return nil }
    self.train = train
    validation = json["data"]?["validation"] ?? JSONValue(.null)
  }

  /// Reads `config.json` on rank 0, and broadcasts the settings to all ranks.
  ///
  /// - Throws: The `Failure` with which another rank has ended.
  package init?(of directory: RunDirectory, _ communicator: any Communicator) throws {
    let bytes = try communicator.broadcast {
      let own = Self(of: directory).map { JSONValue([$0.train, $0.validation]) }
      return Array((own ?? []).write().utf8)
    }
    let json = try JSONValue(parsing: bytes, as: .strict, source: "rank 0", kind: .internalError)
    guard case .array(let values) = json.content, values.count == 2 else { return nil }
    (train, validation) = (values[0], values[1])
  }

  /// The values by their keys in the configuration.
  package var values: [(key: String, value: JSONValue)] { [("data.train", train), ("data.validation", validation)] }

  /// Remarks on settings that were kept from the run in place of those in the configuration file.
  ///
  /// - Parameters:
  ///   - used: The configuration with which the run is resumed.
  ///   - named: The contents of the configuration file, before anything was overridden.
  package func remarks(on used: TrainingConfiguration, madeOf named: JSONValue) -> [String] {
    let own = [named["data"]?["train"] ?? "procedural", named["data"]?["validation"] ?? JSONValue(.null)]
    return zip(values, own).compactMap { kept, own in
      let key = kept.key.split(separator: ".").map(String.init)
      guard kept.value != own, used.resolved[key[0]]?[key[1]] == kept.value else { return nil }
      return "\(kept.key) is the run's own, \(kept.value.write()), and not the configuration's, \(own.write())"
    }
  }
}

/// A fingerprint of the list of training pictures, which checkpoints record: the number of pictures and a hash of their
/// names in order. Pictures are drawn by their index in the list, so a resumed run continues bit for bit only if the list
/// is unchanged.
struct PictureList: Equatable {
  let count: Int
  /// The first sixteen hexadecimal digits of the SHA-256 of the names.
  let hash: String

  /// Computes the fingerprint; nil for built-in pictures, which never change.
  init?(_ pictures: PictureCollection) {
    guard let count = pictures.count else { return nil }
    var hash = SHA256()
    for index in 0..<count { hash.add(pictures.name(of: index)) }
    self.count = count
    self.hash = String(hash.text.prefix(16))
  }

  /// Parses the form of `text`; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 2, let count = Int(parts[0]) else { return nil }
    self.count = count
    hash = String(parts[1])
  }

  var text: String { "\(count) \(hash)" }

  /// A warning if a newer list differs from this one; nil if they are equal.
  func difference(from newer: PictureList) -> String? {
    guard self != newer else { return nil }
    let change =
      count == newer.count
      ? "there were \(count) and are as many, but not with the same names"
      : "there were \(count) and are \(newer.count)"
    return "since the checkpoint, the list of pictures has changed: \(change); the run goes on, but not bit for bit"
  }
}
