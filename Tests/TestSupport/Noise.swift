package import Tensors

extension Tensor {
  /// Uniform numbers in [−1, 1) times `scale`, a hash of the name and the row-major index: any program can make them
  /// again. The hash is the finaliser `lowbias32` over 2654435769 · index + FNV-1a(name), in 32 bits.
  package static func noise(_ name: String, _ shape: Shape, scale: Double = 1) -> Tensor {
    var seed: UInt32 = 0x811c_9dc5
    for byte in name.utf8 { seed = (seed ^ UInt32(byte)) &* 0x0100_0193 }
    return Tensor(shape: shape) { elements in
      for index in elements.indices {
        var x = UInt32(truncatingIfNeeded: index) &* 2_654_435_769 &+ seed
        x = (x ^ (x >> 16)) &* 0x7feb_352d
        x = (x ^ (x >> 15)) &* 0x846c_a68b
        x ^= x >> 16
        elements[index] = Scalar(scale * (Double(x) / 0x1p31 - 1))
      }
    }
  }
}
