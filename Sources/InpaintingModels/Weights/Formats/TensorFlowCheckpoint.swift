import Support

/// Checkpoints of TensorFlow, which no code here reads: `NAME.index`, `NAME.data-00000-of-00001` and perhaps `NAME.meta`,
/// in a folder with a file `checkpoint` that names the newest.
enum TensorFlowCheckpoint {
  /// The format as the end of a sentence, and a way out.
  ///
  /// - Parameter name: The checkpoint's path without its endings, or a folder's.
  private static func found(_ part: String, of name: String) -> String {
    """
    \(part); save its variables as safetensors, in Python: import numpy, tensorflow, safetensors.numpy; \
    r = tensorflow.train.load_checkpoint(\(JSONValue(name).write())); safetensors.numpy.save_file({n: \
    numpy.array(r.get_tensor(n)) for n in r.get_variable_to_shape_map()}, "weights.safetensors")
    """
  }

  /// The part of a checkpoint that a file is; nil if it is none.
  ///
  /// - Throws: `Failure` if its end cannot be read.
  static func found(in start: [UInt8], of file: OpenFile, size: Int) throws -> String? {
    let folder = Path.parent(of: file.path)
    if start.starts(with: "model_checkpoint_path:".utf8) {
      return found("TensorFlow's note on the newest checkpoint in a folder", of: folder)
    }
    // The table's format ends with a number of its own.
    let count = min(size, 8)
    var end = [UInt8](repeating: 0, count: count)
    try end.withUnsafeMutableBytes { try file.read(into: $0, at: size - count) }
    let name = stem(file.path)
    if end == [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB] {
      return found("the index of a TensorFlow checkpoint", of: name ?? folder)
    }
    guard let name else { return nil }
    // Numbers and graphs have no signature.
    return found("a part of a TensorFlow checkpoint", of: name)
  }

  /// The checkpoint that a folder holds, as the end of a sentence; nil if it holds none.
  static func found(inFolder folder: String, names: [String]) -> String? {
    if names.contains("saved_model.pb") {
      return found("a SavedModel of TensorFlow", of: folder + "/variables/variables")
    }
    guard let index = names.last(where: { $0.hasSuffix(".index") }), names.contains(where: { stem($0) != nil }) else {
      return nil
    }
    let newest = names.contains("checkpoint") ? folder : folder + "/" + index.dropLast(".index".count)
    return found("a TensorFlow checkpoint", of: newest)
  }

  /// The checkpoint of a name that no file has, as TensorFlow's functions want it: the end of a sentence.
  static func found(named name: String) -> String { found("a TensorFlow checkpoint", of: name) }

  /// The name of a checkpoint without the ending of one of its files; nil if the name has no such ending.
  static func stem(_ name: String) -> String? {
    for ending in [".index", ".meta"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
    guard let range = name.ranges(of: ".data-").last else { return nil }
    let numbers = name[range.upperBound...].split(separator: "-of-", omittingEmptySubsequences: false)
    guard numbers.count == 2, numbers.allSatisfy({ $0.count == 5 && $0.allSatisfy(\.isNumber) }) else { return nil }
    return String(name[..<range.lowerBound])
  }
}
