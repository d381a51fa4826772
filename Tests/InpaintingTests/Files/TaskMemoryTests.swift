import Imaging
import TestSupport
import Testing

@testable import Inpainting
@testable import Support

struct TaskMemoryTests {
  private let folder: TemporaryFolder
  private let output: OutputFile

  init() throws {
    folder = try TemporaryFolder()
    output = try OutputFile(path: "out.png")
  }

  /// The header of a picture file and a length that it might have.
  private func file(_ picture: Picture, bytes: Int = 0) throws -> TaskMemory.File {
    (try PictureHeader(ofFile: folder.add(picture, "file.png")), bytes)
  }

  @Test func `the picture is there while the hole is read, each in its own channels`() throws {
    let picture = try file(.noise(width: 100, height: 10))
    let gray = try file(.hole(width: 100, height: 10))
    #expect(TaskMemory(picture: picture, hole: gray, output: output, quality: nil).bytes == 3000 + 3 * 1000)
    #expect(TaskMemory(picture: picture, hole: picture, output: output, quality: nil).bytes == 3000 + 3000 + 2 * 1000)
    #expect(TaskMemory(picture: gray, hole: gray, output: output, quality: nil).bytes == 1000 + 3 * 1000)
    let alpha = try file(.noise(width: 100, height: 10, hasAlpha: true))
    #expect(TaskMemory(picture: alpha, hole: nil, output: output, quality: nil).bytes == 4000 + 2 * 1000)
  }

  @Test func `long files count, and so does the encoder of WebP`() throws {
    let picture = try file(.noise(width: 100, height: 10), bytes: 50_000)
    let hole = try file(.hole(width: 100, height: 10))
    #expect(TaskMemory(picture: picture, hole: hole, output: output, quality: nil).bytes == 53_000)
    let webp = try OutputFile(path: "out.webp")
    let small = try file(.noise(width: 100, height: 10))
    let sizes = [nil, 80].map { TaskMemory(picture: small, hole: hole, output: webp, quality: $0).bytes }
    #expect(sizes[0] > sizes[1] && sizes[1] > 6000)
  }

  @Test func `a large picture without room is refused, a small one is tried`() throws {
    let small = try file(.noise(width: 100, height: 10))
    let memory = TaskMemory(picture: small, hole: nil, output: output, quality: nil)
    try memory.requireRoom(for: small.header, name: "a.png", available: 10)
    let large = try file(Picture(width: 5000, height: 4000, filledWith: [9]))
    let needed = TaskMemory(picture: large, hole: nil, output: output, quality: nil)
    try needed.requireRoom(for: large.header, name: "a.png", available: 60_000_000)
    let failure = #expect(throws: Failure.self) {
      try needed.requireRoom(for: large.header, name: "a.png", available: 59_999_999)
    }
    #expect(failure?.kind == .data)
    #expect(failure?.message.hasPrefix("a.png: filling a picture of 5000x4000 takes about 0.1 GB of memory") == true)
  }
}
