import Imaging
import InpaintingData
import InpaintingModels
import Tensors

/// A picture with its hole as a network takes it: reflected beyond its right and lower borders until its sides are
/// multiples of what the network needs.
struct PaddedInput {
  let batch: InpaintingBatch
  /// The part that is no padding.
  private let width: Int
  private let height: Int

  /// - Parameters:
  ///   - picture: 3 channels.
  ///   - hole: One channel of the same size, not 0 where pixels are missing. The padding's own missing pixels are those
  ///     that it reflects.
  init(_ picture: Picture, hole: Picture, multiple: Int, isGuided: Bool) {
    width = picture.width
    height = picture.height
    let columns = Self.reflected(width, multiple: multiple)
    let rows = Self.reflected(height, multiple: multiple)
    func tensor(_ source: Picture, _ value: (UInt8) -> Scalar) -> Tensor {
      let channels = source.channels
      return Tensor(shape: [1, rows.count, columns.count, channels]) { elements in
        source.pixels.withUnsafeBufferPointer { pixels in
          var place = 0
          for y in rows {
            for x in columns {
              for channel in 0..<channels {
                elements[place] = value(pixels[(y * source.width + x) * channels + channel])
                place += 1
              }
            }
          }
        }
      }
    }
    let holes = tensor(hole) { $0 == 0 ? 0 : 1 }
    batch = InpaintingBatch(
      images: tensor(picture) { Scalar($0) / 127.5 - 1 }, holes: holes,
      // Nobody has drawn edges to follow.
      guidance: isGuided ? .zeros(holes.shape) : nil)
  }

  /// The part of a network's output that is no padding: [1, height, width, channels].
  func unpadded(_ output: Tensor) -> Tensor {
    if output.shape[1] == height && output.shape[2] == width { return output }
    return output.sliced([0..<output.shape[0], 0..<height, 0..<width, 0..<output.shape[3]])
  }

  /// For each position of a padded line the position that it shows: 0, 1, 2, 3, 2, 1, 0, 1, … for four pixels. Borders
  /// are not repeated, and a single pixel is all there is.
  static func reflected(_ count: Int, multiple: Int) -> [Int] {
    let padded = (count + multiple - 1) / multiple * multiple
    let period = max(1, 2 * count - 2)
    return (0..<padded).map { position in
      let place = position % period
      return place < count ? place : period - place
    }
  }
}
