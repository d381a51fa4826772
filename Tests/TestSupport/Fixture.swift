import Foundation

/// Numbers and texts that another program computed: a safetensors file of `Tests/Fixtures`, which a script of `Scripts`
/// wrote. Read without the package's own reader, and without rounding to `Float`.
///
/// A name that is not there traps: the file and its tests change together.
package struct Fixture: Sendable {
  private struct Entry: Decodable {
    let dtype: String
    /// The first byte and the one after the last, counted from the end of the header.
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case offsets = "data_offsets"
    }
  }

  private let name: String
  private let arrays: [String: [Double]]
  private let texts: [String: String]

  package init(_ name: String) {
    self.name = name
    let file = try! Data(contentsOf: Self.folder.appendingPathComponent("\(name).safetensors"))
    let size = file.withUnsafeBytes { Int(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) }
    let header = file[8..<8 + size]
    var object = try! JSONSerialization.jsonObject(with: header) as! [String: Any]
    texts = object.removeValue(forKey: "__metadata__") as? [String: String] ?? [:]
    let entries = try! JSONDecoder().decode(
      [String: Entry].self, from: JSONSerialization.data(withJSONObject: object))
    arrays = entries.mapValues { entry in
      let bytes = [UInt8](file[(8 + size + entry.offsets[0])..<(8 + size + entry.offsets[1])])
      return Self.numbers(bytes, entry.dtype)
    }
  }

  /// The lines of a text file of `Tests/Fixtures`.
  package static func lines(_ name: String) -> [String] {
    let text = try! String(contentsOf: folder.appendingPathComponent("\(name).txt"), encoding: .utf8)
    return text.split(separator: "\n").map { String($0) }
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  /// The array of a name, row-major.
  package subscript(_ key: String) -> [Double] {
    guard let array = arrays[key] else { preconditionFailure("\(name).safetensors has no \(key)") }
    return array
  }

  /// The only number of an array.
  package func number(_ key: String) -> Double { self[key][0] }

  /// The whole numbers of an array.
  package func integers(_ key: String) -> [Int] { self[key].map { Int($0) } }

  /// The text of a name.
  package func text(_ key: String) -> String {
    guard let text = texts[key] else { preconditionFailure("\(name).safetensors has no text \(key)") }
    return text
  }

  /// The names of all arrays that begin with a prefix, without it, in alphabetical order.
  package func names(after prefix: String) -> [String] {
    arrays.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
  }

  private static func numbers(_ bytes: [UInt8], _ type: String) -> [Double] {
    bytes.withUnsafeBytes { bytes in
      switch type {
      case "F64":
        return stride(from: 0, to: bytes.count, by: 8).map { bytes.loadUnaligned(fromByteOffset: $0, as: Double.self) }
      case "I64":
        return stride(from: 0, to: bytes.count, by: 8).map {
          Double(bytes.loadUnaligned(fromByteOffset: $0, as: Int64.self))
        }
      case "U8": return bytes.map { Double($0) }
      default: preconditionFailure("no fixture has numbers of type \(type)")
      }
    }
  }
}
