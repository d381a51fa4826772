import Tensors

/// The samples of one training step.
package struct Batch: Sendable {
  /// The number of the step since the start of the run, from 0.
  package let number: Int
  package let samples: [Sample]
  /// How long `BatchLoader.next()` had to wait for it.
  package let secondsWaited: Double

  /// Writes the pictures one after another as `samples * size * size * 3` numbers in -1...1 (NHWC).
  package func writePictures(to destination: UnsafeMutablePointer<Scalar>) {
    var place = destination
    for sample in samples {
      sample.writePicture(to: place)
      place += sample.picture.pixels.count
    }
  }

  /// Writes the holes one after another as `samples * size * size` numbers, 1 where pixels are missing (NHWC).
  package func writeHoles(to destination: UnsafeMutablePointer<Scalar>) {
    var place = destination
    for sample in samples {
      sample.writeHole(to: place)
      place += sample.hole.values.count
    }
  }
}
