import Imaging
import Tensors
import Testing

@testable import Inpainting
@testable import Support

struct OutputFileTests {
  @Test func `the extension says what is written`() throws {
    #expect(try OutputFile(path: "a/b.PNG").contents == .picture(.png))
    #expect(try OutputFile(path: "b.jpeg").contents == .picture(.jpeg))
    #expect(try OutputFile(path: "b.webp").contents == .picture(.webp))
    #expect(try OutputFile(path: "b.safetensors").contents == .tensors)
  }

  @Test(arguments: ["b", "b.gif", "png", "a.png/b"])
  func `another extension is a fault of usage that lists the known ones`(_ path: String) {
    let failure = #expect(throws: Failure.self) { try OutputFile(path: path) }
    #expect(failure?.kind == .usage)
    #expect(failure?.message.contains(".png, ") == true || failure?.message.contains(".jpg, ") == true)
  }

  @Test func `companions keep the folder, the name and the format`() throws {
    #expect(try OutputFile(path: "a.b/out.jpg").companion("coarse") == "a.b/out.coarse.jpg")
    #expect(try OutputFile(path: "out.safetensors").companion("coarse") == "out.coarse.png")
  }

  @Test func `a name without a folder is in the working directory`() throws {
    #expect(try OutputFile(path: "out.png").folder == ".")
    #expect(try OutputFile(path: "/out.png").folder == "/")
    #expect(try OutputFile(path: "a/b/out.png").folder == "a/b")
  }
}
