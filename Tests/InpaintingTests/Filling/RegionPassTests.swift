import Imaging
import InpaintingData
import InpaintingModels
import Tensors
import Testing

@testable import Inpainting

struct RegionPassTests {
  @Test func `scaling down carries nothing out of the hole, however small that is`() throws {
    // So small that in the scaled picture no pixel is missing.
    let hole = Hole.hole(width: 300, height: 300, PixelRectangle(150, 150, 1, 1))
    for seed in 0..<20 {
      let model = PaintingModel([1, 2, 3])
      for level: UInt8 in [0, 255] {
        var view = Picture.noise(width: 300, height: 300, seed: UInt64(seed))
        for channel in 0..<3 { view.pixels[(150 * 300 + 150) * 3 + channel] = level }
        _ = try RegionPass(Example(view, hole), size: (8, 8), model: model)
      }
      #expect(model.batches[0].known.elements == model.batches[1].known.elements)
    }
  }

  @Test func `whatever has a part in the hole is missing in the scaled picture`() throws {
    let model = PaintingModel([1, 2, 3])
    let hole = Hole.hole(width: 32, height: 32, PixelRectangle(9, 9, 14, 14))
    let pass = try RegionPass(
      Example(.noise(width: 32, height: 32), hole), size: (8, 8), model: model)
    let row = model.batches[0].holes.sliced(axis: 1, 4..<5).elements
    #expect(row == [0, 1, 1, 1, 1, 1, 1, 0])
    #expect((pass.completed.width, pass.completed.height) == (32, 32))
    #expect(pass.stages.map(\.name) == ["coarse"])
    #expect(pass.completed.pixel(16, 16) == [1, 2, 3])
    #expect(pass.stages[0].picture.pixel(16, 16) == [254, 253, 252])
  }
}
