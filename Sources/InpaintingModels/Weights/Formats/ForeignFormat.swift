import Support

/// File formats that users mistake for weights, or whose weights cannot be read, with advice for error messages.
enum ForeignFormat {
  /// The format, recognized by the first bytes, and advice, as the end of a sentence; nil for an unknown format.
  ///
  /// - Parameter start: The first bytes, up to a kilobyte.
  /// - Throws: `Failure` if the end of the file cannot be read.
  static func found(in start: [UInt8], of file: OpenFile, size: Int) throws -> String? {
    if start.isEmpty { return "an empty file; copy or download it again" }
    if let signature = signatures.first(where: { start.starts(with: $0.bytes) }) { return signature.found }
    if start.count > 262, start[257..<262].elementsEqual("ustar".utf8) { return tar(start) }
    if let tensorFlow = try TensorFlowCheckpoint.found(in: start, of: file, size: size) { return tensorFlow }
    if start[0] == PickleOpcode.proto.rawValue, start.count > 1, start[1] <= 5 {
      return "a pickle that torch.save did not write, or that is cut short; save it in Python: torch.save(weights, "
        + "\"weights.pth\")"
    }
    return text(start, size: size)
  }

  private static let signatures: [(bytes: [UInt8], found: String)] = [
    ([0x1F, 0x8B], "a file that gzip compressed; unpack it first: gunzip"),
    (Array("BZh".utf8), "a file that bzip2 compressed; unpack it first: bunzip2"),
    ([0xFD] + "7zXZ\0".utf8, "a file that xz compressed; unpack it first: unxz"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a file that zstd compressed; unpack it first: unzstd"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive; unpack it first"),
    (Array("Rar!".utf8), "a RAR archive; unpack it first"),
    (Array("PK\u{5}\u{6}".utf8), "a zip archive with nothing in it"),
    ([0x89] + "HDF\r\n\u{1A}\n".utf8, "an HDF5 file, as Keras writes them; save its arrays as safetensors"),
    ([0x93] + "NUMPY".utf8, "an array of NumPy; save arrays under their names as safetensors"),
    (Array("GGUF".utf8), "a GGUF file; save its arrays as safetensors"),
    ([0x89] + "PNG".utf8, "a picture (PNG)"), ([0xFF, 0xD8, 0xFF], "a picture (JPEG)"),
    (Array("RIFF".utf8), "a picture (WebP) or a sound"),
  ]

  /// The description of a tar archive, the format of PyTorch before version 0.1.10.
  private static func tar(_ start: [UInt8]) -> String {
    let name = String(decoding: start.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
    if ["sys_info", "pickle", "tensors", "storages"].contains(name) {
      return "the format of PyTorch before 0.1.10; save it again in Python: torch.save(torch.load(\"old.pth\", "
        + "map_location=\"cpu\", weights_only=False), \"new.pth\")"
    }
    return "a tar archive; the first thing in it is \(JSONValue(name).excerpt), so unpack it first: tar xf"
  }

  // MARK: Text

  private static func text(_ start: [UInt8], size: Int) -> String? {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = start.starts(with: mark) ? start[mark.count...] : start[...]
    guard isText(bytes) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    let words = String(text.drop(while: \.isWhitespace))
    if words.hasPrefix("version https://git-lfs") || words.hasPrefix("version https://hawser") {
      return gitLFS(words)
    }
    let lowercased = words.lowercased()
    if lowercased.hasPrefix("<!doctype html") || lowercased.hasPrefix("<html") {
      return "a web page; the download asks for something first, so open its address in a browser"
    }
    if words.hasPrefix("<") {
      return "XML, as servers answer when they refuse a download; open its address in a browser"
    }
    if words.hasPrefix("{") || words.hasPrefix("[") {
      return "JSON, which describes weights or says why there are none; name the file of the weights themselves"
    }
    if words.isEmpty { return "nothing but blanks; copy or download it again" }
    return "text: \(JSONValue(String(words.prefix { !$0.isNewline })).excerpt)"
  }

  /// True for UTF-8 without control characters other than white space. The last character may be incomplete.
  private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) }) else { return false }
    return (0..<4).contains { String(validating: bytes.dropLast($0), as: UTF8.self) != nil }
  }

  /// The description of a Git-LFS pointer, with the size of the file that it stands for.
  private static func gitLFS(_ words: String) -> String {
    let size = words.split(whereSeparator: \.isNewline).first { $0.hasPrefix("size ") }.flatMap { Int($0.dropFirst(5)) }
    let bytes = size.map { " of \($0) bytes" } ?? ""
    return "a Git-LFS pointer, which only stands for a file\(bytes); get that with: git lfs pull"
  }
}

/// Recognition of TensorFlow's checkpoints, which cannot be read: `NAME.index`, `NAME.data-00000-of-00001` and perhaps
/// `NAME.meta`, in a folder with a file `checkpoint` that names the newest.
enum TensorFlowCheckpoint {
  /// The description and a Python command that converts the checkpoint, as the end of a sentence.
  ///
  /// - Parameter name: The checkpoint's path without its endings, or a folder's.
  private static func found(_ part: String, of name: String) -> String {
    """
    \(part); save its variables as safetensors, in Python: import numpy, tensorflow, safetensors.numpy; \
    r = tensorflow.train.load_checkpoint(\(JSONValue(name).write())); safetensors.numpy.save_file({n: \
    numpy.array(r.get_tensor(n)) for n in r.get_variable_to_shape_map()}, "weights.safetensors")
    """
  }

  /// The description of a file that is a part of a checkpoint; nil for other files.
  ///
  /// - Throws: `Failure` if the end of the file cannot be read.
  static func found(in start: [UInt8], of file: OpenFile, size: Int) throws -> String? {
    let folder = Path.parent(of: file.path)
    if start.starts(with: "model_checkpoint_path:".utf8) {
      return found("TensorFlow's note on the newest checkpoint in a folder", of: folder)
    }
    // The index is a LevelDB table, which ends with a magic number.
    let count = min(size, 8)
    var end = [UInt8](repeating: 0, count: count)
    try end.withUnsafeMutableBytes { try file.read(into: $0, at: size - count) }
    let name = stem(file.path)
    if end == [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB] {
      return found("the index of a TensorFlow checkpoint", of: name ?? folder)
    }
    guard let name else { return nil }
    // Data and graph files have no signature, only a name.
    return found("a part of a TensorFlow checkpoint", of: name)
  }

  /// The description of a checkpoint in a folder, as the end of a sentence; nil if the folder has none.
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

  /// The description of a checkpoint given by its name without endings, as TensorFlow's functions take it: the end of a
  /// sentence.
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
