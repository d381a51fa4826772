import InpaintingModels
import NeuralNetworks
import Support
import Tensors

extension PerceptualSimilarity {
  /// LPIPS with weights from files: one with trunk and heads, as the `lpips` package's state dictionary
  /// (`net.slice1.0.weight`, `lin0.model.1.weight`), or torchvision's trunk (`features.0.weight`) and the package's
  /// heads.
  ///
  /// - Parameters:
  ///   - paths: Paths of PyTorch or safetensors files. A tensor is taken from the first file that has it.
  ///   - network: The trunk; nil for the one that the heads' shapes belong to.
  /// - Throws: `Failure`: `missingInput`, `inputOutput`, or `data` that names the tensors which are missing, have
  ///   another shape or hold values that are not finite.
  static func reading(
    _ paths: [String], network: PerceptualNetwork?
  ) throws -> (similarity: PerceptualSimilarity, network: PerceptualNetwork) {
    let files = try paths.map { try WeightFile(path: $0) }
    let source = paths.joined(separator: " and ")
    guard let network = network ?? PerceptualNetwork(ofHeadsIn: files) else {
      let found = files.shape(of: "lin1.model.1.weight").map { "\($0)" } ?? "none"
      throw Failure(
        .data,
        sentence: """
          \(source): expected the weights of LPIPS, with `lin1.model.1.weight` of shape [1, 192, 1, 1] or [1, 128, 1, 1], \
          found \(found); name a file that has heads and trunk, or a file of each with \(setting: .lpipsWeights).
          """)
    }
    let similarity = PerceptualSimilarity(network)
    try similarity.load(from: source, as: "LPIPS with \(network.title)") { name in
      for name in names(ofTensor: name) {
        if let tensor = try files.tensor(name) { return tensor }
      }
      return nil
    }
    return (similarity, network)
  }

  /// The names of a tensor in files: for torchvision's `features.3.weight` also the `lpips` package's
  /// `net.slice2.3.weight`, in any slice.
  private static func names(ofTensor name: String) -> [String] {
    let trunk = "features."
    guard name.hasPrefix(trunk) else { return [name] }
    return [name] + (1...7).map { "net.slice\($0)." + name.dropFirst(trunk.count) }
  }
}

extension PerceptualNetwork {
  /// The trunk that heads belong to, by the channels of the second head and the number of heads; nil if there are no
  /// such heads.
  init?(ofHeadsIn files: [WeightFile]) {
    switch files.shape(of: "lin1.model.1.weight") {
    case [1, 192, 1, 1]: self = .alex
    case [1, 128, 1, 1]: self = files.shape(of: "lin6.model.1.weight") == nil ? .vgg : .squeeze
    default: return nil
    }
  }
}

extension [WeightFile] {
  /// The shape of a tensor in the first file that has it.
  fileprivate func shape(of name: String) -> Shape? { lazy.compactMap { $0.shape(of: name) }.first }

  /// The tensor in the first file that has it.
  fileprivate func tensor(_ name: String) throws -> Tensor? {
    try first { $0.shape(of: name) != nil }?.tensor(name)
  }
}
