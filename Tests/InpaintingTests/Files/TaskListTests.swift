import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import Inpainting
@testable import Support

struct TaskListTests {
  private let folder: TemporaryFolder
  private let picture = Picture.noise(width: 2, height: 2)

  init() throws { folder = try TemporaryFolder() }

  @Test func `pictures and holes go together by their stems, in folders too`() throws {
    for name in ["in/b.jpg", "in/a/b.png", "in/a.webp", "holes/b.png", "holes/a/b.webp", "holes/a.jpeg"] {
      try folder.add(picture, name)
    }
    let list = try TaskList(folder.request("in", "holes", "out"))
    #expect(list.isFolder && list.problems.isEmpty)
    #expect(list.tasks.map(\.name) == ["a.webp", "a/b.png", "b.jpg"])
    #expect(list.tasks.map(\.hole) == ["holes/a.jpeg", "holes/a/b.webp", "holes/b.png"].map(folder.file))
    #expect(list.tasks.map(\.output.path) == ["out/a.webp", "out/a/b.png", "out/b.jpg"].map(folder.file))
  }

  @Test func `one hole may serve all, and a format may be the same for all`() throws {
    for name in ["in/b.jpg", "in/a.png", "hole.png"] { try folder.add(picture, name) }
    var request = folder.request("in", "hole.png", "out")
    request.format = "webp"
    let tasks = try TaskList(request).tasks
    #expect(tasks.map(\.hole) == [folder.file("hole.png"), folder.file("hole.png")])
    #expect(tasks.map(\.output.path) == [folder.file("out/a.webp"), folder.file("out/b.webp")])
  }

  @Test func `sketches go with pictures by their stems, and a picture without one has none`() throws {
    for name in ["in/a.png", "in/b.png", "in/c.png", "hole.png", "lines/a.webp", "lines/b_sketch.png"] {
      try folder.add(picture, name)
    }
    var request = folder.request("in", "hole.png", "out")
    request.sketch = folder.file("lines")
    #expect(
      try TaskList(request).tasks.map(\.sketch)
        == [folder.file("lines/a.webp"), folder.file("lines/b_sketch.png"), nil])
    try folder.add(picture, "lines/a.png")
    let problems = try TaskList(request).problems
    #expect(
      problems.map(\.name) == ["a.png"]
        && problems[0].reason.text().contains("expected one picture of lines for it, found 2: "))
    request.sketch = folder.file("hole.png")
    #expect(try TaskList(request).tasks.map(\.sketch) == Array(repeating: folder.file("hole.png"), count: 3))
    request.sketch = folder.file("gone")
    #expect(failure { _ = try TaskList(request) }?.kind == .missingInput)
    var single = folder.request("in/a.png", "hole.png", "out.png")
    single.sketch = folder.file("lines")
    #expect(failure { _ = try TaskList(single) }?.kind == .usage)
    single.sketch = folder.file("lines/a.png")
    single.output = folder.file("lines/a.png")
    #expect(failure { _ = try TaskList(single) }?.message.contains("would replace an input") == true)
  }

  @Test func `a picture without a hole, or with two, is a problem and no task`() throws {
    for name in ["in/a.png", "in/b.png", "in/c.png", "holes/a.png", "holes/b.png", "holes/b.jpg"] {
      try folder.add(picture, name)
    }
    let list = try TaskList(folder.request("in", "holes", "out"))
    #expect(list.tasks.map(\.name) == ["a.png"])
    #expect(list.problems.map(\.name) == ["b.png", "c.png"])
    #expect(
      list.problems[0].reason.text().contains("found 2: ")
        && list.problems[1].reason.text().contains("expected a hole picture for it, such as"))
  }

  @Test func `two pictures never have one output`() throws {
    for name in ["in/a.jpg", "in/a.png", "hole.png"] { try folder.add(picture, name) }
    var request = folder.request("in", "hole.png", "out")
    #expect(try TaskList(request).tasks.count == 2)
    request.format = "png"
    let list = try TaskList(request)
    #expect(list.tasks.map(\.name) == ["a.jpg"] && list.problems.map(\.name) == ["a.png"])
  }

  @Test func `a picture whose name says nothing of its format gets its format's extension`() throws {
    try folder.add(picture, "in/a.jpg")
    try folder.add(picture, "in/b.png")
    try folder.add(picture, "hole.png")
    try FileManager.default.moveItem(atPath: folder.file("in/b.png"), toPath: folder.file("in/b.jpg_large"))
    try FileManager.default.copyItem(atPath: folder.file("in/a.jpg"), toPath: folder.file("in/a"))
    try FileManager.default.moveItem(atPath: folder.file("in/a.jpg"), toPath: folder.file("in/c.JFIF"))
    try FileWriter.createFolder(folder.file("there"))
    #expect(
      try TaskList(folder.request("in/a", "hole.png", "there")).tasks.map(\.output.path) == [folder.file("there/a.jpg")]
    )
    #expect(failure { _ = try TaskList(folder.request("in/a", "hole.png", "new")) }?.kind == .usage)
    let list = try TaskList(folder.request("in", "hole.png", "out"))
    #expect(list.tasks.map(\.output.path) == ["out/a.jpg", "out/b.jpg_large.png", "out/c.JFIF"].map(folder.file))
    try folder.add(picture, "in/a.jpg")
    let collision = try TaskList(folder.request("in", "hole.png", "out"))
    #expect(collision.problems.map(\.name) == ["a.jpg"])
  }

  @Test func `an output that is a link to an input is refused`() throws {
    for name in ["in/a.png", "hole.png", "out/b.png"] { try folder.add(picture, name) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("out/a.png"), withDestinationPath: folder.file("in/a.png"))
    #expect(failure { _ = try TaskList(folder.request("in/a.png", "hole.png", "out/a.png")) }?.kind == .usage)
    #expect(failure { _ = try TaskList(folder.request("in", "hole.png", "out")) }?.kind == .usage)
  }

  @Test func `holes and older results within the folder are no pictures to fill`() throws {
    for name in ["in/a.png", "in/holes/a.png", "in/out/a.png"] { try folder.add(picture, name) }
    #expect(try TaskList(folder.request("in", "in/holes", "in/out")).tasks.map(\.name) == ["a.png"])
  }

  @Test func `pictures and holes in one folder are told apart by suffixes, and several holes make several results`()
    throws
  {
    for name in ["in/a.jpg", "in/a_mask001.png", "in/a_mask002.png", "in/d/b.png", "in/d/b_mask.png", "in/c.png"] {
      try folder.add(picture, name)
    }
    let list = try TaskList(folder.request("in", "in", "out"))
    #expect(list.tasks.map(\.picture) == ["in/a.jpg", "in/a.jpg", "in/d/b.png"].map(folder.file))
    #expect(
      list.tasks.map(\.hole) == ["in/a_mask001.png", "in/a_mask002.png", "in/d/b_mask.png"].map(folder.file))
    #expect(
      list.tasks.map(\.output.path) == ["out/a_mask001.jpg", "out/a_mask002.jpg", "out/d/b.png"].map(folder.file))
    #expect(list.problems.map(\.name) == ["c.png"])
    #expect(list.problems.first?.reason.text().contains("c_mask.png") == true)
    // Results within the folder are neither pictures nor holes.
    for task in list.tasks { try folder.add(picture, "in/out/" + (task.name as NSString).lastPathComponent + ".png") }
    #expect(try TaskList(folder.request("in", "in", "in/out")).tasks.map(\.picture) == list.tasks.map(\.picture))
  }

  @Test func `a picture is never its own hole`() throws {
    for name in ["in/a.png", "in/b.png", "in/b.jpg", "x.png"] { try folder.add(picture, name) }
    let all = failure { _ = try TaskList(folder.request("in", "in", "out")) }
    #expect(all?.kind == .data && all?.message.contains("a picture is never its own hole") == true)
    try FileManager.default.createSymbolicLink(atPath: folder.file("link.png"), withDestinationPath: "x.png")
    for hole in ["x.png", "link.png"] {
      let one = failure { _ = try TaskList(folder.request("x.png", hole, "out.png")) }
      #expect(one?.kind == .usage && one?.message.contains("found the picture itself") == true)
    }
    // One hole for all may lie among the pictures.
    let list = try TaskList(folder.request("in", "in/a.png", "out"))
    #expect(list.tasks.map(\.name) == ["b.jpg", "b.png"] && list.problems.isEmpty)
  }

  @Test func `an output that would replace an input is refused`() throws {
    for name in ["in/a.png", "holes/a.png"] { try folder.add(picture, name) }
    for output in ["in", "in/../in", "holes"] {
      #expect(failure { _ = try TaskList(folder.request("in", "holes", output)) }?.kind == .usage)
    }
    #expect(failure { _ = try TaskList(folder.request("in/a.png", "holes/a.png", "in/./a.png")) }?.kind == .usage)
    #expect(failure { _ = try TaskList(folder.request("in/a.png", "holes/a.png", "holes")) }?.kind == .usage)
    #expect(failure { _ = try TaskList(folder.request("in/a.png", "holes/a.png", "in/b.png")) } == nil)
  }

  @Test func `what does not exist is missing input, and what does not go together a fault of usage`() throws {
    for name in ["in/a.png", "holes/a.png", "file.png"] { try folder.add(picture, name) }
    func kind(_ image: String, _ hole: String, _ output: String) -> Failure.Kind? {
      failure { _ = try TaskList(folder.request(image, hole, output)) }?.kind
    }
    #expect(kind("none", "holes", "out") == .missingInput)
    #expect(kind("in", "none", "out") == .missingInput)
    #expect(kind("in/a.png", "holes", "out.png") == .usage)
    #expect(kind("in", "holes", "file.png") == .usage)
    #expect(kind("in", "holes", "new.png") == .usage)
  }

  @Test func `one picture may go into a folder, under its name`() throws {
    for name in ["a.jpg", "hole.png", "out/x.png"] { try folder.add(picture, name) }
    #expect(try TaskList(folder.request("a.jpg", "hole.png", "out")).tasks[0].output.path == folder.file("out/a.jpg"))
  }

  private func failure(of body: () throws -> Void) -> Failure? { InpaintingTests.failure(of: body) }
}
