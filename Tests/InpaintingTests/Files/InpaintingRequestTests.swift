import Tensors
import Testing

@testable import Inpainting
@testable import Support

struct InpaintingRequestTests {
  private let sound = InpaintingRequest(image: "a.png", hole: "h.png", output: "out.png")

  private func kind(_ change: (inout InpaintingRequest) -> Void) -> Failure.Kind? {
    var request = sound
    change(&request)
    do {
      try request.check()
      try request.check(OutputFile(path: request.output))
      return nil
    } catch {
      return (error as? Failure)?.kind
    }
  }

  @Test func `settings that contradict one another are faults of usage`() {
    #expect(kind { _ in } == nil)
    #expect(kind { $0.hole = nil } == .usage)
    #expect(kind { $0.convention = .alpha } == .usage)
    #expect(kind { ($0.convention, $0.hole) = (.alpha, nil) } == nil)
    #expect(kind { $0.quality = 80 } == .usage)
    #expect(kind { ($0.quality, $0.output) = (80, "out.webp") } == nil)
    #expect(kind { $0.format = "jpg" } == .usage)
    #expect(kind { ($0.strategy, $0.output) = (.crop, "out.safetensors") } == .usage)
  }

  @Test func `numbers out of range and unknown formats are faults of usage`() {
    #expect(kind { ($0.quality, $0.output) = (0, "out.jpg") } == .usage)
    #expect(kind { ($0.quality, $0.output) = (101, "out.jpg") } == .usage)
    #expect(kind { $0.format = "gif" } == .usage)
  }
}
