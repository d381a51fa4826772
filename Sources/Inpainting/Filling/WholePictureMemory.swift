import InpaintingData
import InpaintingModels
import Support
import Tensors

/// A check that there is memory for filling a large picture in one piece, by two small fills that are really made.
///
/// A fill holds a part that grows with the pixels (features) and perhaps one that grows with their square:
/// b · p + c · p² bytes for p pixels. Fills of 640² and 896² pixels give b and c; at these sizes attention works in blocks,
/// whose memory grows no more.
final class WholePictureMemory {
  /// Smaller pictures are filled without asking.
  private static let smallestAsked = 1024 * 1024

  private let model: any InpaintingModel
  /// The bytes that a fill of so many pixels takes; nil before anybody asked.
  private var growth: Growth?

  /// - Parameter growth: What is known already.
  init(of model: any InpaintingModel, growth: Growth? = nil) {
    self.model = model
    self.growth = growth
  }

  /// - Throws: `Failure` of the kind `data` if the picture would take more memory than there is.
  func requireRoom(width: Int, height: Int) throws {
    guard width * height > Self.smallestAsked, let available = Memory.available else { return }
    let growth = growth ?? Growth(small: measured(side: 640), large: measured(side: 896))
    self.growth = growth
    let needed = growth.bytes(pixelCount: width * height)
    // What the pool keeps for reuse is this process's own.
    guard needed > Double(available) else { return }
    throw Failure(
      .data,
      sentence: """
        filling \(width)x\(height) pixels in one piece takes about \(Self.gigabytes(needed)) of memory, and \
        \(Self.gigabytes(Double(available))) are free: use \(setting: .strategy, "crop")
        """)
  }

  /// Memory against pixels.
  struct Growth {
    private let linear: Double
    private let quadratic: Double

    /// - Parameters:
    ///   - small, large: How many pixels took how many bytes.
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

  /// The most bytes that a fill adds to what is in use.
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
