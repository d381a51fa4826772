import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct PictureCollectionTests {
  private func files(_ count: Int) -> [ListedPicture] {
    (0..<count).map { ListedPicture(name: "holiday/\($0).jpg", path: "/photos/holiday/\($0).jpg") }
  }

  private func names(_ pictures: PictureCollection?) -> [String] {
    guard let pictures, let count = pictures.count else { return [] }
    return (0..<count).map { pictures.name(of: $0) }
  }

  @Test func `About one picture in twenty is held out, whatever the order and the folder`() {
    let split = PictureCollection(files: files(4000)).split(holdingOutAtMost: 4000)
    let held = names(split.heldOut)
    #expect((150...250).contains(held.count))
    #expect(Set(held).isDisjoint(with: names(split.training)))
    #expect(held.count + names(split.training).count == 4000)

    let moved = files(4000).reversed().map { ListedPicture(name: $0.name, path: "/elsewhere/" + $0.name) }
    let other = PictureCollection(files: moved).split(holdingOutAtMost: 4000)
    #expect(Set(names(other.heldOut)) == Set(held))
  }

  @Test func `The limit keeps some of those that would be held out without it`() {
    let all = PictureCollection(files: files(1000))
    let few = names(all.split(holdingOutAtMost: 7).heldOut)
    #expect(few.count == 7)
    #expect(Set(few).isSubset(of: names(all.split(holdingOutAtMost: 1000).heldOut)))
    #expect(all.split(holdingOutAtMost: 0).heldOut?.count == nil)
  }

  @Test(arguments: 2..<12)
  func `A small set gives at least one picture and keeps at least one`(count: Int) {
    let split = PictureCollection(files: files(count)).split(holdingOutAtMost: 100)
    #expect(names(split.heldOut).count >= 1)
    #expect(names(split.training).count >= 1)
  }

  @Test func `A single picture is trained on`() {
    let split = PictureCollection(files: files(1)).split(holdingOutAtMost: 5)
    #expect(split.heldOut?.count == nil && split.training.count == 1)
  }

  @Test func `One picture that can be read is enough, and without any the first one's fault is told`() throws {
    let folder = try TemporaryFolder()
    try folder.write("no picture", to: "a.png")
    try folder.write("none either", to: "b.jpg")
    let broken = try PictureCollection(.folder(folder.path), seed: 0)
    let failure = #expect(throws: Failure.self) { try broken.requireReadable(size: 16) }
    #expect(failure?.kind == .data && failure?.message.contains("a.png") == true)
    try folder.writePicture(value: 9, to: "c.png")
    try PictureCollection(.folder(folder.path), seed: 0).requireReadable(size: 16)
  }

  @Test func `A dangling link or a missing file that comes first does not keep others from being used`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/a.png", withDestinationPath: "nowhere")
    try folder.write("no picture", to: "b.png")
    try folder.writePicture(value: 9, to: "c.png")
    let pictures = try PictureCollection(.folder(folder.path), seed: 0)
    #expect(pictures.count == 3)
    try pictures.requireReadable(size: 16)
  }

  @Test func `A file with several names counts once, and that is said`() throws {
    let folder = try TemporaryFolder()
    for name in ["a.png", "c.png"] { try folder.writePicture(value: 9, to: name) }
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/b.png", withDestinationPath: "a.png")
    try FileManager.default.linkItem(atPath: folder.path + "/c.png", toPath: folder.path + "/d.png")
    let pictures = try PictureCollection(.folder(folder.path), seed: 0)
    #expect(names(pictures) == ["a.png", "c.png"])
    #expect(pictures.remarks.count == 1 && pictures.remarks[0].contains("2 of 4 names are other names"))
    #expect(pictures.remarks.first?.contains("the first is b.png") == true)
  }

  @Test func `Hole pictures among the pictures are none to fill`() throws {
    let folder = try TemporaryFolder()
    for name in ["a.png", "b.png", "masks/a.png"] { try folder.writePicture(value: 9, to: name) }
    let holes = try PictureSource.folder(folder.path + "/masks").listing().pictures
    let pictures = try PictureCollection(.folder(folder.path), seed: 0, holes: holes)
    #expect(names(pictures) == ["a.png", "b.png"])
    #expect(pictures.remarks.contains { $0.contains("1 of its files are hole pictures") })
  }

  @Test func `Built-in pictures differ from seed to seed, those held out do not`() throws {
    let first = try PictureCollection(.builtIn(.objects), seed: 1)
    let second = try PictureCollection(.builtIn(.objects), seed: 2)
    #expect(first.count == nil)
    #expect(try first.picture(at: 0, size: 16) != second.picture(at: 0, size: 16))
    let held = try #require(first.split(holdingOutAtMost: 4).heldOut)
    let others = try #require(second.split(holdingOutAtMost: 4).heldOut)
    #expect(held.count == 4)
    #expect(try held.picture(at: 3, size: 16) == others.picture(at: 3, size: 16))
    #expect(try held.picture(at: 0, size: 16) != first.picture(at: 0, size: 16))
  }
}
