import Tensors
import TestSupport
import Testing

@testable import InpaintingData

@Suite struct PictureSourceTests {
  @Test func `Folders, lists and the built-in pictures are recognized`() throws {
    let folder = try TemporaryFolder()
    let list = try folder.write("a.png", to: "train.FLIST")
    #expect(try PictureSource("procedural") == .builtIn(.objects))
    #expect(try PictureSource("procedural_landscapes") == .builtIn(.landscapes))
    #expect(try PictureSource(folder.path) == .folder(folder.path))
    #expect(try PictureSource(list) == .list(list))
  }

  @Test func `What does not exist is missing input`() throws {
    let found = try failure { try PictureSource("no/such/folder") }
    #expect(found.kind == .missingInput && found.message.contains("no/such/folder"))
    #expect(try failure { try PictureSource.folder("no/such/folder").listing() }.kind == .missingInput)
    #expect(try failure { try PictureSource.list("no/such.txt").listing() }.kind == .missingInput)
  }

  @Test func `A file that is no list is refused`() throws {
    let folder = try TemporaryFolder()
    let picture = try folder.writePicture(value: 1, to: "a.png")
    #expect(try failure { try PictureSource(picture) }.kind == .data)
  }
}

@Suite struct PictureOrderTests {
  private func epoch(_ epoch: Int, of order: EpochOrder, count: Int) -> [Int] {
    (0..<count).map { order.position(ofSample: epoch * count + $0).picture }
  }

  @Test func `Every epoch shows every picture once, in an order of its own`() {
    let order = EpochOrder(count: 50, seed: 1)
    let first = epoch(0, of: order, count: 50)
    let second = epoch(1, of: order, count: 50)
    #expect(first.sorted() == Array(0..<50))
    #expect(second.sorted() == Array(0..<50))
    #expect(first != second)
    #expect(first != epoch(0, of: EpochOrder(count: 50, seed: 2), count: 50))
    #expect(order.position(ofSample: 149).epoch == 2)
  }

  @Test func `A position does not depend on what was asked before`() {
    let asked = EpochOrder(count: 30, seed: 9)
    for sample in [900, 3, 40, 61, 2, 500] { _ = asked.position(ofSample: sample) }
    for sample in 0..<90 {
      #expect(asked.position(ofSample: sample) == EpochOrder(count: 30, seed: 9).position(ofSample: sample))
    }
  }

  @Test func `In place of a skipped picture comes the next of the epoch, and around`() {
    let order = EpochOrder(count: 5, seed: 3)
    let shown = epoch(2, of: order, count: 5)
    #expect((0..<5).map { order.position(ofSample: 13, skipping: $0).picture } == Array(shown[3...] + shown[..<3]))
  }

  @Test func `Pictures without end come one after another`() {
    let order = EpochOrder(count: nil, seed: 3)
    #expect(order.position(ofSample: 12345) == (0, 12345))
  }
}
