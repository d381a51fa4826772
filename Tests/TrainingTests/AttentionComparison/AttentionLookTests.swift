import Imaging
import InpaintingData
import InpaintingModels
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite struct AttentionLookTests {
  @Test func `three missing pixels are spread over the hole`() {
    var holes = Tensor.zeros([1, 8, 8, 1])
    holes.withMutableElements { elements in
      for row in 2..<6 { elements[row * 8 + 3] = 1 }
    }
    #expect(AttentionLook.missingPixels(of: holes).map { [$0.row, $0.column] } == [[3, 3], [4, 3], [5, 3]])
    #expect(AttentionLook.missingPixels(of: .zeros([1, 8, 8, 1])).isEmpty)
  }

  @Test func `each pixel has a picture with its mark`() throws {
    let run = try SmallRun(#"model.attention=[{"at": "bottleneck", "kind": "criss_cross"}]"#)
    let model = run.configuration.model.makeModel(seed: 1)
    var holes = Tensor.zeros([1, 32, 32, 1])
    holes.withMutableElements { $0[16 * 32 + 20] = 1 }
    let batch = InpaintingBatch(images: .zeros([1, 32, 32, 3]), holes: holes)
    let look = try #require(AttentionLook(of: model, batch))
    #expect(look.pictures.count == 3 && look.pictures[0].width == 64)
    let index = (33 * 64 + 41) * 3
    #expect(Array(look.pictures[0].pixels[index..<index + 3]) == [255, 64, 64])
    #expect(look.peaks.allSatisfy { $0 > 1 })
    // What the pixel draws from, its row and column, is lighter than the rest.
    func light(_ row: Int, _ column: Int) -> Int { Int(look.pictures[0].pixels[(row * 64 + column) * 3]) }
    #expect(light(33, 4) > light(4, 4) + 20 && light(60, 41) > light(60, 4) + 20)
    #expect(AttentionLook(of: try SmallRun("model.attention=[]").configuration.model.makeModel(seed: 1), batch) == nil)
  }
}
