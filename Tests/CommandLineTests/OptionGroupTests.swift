import ArgumentParser
import Kernels
import TestSupport
import Testing

@testable import CommandLine
@testable import Support

struct OptionGroupTests {
  private func json(_ arguments: String..., flags: [(name: String, key: String, value: JSONValue?)] = []) throws
    -> JSONValue
  {
    let folder = try TemporaryFolder()
    let path = folder.file("a.json")
    try FileWriter.writeAtomically(#"{"training": {"steps": 1, "threads": 1}}"#, to: path)
    return try ConfigurationOptions.parse(arguments).configuration(at: path, flags: flags)
  }

  @Test func `flags replace what the file says, and --set has the last word`() throws {
    let changed = try json("--threads", "3", flags: [("steps", "training.steps", 7), ("seed", "training.seed", nil)])
    #expect(changed == ["training": ["steps": 7, "threads": 3]])
    let last = try json("--set", "training.steps=9", flags: [("steps", "training.steps", 7)])
    #expect(last["training"]?["steps"] == 9)
  }

  @Test func `values are told apart by the flags that gave them`() throws {
    let changed = try json("--set", "training.seed=x", "--threads", "0", flags: [("steps", "training.steps", 0)])
    #expect(changed["training"]?["steps"]?.position == .override("--steps"))
    #expect(changed["training"]?["threads"]?.position == .override("--threads"))
    #expect(changed["training"]?["seed"]?.position == .override("--set training.seed"))
    #expect(throws: Failure(.usage, "--set x: expected `path.to.key=value`, found no `=`")) { try json("--set", "x") }
  }

  @Test(arguments: ["[]", "3", " \"text\" "])
  func `a configuration that is no object is blamed, and no flag`(_ text: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.json")
    try FileWriter.writeAtomically(text, to: path)
    let flags = [("steps", "training.steps", JSONValue?.some(7))]
    let failure = #expect(throws: Failure.self) {
      try ConfigurationOptions.parse(["--threads", "3"]).configuration(at: path, flags: flags)
    }
    #expect(failure?.kind == .configuration)
    #expect(failure?.message.hasPrefix("\(path):1:") == true)
    #expect(failure?.message.contains("expected the configuration to be an object, found ") == true)
  }

  @Test func `threads are refused if there cannot be so many`() throws {
    for count in ["0", "1025"] {
      #expect(throws: Failure.self) { try ThreadOptions.parse(["--threads", count]).apply() }
    }
    let before = Threads.count
    try ThreadOptions.parse([]).apply()
    #expect(Threads.count == before)
  }

  @Test func `the moving average may be declined in both words`() throws {
    let weights = ["--weights", "w.pth"]
    for flags in [["--no-average"], ["--no-ema"]] {
      #expect(throws: Never.self) { try WeightOptions.parse(weights + flags) }
    }
    for spelling in ["--color-order", "--colour-order"] {
      #expect(try WeightOptions.parse(weights + [spelling, "bgr"]).colorOrder == .bgr)
    }
    #expect(throws: (any Error).self) { try WeightOptions.parse([]) }
    #expect(try WeightReadingOptions.parse([]).firstGiven == nil)
    for given in ["--average", "--no-average", "--color-order bgr", "--set model.fuse=true"] {
      #expect(try WeightReadingOptions.parse(given.split(separator: " ").map(String.init)).firstGiven == given)
    }
    #expect(try PasteOptions.parse(["--paste", "seamless"]).pasting == .seamless)
  }

  @Test func `an interruption becomes an exit code`() throws {
    let interruption = Interruption()
    try interruption.throwIfRequested()
    interruption.request(15)
    #expect(throws: ExitCode(143)) { try interruption.throwIfRequested() }
  }
}
