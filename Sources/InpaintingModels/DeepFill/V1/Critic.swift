package import NeuralNetworks
package import Tensors

/// A Wasserstein critic of pictures of a fixed size, whose score is unbounded and high for real pictures (Yu et al.,
/// 2018, figure 2, right).
///
/// Four 5x5 convolutions with stride 2, each followed by a leaky ReLU, and a fully connected layer with one output. The
/// fully connected layer is a convolution whose kernel is as large as the last features,
/// [size / 16, size / 16, channels, 1].
package final class Critic: Module {
  let conv1, conv2, conv3, conv4: Conv2d
  let score: Conv2d
  private let size: Int

  /// The total stride of the convolutions.
  static let reduction = 16

  /// - Parameters:
  ///   - size: The height and width of the pictures, a multiple of 16.
  ///   - lastChannels: The output channels of `conv4`, as a multiple of those of `conv1`.
  package init(
    _ configuration: DeepFillV1Configuration, size: Int, lastChannels: Int, initialization: Initialization
  ) {
    precondition(size > 0 && size % Self.reduction == 0, "Critic: the size \(size) is no multiple of 16")
    self.size = size
    let width = configuration.criticWidth
    func layer(_ name: String, from inputs: Int, to outputs: Int) -> Conv2d {
      Conv2d(
        inputChannels: inputs, outputChannels: outputs, kernel: 5, stride: 2, padding: configuration.padding.rule,
        activation: .leakyReLU(slope: 0.2), initialization: initialization[name])
    }
    conv1 = layer("conv1", from: 3, to: width)
    conv2 = layer("conv2", from: width, to: 2 * width)
    conv3 = layer("conv3", from: 2 * width, to: 4 * width)
    conv4 = layer("conv4", from: 4 * width, to: lastChannels * width)
    score = Conv2d(
      inputChannels: lastChannels * width, outputChannels: 1, kernel: size / Self.reduction,
      padding: .explicit(.none), initialization: initialization["score"])
  }

  /// - Parameter pictures: [batch, size, size, 3].
  /// - Returns: The scores, [batch].
  /// - Precondition: The pictures have the critic's size.
  package func callAsFunction(_ pictures: Tensor) -> Tensor {
    precondition(
      pictures.rank == 4 && pictures.shape[1...] == [size, size, 3],
      "Critic: expected pictures of shape [batch, \(size), \(size), 3], found \(pictures.shape)")
    return pictures.through(conv1, conv2, conv3, conv4, score).reshaped(to: [pictures.shape[0]])
  }
}

/// The two critics of DeepFill v1, optimized as one network: a local critic of a window around the hole, and a global
/// critic of the whole picture (Yu et al., 2018, section 3.1).
package final class CriticPair: Module {
  let local: Critic
  let global: Critic

  package init(_ configuration: DeepFillV1Configuration, initialization: Initialization) {
    local = Critic(
      configuration, size: configuration.localSize, lastChannels: configuration.hasNarrowLocalCritic ? 4 : 8,
      initialization: initialization["local"])
    global = Critic(
      configuration, size: configuration.pictureSize, lastChannels: 4, initialization: initialization["global"])
  }
}

/// Square windows around the holes of a batch, for the local critic and the reconstruction error.
///
/// A window is centered on the bounding box of its hole, and shifted to lie inside the picture. The published code
/// takes a box that is then shrunk by equal margins on opposite sides to give the hole; for such holes, the window is
/// that box. For a hole larger than the window, the window covers the middle of the hole.
struct HoleWindows {
  let size: Int
  /// The upper left corner of each window: one, or one for each picture.
  let corners: [(row: Int, column: Int)]

  /// - Parameters:
  ///   - holes: [batch or 1, height, width, 1].
  ///   - size: The height and width of each window, at most those of the pictures.
  init(around holes: Tensor, size: Int) {
    let (count, height, width) = (holes.shape[0], holes.shape[1], holes.shape[2])
    precondition(
      size <= height && size <= width, "HoleWindows: windows of \(size) do not fit into pictures of \(height)x\(width)")
    self.size = size
    func starts(_ extents: Tensor, _ length: Int) -> [Int] {
      (0..<count).map { sample in
        let line = extents.sliced(axis: 0, sample..<sample + 1).elements
        let first = line.firstIndex { $0 > 0 } ?? 0
        let last = line.lastIndex { $0 > 0 } ?? length - 1
        return min(max(0, (first + last + 1 - size) / 2), length - size)
      }
    }
    let rows = starts(holes.detached().maximum(axes: [2]), height)
    let columns = starts(holes.detached().maximum(axes: [1]), width)
    corners = zip(rows, columns).map { (row: $0, column: $1) }
  }

  /// Crops pictures or holes to the windows: [batch or 1, height, width, channels] becomes
  /// [batch or 1, size, size, channels].
  func crop(_ pictures: Tensor) -> Tensor {
    let (count, channels) = (pictures.shape[0], pictures.shape[3])
    precondition(
      corners.count == 1 || count == corners.count,
      "HoleWindows: \(count) pictures do not fit the \(corners.count) holes")
    func part(_ samples: Range<Int>, _ corner: (row: Int, column: Int)) -> Tensor {
      pictures.sliced([
        samples, corner.row..<corner.row + size, corner.column..<corner.column + size, 0..<channels,
      ])
    }
    if corners.count == 1 { return part(0..<count, corners[0]) }
    return concatenate(corners.enumerated().map { part($0..<$0 + 1, $1) }, axis: 0)
  }
}
