import Imaging
import InpaintingData
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite struct TrainingDataTests {
  private func data(_ folder: String) throws -> TrainingData {
    let configuration = try SmallRun("data.train=\(folder)").configuration
    return try TrainingData(configuration.data, holes: configuration.holes, seed: 0) { _ in }
  }

  private func fill(_ folder: TemporaryFolder, count: Int, damaged: Set<Int>) throws {
    for index in 0..<count {
      let picture = Picture(width: 40, height: 40, filledWith: [UInt8(index * 20), 200, 90])
      try FileWriter.writeAtomically(
        damaged.contains(index) ? [1, 2, 3] : picture.pngData(), to: folder.file("\(index).png"))
    }
  }

  @Test func `a damaged picture that happens to be held out only costs the validation`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, count: 2, damaged: [])
    let held = try data(folder.path).validationPictures?.name(of: 0)
    try fill(folder, count: 2, damaged: [held == "0.png" ? 0 : 1])
    // The other one is trained on, and a sentence says that nothing is validated.
    var sentences: [String] = []
    let validation = try data(folder.path).validation { sentences.append($0) }
    #expect(validation?.pictures.count == nil)
    #expect(sentences.count == 2)
    #expect(sentences.first?.hasPrefix("The validation picture \(held ?? "") is left out: ") == true)
    #expect(
      sentences.last
        == "There is no validation: the validation pictures: expected JPEG, PNG or WebP files that are not damaged, found "
        + "none.")
  }

  @Test func `of several pictures to validate on, a damaged one is named, and the others are used`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, count: 3, damaged: [1])
    let configuration = try SmallRun("data.validation=\(folder.path)", "data.validation_count=3").configuration
    let data = try TrainingData(configuration.data, holes: configuration.holes, seed: 0) { _ in }
    var sentences: [String] = []
    let validation = try data.validation { sentences.append($0) }
    #expect(validation?.pictures.count == 2)
    #expect(sentences.count == 1 && sentences[0].hasPrefix("The validation picture 1.png is left out: "))
  }

  @Test func `pictures of which none can be read are refused before a run begins`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, count: 3, damaged: [0, 1, 2])
    #expect(failure { _ = try data(folder.path) }?.kind == .data)
  }

  private func holes(_ folder: TemporaryFolder, _ notes: Notes, _ changes: String...) throws -> TrainingData {
    let kind = #"holes={"kind":"pictures","path":"\#(folder.path)"}"#
    let configuration = try SmallRun([kind] + changes).configuration
    return try TrainingData(configuration.data, holes: configuration.holes, seed: 0) { notes.add($0) }
  }

  @Test func `hole pictures are looked at before anything else, and those of no use are named`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically(Picture(width: 40, height: 40, filledWith: [1]).pngData(), to: folder.file("a.png"))
    let notes = Notes()
    let refused = failure { _ = try holes(folder, notes) }
    #expect(refused?.kind == .data)
    #expect(refused?.message.contains("the brightest value found is 1, and 128 to 255 are read as missing") == true)

    let scratch = Hole(width: 400, height: 400) { x, _ in x == 7 }
    try FileWriter.writeAtomically(scratch.picture.pngData(), to: folder.file("b.png"))
    let data = try holes(folder, notes)
    #expect(notes.all.count == 1 && notes.all[0].hasPrefix("The hole picture a.png is skipped"))
    #expect(data.holeSurveys.map(\.usable.count) == [1])
    let loader = data.loader(batchSize: 6, firstBatch: 0) { notes.add($0) }
    defer { loader.stop() }
    #expect(try loader.next().examples.allSatisfy { $0.hole.missingCount == 32 })
    #expect(notes.all.count == 1)
  }

  @Test func `hole pictures among the pictures are not trained on`() throws {
    let folder = try TemporaryFolder()
    try FileWriter.createFolder(folder.file("holes"))
    try fill(folder, count: 4, damaged: [])
    let hole = Hole(width: 40, height: 40) { x, _ in x < 9 }
    for name in ["x.png", "y.png"] {
      try FileWriter.writeAtomically(hole.picture.pngData(), to: folder.file("holes/" + name))
    }
    let notes = Notes()
    let configuration = try SmallRun(
      "data.train=\(folder.path)", "data.validation_count=0",
      #"holes={"kind":"pictures","path":"\#(folder.path)/holes"}"#
    ).configuration
    let data = try TrainingData(configuration.data, holes: configuration.holes, seed: 0) { notes.add($0) }
    #expect(data.pictures.count == 4)
    #expect(notes.all.contains { $0.contains("2 of its files are hole pictures") })
  }

  @Test func `a dry run shows what each hole picture leaves out`() throws {
    let folder = try TemporaryFolder()
    let hole = Hole(width: 40, height: 40) { x, _ in x < 10 }
    try FileWriter.writeAtomically(hole.picture.pngData(), to: folder.file("a.png"))
    let configuration = try SmallRun(#"holes={"kind":"pictures","path":"\#(folder.path)"}"#).configuration
    let lines = try DryRun(configuration, directory: RunDirectory("run"), console: .silent).lines
    #expect(lines.contains { $0.hasPrefix("holes: 1 of 1 hole pictures of \(folder.path), 25.0 % to 25.0 % missing") })
    #expect(lines.contains("  a.png: 25.0 % is missing"))
  }

  @Test func `a picture that two lines of a list name is not both trained on and validated on`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, count: 1, damaged: [])
    let list = folder.file("list.txt")
    try FileWriter.writeAtomically("0.png\n./0.png\n", to: list)
    let notes = Notes()
    let configuration = try SmallRun("data.train=\(list)").configuration
    let data = try TrainingData(configuration.data, holes: configuration.holes, seed: 0) { notes.add($0) }
    #expect(data.pictures.count == 1 && data.validationPictures == nil)
    #expect(
      notes.all.contains { $0.contains("1 line names a picture that an earlier line names (line 2 is line 1 again") })
  }

  @Test func `what is held out is not trained on`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, count: 12, damaged: [])
    let data = try data(folder.path)
    let training = (0..<(data.pictures.count ?? 0)).map { data.pictures.name(of: $0) }
    let held = (0..<(data.validationPictures?.count ?? 0)).map { data.validationPictures?.name(of: $0) ?? "" }
    #expect(!held.isEmpty && Set(held).isDisjoint(with: training) && held.count + training.count == 12)
  }
}
