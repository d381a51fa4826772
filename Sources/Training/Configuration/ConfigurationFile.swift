import Foundation
import Support

/// A lookup of configuration files by path or by name.
package enum ConfigurationFile {
  /// Returns the path of a configuration: `name` itself, or a file of that name (with `.json` appended if it is missing) in
  /// the working directory or in the package's `Configs/`.
  ///
  /// - Throws: `Failure` of the kind `missingInput` that lists the configurations in `Configs/`.
  package static func locate(_ name: String) throws -> String {
    let names = name.hasSuffix(".json") ? [name] : [name, name + ".json"]
    var candidates = names
    if !name.contains("/"), let shipped = shippedFolder { candidates += names.map { shipped + "/" + $0 } }
    if let found = candidates.first(where: { Path.exists($0) && !Path.isFolder($0) }) { return found }
    let known =
      shippedNames.isEmpty
      ? "" : "; the configurations that come with Kintsugi are " + shippedNames.joined(separator: ", ")
    throw Failure(.missingInput, "\(name): expected a configuration, found none of that path or name\(known).")
  }

  /// The name of a run: the file name of the configuration without its extension.
  package static func runName(ofPath path: String) -> String {
    ((path as NSString).lastPathComponent as NSString).deletingPathExtension
  }

  private static var shippedNames: [String] {
    guard let shippedFolder, let names = try? FileReader.names(in: shippedFolder) else { return [] }
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }

  /// The path of `Configs/` in one of the folders above the executable, which SwiftPM builds inside the package.
  private static var shippedFolder: String? {
    guard var folder = Path.resolved("/proc/self/exe") else { return nil }
    while folder != "/" {
      folder = Path.parent(of: folder)
      let configurations = folder + "/Configs"
      if Path.exists(configurations + "/deepfill_v2.json") { return configurations }
    }
    return nil
  }
}

/// A difference between two configurations: one key with both of its values.
struct ConfigurationChange: Equatable {
  /// The path of the key, such as `training.batch_size`.
  let path: String
  /// The values as JSON; nil where the key is absent.
  let old: String?
  let new: String?

  var description: String {
    switch (old, new) {
    case (let old?, let new?): "\(path) was \(old) and is \(new)"
    case (let old?, nil): "\(path) was \(old) and is not set"
    default: "\(path) was not set and is \(new ?? "null")"
    }
  }
}

extension JSONValue {
  /// The differences between this configuration and a newer one, in the order of the newer one's keys; keys that it lacks
  /// come last. Arrays of objects are compared element by element.
  func differences(from newer: JSONValue, at path: String = "") -> [ConfigurationChange] {
    if let old = objects, let new = newer.objects {
      return (0..<max(old.count, new.count)).flatMap { index -> [ConfigurationChange] in
        let place = "\(path)[\(index)]"
        guard index < old.count else { return [ConfigurationChange(path: place, old: nil, new: new[index].write())] }
        guard index < new.count else { return [ConfigurationChange(path: place, old: old[index].write(), new: nil)] }
        return old[index].differences(from: new[index], at: place)
      }
    }
    guard let old = members, let new = newer.members else {
      return self == newer ? [] : [ConfigurationChange(path: path, old: write(), new: newer.write())]
    }
    func full(_ key: String) -> String { path.isEmpty ? key : path + "." + key }
    var changes: [ConfigurationChange] = []
    for member in new {
      if let previous = self[member.key] {
        changes += previous.differences(from: member.value, at: full(member.key))
      } else {
        changes.append(ConfigurationChange(path: full(member.key), old: nil, new: member.value.write()))
      }
    }
    for member in old where newer[member.key] == nil {
      changes.append(ConfigurationChange(path: full(member.key), old: member.value.write(), new: nil))
    }
    return changes
  }

  /// The elements of an array of objects that is not empty; nil for any other value.
  private var objects: [JSONValue]? {
    guard case .array(let elements) = content, !elements.isEmpty, elements.allSatisfy({ $0.members != nil })
    else { return nil }
    return elements
  }

  /// A copy without the values at the key paths given. The key of an array's element is its index.
  func removing(_ keyPaths: [[String]]) -> JSONValue {
    func without(_ key: String, _ value: JSONValue) -> JSONValue? {
      if keyPaths.contains([key]) { return nil }
      return value.removing(keyPaths.filter { $0.count > 1 && $0[0] == key }.map { Array($0.dropFirst()) })
    }
    guard !keyPaths.isEmpty else { return self }
    switch content {
    case .object(let members):
      return JSONValue(
        members.compactMap { member -> (key: String, value: JSONValue)? in
          without(member.key, member.value).map { (member.key, $0) }
        })
    case .array(let elements):
      return JSONValue(elements.enumerated().compactMap { without("\($0)", $1) })
    default: return self
    }
  }
}
