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
