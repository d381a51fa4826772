import Tensors

/// The samples of one training step.
public struct Batch: Sendable {
  /// The number of the step since the start of the run, from 0.
  public let number: Int
  public let samples: [Sample]
  /// How long `BatchLoader.next()` had to wait for it.
  public let secondsWaited: Double

  /// Writes the pictures one after another as `samples * size * size * 3` numbers in -1...1 (NHWC).
  public func writePictures(to destination: UnsafeMutablePointer<Scalar>) {
    var place = destination
    for sample in samples {
      sample.writePicture(to: place)
      place += sample.picture.pixels.count
    }
  }

  /// Writes the holes one after another as `samples * size * size` numbers, 1 where pixels are missing (NHWC).
  public func writeHoles(to destination: UnsafeMutablePointer<Scalar>) {
    var place = destination
    for sample in samples {
      sample.writeHole(to: place)
      place += sample.hole.values.count
    }
  }
}
