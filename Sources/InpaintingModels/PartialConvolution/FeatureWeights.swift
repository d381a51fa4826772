import NeuralNetworks
import Support
import Tensors

extension VGG16Features {
  /// The network with the weights of a file that torchvision's `vgg16` can be loaded from: `.pth` or safetensors, of which
  /// the first seven convolutions are read.
  ///
  /// - Throws: `Failure` of the kind `data` if the file is of another network, or `inputOutput`.
  convenience init(weights file: WeightFile) throws {
    // A network of the file's own width, as far as a file may say it: the published one, or a narrower one.
    let width = file.shape(of: Self.names[0] + ".weight")?.first ?? 64
    self.init(
      width: (1...64).contains(width) ? width : 64, initialization: Initialization(seed: 0, weights: .zeros))
    for (layer, name) in zip(convolutions, Self.names) {
      try layer.weight.assign(file.own(name + ".weight", .outputsFirst, shape: layer.weight.shape))
      guard let bias = layer.bias else { continue }
      try bias.assign(file.own(name + ".bias", .same, shape: bias.shape))
    }
  }

  /// What torchvision calls the convolutions.
  private static let names = [0, 2, 5, 7, 10, 12, 14].map { "features.\($0)" }
}

extension WeightFile {
  /// A tensor of the file in the arrangement that it has here.
  fileprivate func own(_ name: String, _ arrangement: WeightArrangement, shape: Shape) throws -> Tensor {
    let expected = arrangement.foreignShape(shape)
    guard let found = self.shape(of: name), found == expected else {
      let text = self.shape(of: name).map { "of shape \($0)" } ?? "missing"
      throw Failure(
        .data,
        "\(path): expected the weights of torchvision's vgg16 with a tensor \(name) of shape \(expected), which is "
          + "\(text); Scripts/fetch-vgg16 gets such a file.")
    }
    let value = try tensor(name)
    guard value.isFinite else {
      throw Failure(.data, "\(path): \(name) has values that are not finite; the file is damaged or of no use.")
    }
    return arrangement.own(value, shape: shape)
  }
}
