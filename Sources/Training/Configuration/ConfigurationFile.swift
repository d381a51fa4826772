import Foundation
import Support

/// Finds configurations by path or by name.
package enum ConfigurationFile {
  /// The path of a configuration: `name` itself, or a file of that name (with `.json` added if need be) in the working
  /// directory or in the package's `Configs/`.
  ///
  /// - Throws: `Failure` of the kind `missingInput` that says where was looked and what there is.
  package static func locate(_ name: String) throws -> String {
    let names = name.hasSuffix(".json") ? [name] : [name, name + ".json"]
    var candidates = names
    if !name.contains("/"), let shipped = shippedFolder { candidates += names.map { shipped + "/" + $0 } }
    if let found = candidates.first(where: { Path.exists($0) && !Path.isFolder($0) }) { return found }
    let known =
      shippedNames.isEmpty
      ? "" : "; the configurations that come with Kintsugi are " + shippedNames.joined(separator: ", ")
    throw Failure(.missingInput, "There is no configuration \(name)\(known).")
  }

  /// The name of a run: the file's name without its ending.
  package static func runName(ofPath path: String) -> String {
    ((path as NSString).lastPathComponent as NSString).deletingPathExtension
  }

  private static var shippedNames: [String] {
    guard let shippedFolder, let names = try? FileReader.names(in: shippedFolder) else { return [] }
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }

  /// `Configs/` in one of the folders above the executable: SwiftPM builds it inside the package.
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
