import Imaging
import Tensors
import Testing

@testable import Inpainting
@testable import Support

struct WholePictureMemoryTests {
  @Test func `growth goes through both measurements`() {
    let growth = WholePictureMemory.Growth(small: (100, 100 * 3 + 10_000 * 2), large: (400, 400 * 3 + 160_000 * 2))
    #expect(growth.bytes(pixelCount: 1000) == 1000 * 3 + 1_000_000 * 2)
  }

  @Test func `growth that slows down counts as linear`() {
    let growth = WholePictureMemory.Growth(small: (100, 1000), large: (400, 2000))
    #expect(growth.bytes(pixelCount: 4000) == 20_000)
  }

  @Test func `a picture that cannot fit is refused before it is tried`() {
    let growth = WholePictureMemory.Growth(small: (100, 1e5), large: (400, 4e5))
    let memory = WholePictureMemory(of: tinyModel(), growth: growth)
    #expect(throws: Never.self) { try memory.requireRoom(width: 1100, height: 1000) }
    let failure = #expect(throws: Failure.self) { try memory.requireRoom(width: 60_000, height: 50_000) }
    #expect(failure?.kind == .data)
    #expect(failure?.message.contains("`strategy: crop`") == true)
  }
}
