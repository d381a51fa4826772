import Foundation
import Imaging
import InpaintingData
import TestSupport
import Testing

@testable import Support
@testable import Training

struct PictureListTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func list(_ names: String...) -> PictureList? {
    PictureList(PictureCollection(files: names.map { ListedPicture(name: $0, path: "anywhere/" + $0) }))
  }

  @Test func `it is told from others by count, names and order`() throws {
    let list = try #require(self.list("a", "bc"))
    #expect(PictureList(list.text) == list)
    #expect(self.list("a", "bc") == list)
    for other in [self.list("a"), self.list("bc", "a"), self.list("ab", "c")] { #expect(other != list) }
    #expect(list.difference(from: list) == nil)
    for text in ["", "1", "x y", "1 2 3"] { #expect(PictureList(text) == nil) }
    #expect(try PictureList(PictureCollection(.builtIn(.objects), seed: 0)) == nil)
  }

  @Test func `a change is told with both counts`() throws {
    let (two, three) = (try #require(self.list("a", "b")), try #require(self.list("a", "b", "c")))
    #expect(
      two.difference(from: three)
        == "since the checkpoint, the list of pictures has changed: there were 2 and are 3; the run goes on, but not bit "
        + "for bit")
    #expect(
      two.difference(from: try #require(self.list("a", "c")))?.contains("there were 2 and are as many, but not") == true
    )
  }

  @Test func `a run that goes on with other pictures says so, and with the same ones nothing`() throws {
    let pictures = folder.file("pictures")
    try FileWriter.createFolder(pictures)
    func add(_ index: Int) throws {
      let picture = Picture(width: 40, height: 40, filledWith: [UInt8(index * 20), 200, 90])
      try FileWriter.writeAtomically(picture.pngData(), to: "\(pictures)/\(index).png")
    }
    for index in 0..<4 { try add(index) }
    func said(steps: Int, resume: ResumeRequest?, train: String) throws -> String {
      let pipe = Pipe()
      let console = Console(descriptor: pipe.fileHandleForWriting.fileDescriptor, isTerminal: false)
      let run = try TrainingRun(
        SmallRun("data.train=\(train)", "training.steps=\(steps)", "data.validation_count=0").configuration,
        directory: RunDirectory(folder.file("run")), resume: resume, console: console)
      _ = try run.run()
      try pipe.fileHandleForWriting.close()
      return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    #expect(try !said(steps: 1, resume: nil, train: pictures).contains("list of pictures"))
    #expect(try !said(steps: 2, resume: .newest, train: pictures).contains("list of pictures"))
    try add(4)
    try add(5)
    #expect(try said(steps: 3, resume: .newest, train: pictures).contains("changed: there were 4 and are 6;"))
    #expect(try !said(steps: 4, resume: .newest, train: pictures).contains("list of pictures"))
    // Of another folder one sentence is enough.
    try FileManager.default.moveItem(atPath: pictures + "/5.png", toPath: folder.file("5.png"))
    try FileManager.default.moveItem(atPath: pictures, toPath: folder.file("others"))
    let other = try said(steps: 5, resume: .newest, train: folder.file("others"))
    #expect(other.contains("since the checkpoint, data.train was") && !other.contains("list of pictures"))
  }
}
