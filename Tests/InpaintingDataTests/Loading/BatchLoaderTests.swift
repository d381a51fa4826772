import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@testable import InpaintingData

@Suite struct BatchLoaderTests {
  private let preparation = ExamplePreparation(
    size: 16, crop: .random, flip: true, holes: BoxHoles(pictureSize: 16), seed: 7)

  private func loader(
    _ pictures: PictureCollection, batchSize: Int = 3, holes: HoleSharing = .perSample, workers: Int = 2,
    firstBatch: Int = 0, onSkip: @escaping @Sendable (String) -> Void = { _ in }
  ) -> BatchLoader {
    BatchLoader(
      pictures: pictures, preparation: preparation, batchSize: batchSize, holes: holes, workers: workers,
      firstBatch: firstBatch, onSkip: onSkip)
  }

  @Test func `Batches do not depend on the number of workers`() throws {
    let pictures = try PictureCollection(.builtIn(.objects), seed: 1)
    let one = loader(pictures, workers: 1)
    let five = loader(pictures, workers: 5)
    for number in 0..<8 {
      let (first, second) = (try one.next(), try five.next())
      #expect(first.number == number && second.number == number)
      #expect(first.examples == second.examples)
    }
  }

  @Test func `A run that starts at a later batch sees what an uninterrupted one sees`() throws {
    let folder = try TemporaryFolder()
    let pictures = try folder.writePictures(count: 5)
    let whole = loader(pictures)
    for _ in 0..<6 { _ = try whole.next() }
    let resumed = loader(pictures, firstBatch: 6)
    for _ in 0..<4 {
      let (expected, found) = (try whole.next(), try resumed.next())
      #expect(expected.number == found.number && expected.examples == found.examples)
    }
  }

  @Test func `A share of each batch is what the whole batch has there`() throws {
    for holes in HoleSharing.allCases {
      let folder = try TemporaryFolder()
      let pictures = try folder.writePictures(count: 5)
      let whole = loader(pictures, batchSize: 7, holes: holes, firstBatch: 2)
      let shares = [0..<3, 3..<4, 4..<7].map { share in
        BatchLoader(
          pictures: pictures, preparation: preparation, batchSize: 7, share: share, holes: holes, firstBatch: 2
        ) { _ in }
      }
      for _ in 0..<4 {
        let (expected, found) = (try whole.next(), try shares.map { try $0.next() })
        #expect(found.flatMap(\.examples) == expected.examples)
        #expect(found.allSatisfy { $0.number == expected.number })
      }
    }
  }

  @Test func `Each epoch shows each picture once`() throws {
    let folder = try TemporaryFolder()
    let loader = try loader(folder.writePictures(count: 6))
    for _ in 0..<3 {
      let examples = try loader.next().examples + loader.next().examples
      #expect(examples.map { $0.picture.pixels[0] }.sorted() == [0, 1, 2, 3, 4, 5])
    }
  }

  @Test func `A batch has one hole or as many as examples`() throws {
    let pictures = try PictureCollection(.builtIn(.objects), seed: 1)
    let shared = loader(pictures, batchSize: 4, holes: .perBatch)
    let (first, second) = (try shared.next().examples, try shared.next().examples)
    #expect(first.allSatisfy { $0.hole == first[0].hole })
    #expect(first[0].hole != second[0].hole)
    let own = try loader(pictures, batchSize: 4).next().examples
    #expect(!own.allSatisfy { $0.hole == own[0].hole })
  }

  @Test func `A damaged picture is replaced by the next one, the same each time, and reported once`() throws {
    let folder = try TemporaryFolder()
    let pictures = try folder.writePictures(count: 5)
    try folder.write("damaged", to: "picture-102.png")
    let reports = Notes()
    func names(workers: Int) throws -> [String] {
      let loader = loader(pictures, batchSize: 5, workers: workers) { reports.add($0) }
      let names = try (0..<4).flatMap { _ in try loader.next().examples.map(\.name) }
      loader.stop()
      #expect(loader.skippedCount == 1)
      return names
    }
    let found = try names(workers: 1)
    #expect(try found == names(workers: 4))
    #expect(!found.contains("picture-102.png"))
    let order = EpochOrder(count: 5, seed: 7)
    let place = try #require((0..<5).first { order.position(ofSample: $0).picture == 2 })
    let next = order.position(ofSample: place, skipping: 1).picture
    #expect(found[place] == "picture-\(100 + next).png")
    // Once for each of the two loaders.
    #expect(reports.all.count == 2)
    #expect(reports.all.allSatisfy { $0.contains("picture-102.png") })
  }

  @Test func `If no picture can be read the caller hears of it, again and again`() throws {
    let folder = try TemporaryFolder()
    for name in ["a.png", "b.jpg"] { try folder.write("damaged", to: name) }
    let loader = loader(try PictureCollection(.folder(folder.path), seed: 1))
    for _ in 0..<3 {
      let found = try failure { try loader.next() }
      #expect(found.kind == .data)
      #expect(
        found.message.hasPrefix(
          "the pictures: expected some that can be used, found none among 2; of the first one: \(folder.path)/"))
    }
  }

  @Test func `A picture that vanished is skipped`() throws {
    let folder = try TemporaryFolder()
    try folder.writePicture(value: 1, to: "a.png")
    let list = [
      ListedPicture(name: "gone.png", path: folder.path + "/gone.png"),
      ListedPicture(name: "a.png", path: folder.path + "/a.png"),
    ]
    let examples = try loader(PictureCollection(files: list), batchSize: 4).next().examples
    #expect(examples.map(\.name) == ["a.png", "a.png", "a.png", "a.png"])
  }

  @Test func `A picture that cannot be read is skipped and named once, also if it comes first`() throws {
    let folder = try TemporaryFolder()
    // Neither is a file that can be read: a folder opens, and fails at the first byte.
    try FileManager.default.createDirectory(atPath: folder.path + "/a.png", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/b.png", withDestinationPath: "nowhere")
    try folder.writePicture(value: 1, to: "c.png")
    let list = ["a.png", "b.png", "c.png"].map { ListedPicture(name: $0, path: folder.path + "/" + $0) }
    let reports = Notes()
    let loader = loader(PictureCollection(files: list), batchSize: 6) { reports.add($0) }
    #expect(try loader.next().examples.allSatisfy { $0.name == "c.png" })
    loader.stop()
    #expect(reports.all.count == 2 && loader.skippedCount == 2)
  }

  @Test func `A stopped loader gives no more batches`() throws {
    let loader = loader(try PictureCollection(.builtIn(.objects), seed: 1))
    _ = try loader.next()
    loader.stop()
    loader.stop()
    #expect(try failure { try loader.next() }.kind == .internalError)
  }
}
