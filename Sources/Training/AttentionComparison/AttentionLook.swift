import Imaging
import InpaintingData
import InpaintingModels
import NeuralNetworks
import Tensors

/// Attention maps of a trained generator: for some missing pixels as queries, the weights with which its first attention
/// layer attends to all positions.
struct AttentionLook {
  /// One picture for each query: the completed picture, darkened, with positions lit by their attention weights, and the
  /// query marked red.
  let pictures: [Picture]
  /// The ratio of the largest weight to the mean weight, for each picture; 1 for uniform attention.
  let peaks: [Double]

  /// The factor by which the pictures are enlarged.
  private static let enlargement = 2
  private static let mark: [UInt8] = [255, 64, 64]

  /// Completes a batch, and draws the attention maps of its first layer.
  ///
  /// - Returns: Nil if the model has no attention layer, if the layer has no attention map, or if no pixel is missing.
  init?(of model: any InpaintingModel, _ batch: InpaintingBatch) {
    guard let insertion = model.insertions.first else { return nil }
    var completed: Tensor?
    let observation = AttentionObservation { completed = model.fill(batch).completed }
    guard let completed else { return nil }
    let filled = Picture(completed)
    let pixels = Self.missingPixels(of: batch.holes)
    let drawn = pixels.compactMap { pixel -> (picture: Picture, peak: Double)? in
      let place = (row: pixel.row / insertion.site.scale, column: pixel.column / insertion.site.scale)
      return insertion.weights(ofRow: place.row, column: place.column, in: observation).map {
        let mean = max($0.mean().scalar, .leastNormalMagnitude)
        return (Self.lit(filled, by: $0, from: pixel), Double(($0.elements.max() ?? 0) / mean))
      }
    }
    guard !drawn.isEmpty else { return nil }
    pictures = drawn.map(\.picture)
    peaks = drawn.map(\.peak)
  }

  /// Three missing pixels: those at 1/4, 1/2 and 3/4 of the list of missing pixels in row-major order. Empty if no pixel is
  /// missing.
  ///
  /// - Parameter holes: [1, height, width, 1], 1 where pixels are missing.
  static func missingPixels(of holes: Tensor) -> [(row: Int, column: Int)] {
    let width = holes.shape[2]
    let missing = holes.elements.indices.filter { holes.elements[$0] > 0 }
    guard !missing.isEmpty else { return [] }
    return [1, 2, 3].map { missing[missing.count * $0 / 4] }.map { ($0 / width, $0 % width) }
  }

  /// The enlarged picture with a marked query and its attention weights.
  ///
  /// - Parameters:
  ///   - weights: [1, rows, columns]; the largest weight is drawn with the greatest brightness.
  ///   - pixel: The query, in pixels of `picture`.
  private static func lit(_ picture: Picture, by weights: Tensor, from pixel: (row: Int, column: Int)) -> Picture {
    let (rows, columns) = (weights.shape[1], weights.shape[2])
    let values = weights.elements
    let most = max(values.max() ?? 0, .leastNormalMagnitude)
    var result = picture.rgb().resized(
      toWidth: picture.width * enlargement, height: picture.height * enlargement, filter: .nearest)
    for y in 0..<result.height {
      for x in 0..<result.width {
        let light = Double(values[y * rows / result.height * columns + x * columns / result.width] / most)
        for channel in 0..<3 {
          let index = (y * result.width + x) * 3 + channel
          let dimmed = Double(result.pixels[index]) * 0.35
          result.pixels[index] = UInt8(dimmed + (channel == 2 ? 70 : 255 - dimmed) * light.squareRoot() * 0.8)
        }
      }
    }
    for y in pixel.row * enlargement - 2..<(pixel.row + 1) * enlargement + 2 where (0..<result.height).contains(y) {
      for x in pixel.column * enlargement - 2..<(pixel.column + 1) * enlargement + 2
      where (0..<result.width).contains(x) {
        let index = (y * result.width + x) * 3
        result.pixels.replaceSubrange(index..<index + 3, with: mark)
      }
    }
    return result
  }
}
