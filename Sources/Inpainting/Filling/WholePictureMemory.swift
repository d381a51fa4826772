import InpaintingData
import InpaintingModels
import Support
import Tensors

/// A check of the memory for filling a large picture in one piece, extrapolated from two smaller fills.
///
/// Memory grows with the number of pixels (features) and perhaps with its square: b · p + c · p² bytes for p pixels.
/// Fills of 640² and 896² pixels give b and c; at these sizes attention is computed in blocks of constant memory.
final class WholePictureMemory {
  /// The number of pixels up to which memory is not checked.
  private static let uncheckedLimit = 1024 * 1024

  private let model: any InpaintingModel
  /// The memory as a function of pixels; nil before it is measured.
  private var growth: Growth?

  /// - Parameter growth: The growth, if it is known already.
  init(of model: any InpaintingModel, growth: Growth? = nil) {
    self.model = model
    self.growth = growth
  }

  /// - Throws: `Failure` of the kind `data` if the picture would take more memory than there is.
  func requireRoom(width: Int, height: Int) throws {
    guard width * height > Self.uncheckedLimit, let available = Memory.available else { return }
    let growth = growth ?? Growth(small: measured(side: 640), large: measured(side: 896))
    self.growth = growth
    let needed = growth.bytes(pixelCount: width * height)
    // Buffers that the pool keeps for reuse belong to this process.
    guard needed > Double(available) else { return }
    throw Failure(
      .data,
      sentence: """
        the picture: filling \(width)x\(height) pixels in one piece takes about \(Self.gigabytes(needed)) of memory, and \
        \(Self.gigabytes(Double(available))) are free; use \(setting: .strategy, "crop")
        """)
  }

  /// The memory of a fill as a function of its pixels.
  struct Growth {
    private let linear: Double
    private let quadratic: Double

    /// - Parameters:
    ///   - small, large: Measured numbers of pixels and bytes.
    init(small: (pixels: Double, bytes: Double), large: (pixels: Double, bytes: Double)) {
      let (slope, largeSlope) = (small.bytes / small.pixels, large.bytes / large.pixels)
      quadratic = max(0, (largeSlope - slope) / (large.pixels - small.pixels))
      linear = max(0, largeSlope - quadratic * large.pixels)
    }

    func bytes(pixelCount: Int) -> Double {
      let pixels = Double(pixelCount)
      return pixels * (linear + quadratic * pixels)
    }
  }

  /// The peak memory in bytes that a fill adds.
  private func measured(side: Int) -> (pixels: Double, bytes: Double) {
    let multiple = model.sizeMultiple
    let side = (side + multiple - 1) / multiple * multiple
    let before = MemoryPool.tensors.liveBytes
    MemoryPool.tensors.resetPeak()
    _ = model.fill(.blank(count: 1, height: side, width: side, conditions: model.conditions))
    return (Double(side * side), Double(MemoryPool.tensors.peakBytes - before))
  }

  private static func gigabytes(_ bytes: Double) -> String {
    let tenths = Int((bytes / 1e8).rounded(.up))
    return "\(tenths / 10).\(tenths % 10) GB"
  }
}
