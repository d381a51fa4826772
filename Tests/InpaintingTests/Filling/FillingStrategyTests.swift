import Testing

@testable import Inpainting

struct FillingStrategyTests {
  @Test func `pictures of about the trained size are filled whole`() {
    #expect(FillingStrategy.suiting(width: 256, height: 256, trainedSize: 256) == .whole)
    #expect(FillingStrategy.suiting(width: 384, height: 10, trainedSize: 256) == .whole)
    #expect(FillingStrategy.suiting(width: 10, height: 385, trainedSize: 256) == .crop)
  }
}
