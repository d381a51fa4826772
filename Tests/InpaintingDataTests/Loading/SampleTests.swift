import Imaging
import Tensors
import Testing

@testable import InpaintingData

@Suite struct SampleTests {
  @Test func `A batch is written sample after sample, colours in -1...1 and holes as 0 and 1`() {
    var hole = HoleRaster(width: 2, height: 1)
    hole.fillRectangle(x: 1, y: 0, width: 1, height: 1)
    let first = Sample(
      picture: Picture(width: 2, height: 1, channels: 3, pixels: [0, 255, 51, 102, 153, 204]), hole: hole, name: "a")
    let second = Sample(
      picture: Picture(width: 2, height: 1, filledWith: [255, 0, 0]), hole: HoleRaster(width: 2, height: 1), name: "b")
    let batch = Batch(number: 0, samples: [first, second], secondsWaited: 0)

    var pictures = [Scalar](repeating: 9, count: 13)
    var holes = [Scalar](repeating: 9, count: 5)
    pictures.withUnsafeMutableBufferPointer { batch.writePictures(to: $0.baseAddress!) }
    holes.withUnsafeMutableBufferPointer { batch.writeHoles(to: $0.baseAddress!) }

    let expected: [Scalar] = [-1, 1, -0.6, -0.2, 0.2, 0.6, 1, -1, -1, 1, -1, -1, 9]
    for (found, wanted) in zip(pictures, expected) { #expect(abs(found - wanted) < 1e-6) }
    #expect(holes == [0, 1, 0, 0, 9])
  }
}
