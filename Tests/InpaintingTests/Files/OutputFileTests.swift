import Imaging
import InpaintingModels
import Tensors
import TestSupport
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

struct ResultWriterTests {
  private let folder: TemporaryFolder
  private let filled = FilledPicture(
    picture: .noise(width: 4, height: 3), stages: [("coarse", .noise(width: 4, height: 3, seed: 2))],
    offsets: OffsetField(width: 4, height: 3), labels: nil, scaleLabels: [], strategy: .whole, regionCount: 1)

  init() throws {
    folder = try TemporaryFolder()
    try folder.add(.noise(width: 4, height: 3, seed: 9), "a.png")
    try folder.add(.hole("....", "....", "...."), "h.png")
  }

  private func loaded(_ output: String) throws -> LoadedTask {
    try LoadedTask(
      InpaintingTask(
        name: "a.png", picture: folder.file("a.png"), hole: folder.file("h.png"), sketch: nil, labels: nil,
        output: OutputFile(path: folder.file(output))),
      convention: .white)
  }

  @Test func `companions are written beside the output`() throws {
    try ResultWriter(quality: nil, overwrites: false).write(.filled(filled), of: loaded("out.webp"))
    #expect(folder.names == ["a.png", "h.png", "out.attention.webp", "out.coarse.webp", "out.webp"])
    #expect(try folder.picture("out.webp").pixels == filled.picture.pixels)
    #expect(try folder.picture("out.coarse.webp").pixels == filled.stages[0].picture.pixels)
  }

  @Test func `nothing is written if one of the files exists, unless it may be replaced`() throws {
    let other = Picture.noise(width: 1, height: 1)
    try folder.add(other, "out.coarse.png")
    let failure = failure {
      try ResultWriter(quality: nil, overwrites: false).write(.filled(filled), of: loaded("out.png"))
    }
    #expect(failure?.kind == .exists)
    #expect(folder.names == ["a.png", "h.png", "out.coarse.png"])
    #expect(try folder.picture("out.coarse.png").pixels == other.pixels)
    try ResultWriter(quality: nil, overwrites: true).write(.filled(filled), of: loaded("out.png"))
    #expect(try folder.picture("out.coarse.png").pixels == filled.stages[0].picture.pixels)
  }

  @Test func `an unchanged picture is copied byte for byte, or encoded in another format`() throws {
    let writer = ResultWriter(quality: nil, overwrites: false)
    let loaded = try loaded("out.png")
    try writer.write(.unchanged(loaded.example.picture), of: loaded)
    #expect(try FileReader.read(folder.file("out.png")) == FileReader.read(folder.file("a.png")))
    let other = try self.loaded("out.webp")
    try writer.write(.unchanged(other.example.picture), of: other)
    #expect(try folder.picture("out.webp").pixels == other.example.picture.pixels)
  }

  @Test func `tensors are written under their names`() throws {
    let tensor = Tensor.noise("x", [1, 2, 3, 3])
    try ResultWriter(quality: nil, overwrites: false).write(
      .tensors([("coarse", tensor), ("composited", tensor * 2)], nil), of: loaded("out.safetensors"))
    let reader = try SafeTensorsReader(path: folder.file("out.safetensors"))
    #expect(reader.entries.map(\.name) == ["coarse", "composited"])
    #expect(try reader.scalars(of: reader.entries[0]) == tensor.elements)
  }

  @Test func `quality goes to the formats that have one`() throws {
    let picture = FilledPicture(
      picture: .noise(width: 64, height: 64), stages: [], offsets: nil, labels: nil, scaleLabels: [], strategy: .whole,
      regionCount: 1)
    try ResultWriter(quality: 5, overwrites: false).write(.filled(picture), of: loaded("low.jpg"))
    try ResultWriter(quality: nil, overwrites: false).write(.filled(picture), of: loaded("high.jpg"))
    try ResultWriter(quality: 5, overwrites: false).write(.filled(picture), of: loaded("out.png"))
    let sizes = try ["low.jpg", "high.jpg"].map { try FileReader.read(folder.file($0)).count }
    #expect(sizes[0] * 3 < sizes[1])
    #expect(try folder.picture("out.png").pixels == picture.picture.pixels)
  }
}
