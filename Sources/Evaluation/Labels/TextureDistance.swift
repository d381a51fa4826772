import Imaging
import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// The distance between the textures of a filled picture and its original, class by class, by Gram matrices of features
/// at missing pixels. It uses no trained network, so that results of different networks can be compared.
///
/// For each picture Σ_c (n_c / n) · mean |G_c(filled) − G_c(original)|, with n_c missing pixels of the class c among n,
/// and G_c as in `textureCoherenceLoss` over these pixels alone. The sum over all pictures is divided by the same sum
/// with 0 in place of G_c(filled). It is 0 for the originals, and 1 for predictions without any texture. Features are
/// the responses, after ReLU, of random filters of several sizes (Ustyuzhaninov et al., 2016, "Texture Synthesis Using
/// Shallow Convolutional Networks with Random Filters"), always the same ones, which do not respond to flat color.
struct TextureDistance {
  private var difference = 0.0
  private var reference = 0.0

  /// The filters, [size, size, 3, 32] each.
  private static let filters = [3, 7, 11].map { size -> Tensor in
    var stream = RandomStream(seed: 0, purpose: "texture filters \(size)")
    let random = Tensor((0..<size * size * 3 * 32).map { _ in Scalar(stream.normal()) }, shape: [size, size, 3, 32])
    let flatless = random - random.mean(axes: [0, 1])
    return flatless / Scalar(size * size * 3).squareRoot()
  }

  /// - Parameters:
  ///   - example: The original with its hole.
  ///   - truth: The classes of its pixels; ignored pixels do not count.
  mutating func add(_ example: Example, truth: LabelMap, filled: Picture) {
    let labeled = Example(
      picture: example.picture, hole: example.hole, conditions: Conditions([truth]), name: example.name)
    let batch = InpaintingBatch([labeled], conditions: [truth.condition])
    guard let labels = batch[truth.condition] else {
      preconditionFailure("TextureDistance: expected a batch with labels")
    }
    let (found, expected) = (features(filled.tensor), features(batch.images))
    func distance(_ found: Tensor) -> Double {
      Double(textureCoherenceLoss(found, expected, labels: labels * batch.holes, holes: batch.holes).scalar)
    }
    difference += distance(found)
    reference += distance(.zeros(expected.shape))
  }

  /// The distance; nil if no pixel with a class and a texture was added.
  var ratio: Double? { reference > 0 ? difference / reference : nil }

  /// - Parameter picture: [1, height, width, 3] in −1...1.
  private func features(_ picture: Tensor) -> Tensor {
    concatenate(
      Self.filters.map { convolve(picture, $0, activation: .relu, padding: Padding($0.shape[0] / 2)) }, axis: -1)
  }
}
