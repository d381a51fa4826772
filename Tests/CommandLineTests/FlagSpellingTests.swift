import Testing

@testable import CommandLine
@testable import Support

struct FlagSpellingTests {
  @Test func `settings are spelled as they are typed`() {
    #expect(Setting.asFlag(Setting("quality")) == "--quality")
    #expect(Setting.asFlag(Setting("initialWeights")) == "--initial-weights")
    #expect(Setting.asFlag(.key("losses.style", "0")) == "--set losses.style=0")
    let sentence: Sentence = "\(setting: Setting("strategy"), "crop") \(setting: Setting("overwrites"), "true")"
    #expect(sentence.text(Setting.asFlag) == "--strategy crop --overwrite")
    #expect(Setting.asFlag(Setting("convention")) == "--hole-is")
    #expect(Setting.asFlag(Setting("directory")) == "--run-directory")
  }

  @Test func `exit codes are those of the contract`() {
    let codes: [(Failure.Kind, Int32)] = [
      (.usage, 64), (.data, 65), (.missingInput, 66), (.internalError, 70), (.exists, 73), (.inputOutput, 74),
      (.configuration, 78),
    ]
    for (kind, code) in codes { #expect(kind.exitCode == code) }
  }
}
