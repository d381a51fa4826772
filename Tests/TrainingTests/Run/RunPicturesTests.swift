import Foundation
import Imaging
import InpaintingData
import TestSupport
import Testing

@testable import Support
@testable import Training

struct RunPicturesTests {
  private let folder: TemporaryFolder
  private var directory: RunDirectory { RunDirectory(folder.path) }

  init() throws { folder = try TemporaryFolder() }

  /// The parts of a resumed run: the configuration, the run's own pictures, and those that are named anew.
  private func resumed(_ named: JSONValue, _ changes: String...) throws -> (TrainingConfiguration, [String]) {
    let pictures = try #require(RunPictures(of: directory))
    var json = named
    for (key, value) in pictures.values { try JSONOverride(label: "run", path: key, value: value).apply(to: &json) }
    for change in changes { try JSONOverride(parsing: change).apply(to: &json) }
    let configuration = try TrainingConfiguration(json, source: "a.json")
    return (configuration, pictures.remarks(on: configuration, madeOf: named))
  }

  private func small() throws -> JSONValue { try JSONValue(configuration: Array(SmallRun.json.utf8), source: "a.json") }

  @Test func `the run's own are kept, which is said`() throws {
    let run = try SmallRun("data.train=photos", "data.validation=val").configuration
    try FileWriter.writeAtomically(run.resolved.write(pretty: true), to: directory.configuration)
    let (configuration, remarks) = try resumed(small())
    #expect(configuration.data.train == "photos" && configuration.data.validation == "val")
    #expect(
      remarks == [
        #"data.train is the run's own, "photos", and not the configuration's, "procedural""#,
        #"data.validation is the run's own, "val", and not the configuration's, null"#,
      ])
  }

  @Test func `what is named has the last word, and nothing is said of it`() throws {
    let run = try SmallRun("data.train=photos").configuration
    try FileWriter.writeAtomically(run.resolved.write(), to: directory.configuration)
    let (configuration, remarks) = try resumed(small(), "data.train=others")
    #expect(configuration.data.train == "others" && remarks.isEmpty)
  }

  @Test func `where both are the same nothing is said`() throws {
    try FileWriter.writeAtomically(try SmallRun().configuration.resolved.write(), to: directory.configuration)
    let (configuration, remarks) = try resumed(small())
    #expect(configuration.data.train == "procedural" && remarks.isEmpty)
  }

  @Test func `a run without a configuration has none`() throws {
    #expect(RunPictures(of: directory) == nil)
    for text in ["{", "[]", "{}"] {
      try FileWriter.writeAtomically(text, to: directory.configuration)
      #expect(RunPictures(of: directory) == nil)
    }
  }
}

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
