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
    return try TrainingData(configuration.data, holes: configuration.holes, seed: 0)
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
    #expect(sentences.contains { $0.contains("There is no validation") })
  }

  @Test func `pictures of which none can be read are refused before a run begins`() throws {
    let folder = try TemporaryFolder()
    try fill(folder, count: 3, damaged: [0, 1, 2])
    #expect(failure { _ = try data(folder.path) }?.kind == .data)
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
