import NeuralNetworks
import Support

extension VGG16Features {
  /// The first three blocks with the weights of a file that torchvision's `vgg16` can be loaded from: `.pth` or safetensors,
  /// of which the first seven convolutions are read.
  ///
  /// - Throws: `Failure` of the kind `data` if the file is of another network, or `inputOutput`.
  convenience init(weights file: WeightFile) throws {
    // A network of the file's own width, as far as a file may say it: the published one, or a narrower one.
    let width = file.shape(of: "features.0.weight")?.first ?? 64
    self.init(
      width: (1...64).contains(width) ? width : 64, initialization: Initialization(seed: 0, weights: .zeros))
    do {
      try load(from: file.path, as: "torchvision's vgg16") { try file.tensorIfAny($0) }
    } catch let failure as Failure where failure.kind == .data {
      throw Failure(
        failure.kind, sentence: "\(failure.sentence.withoutFullStop); Scripts/fetch-vgg16 gets such a file.")
    }
  }
}
