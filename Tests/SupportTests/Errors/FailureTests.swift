import Testing

@testable import Support

struct SentenceTests {
  private let quality = Setting("quality")

  @Test func `a program reads properties, and others what they call them`() {
    let sentence: Sentence = "out.png: leave out \(setting: quality), or \(setting: quality, "80")"
    #expect(sentence.text() == "out.png: leave out `quality`, or `quality: 80`")
    #expect(sentence.text { "<\($0.name)>" } == "out.png: leave out <quality>, or <quality>")
    #expect(Sentence("\(settings: [.key("a.b", "1"), quality])").text() == "`a.b=1` `quality`")
  }

  @Test func `settings outlive what is put around them`() {
    let failure = Failure(.data, sentence: "use \(setting: quality)").at("a.png")
    #expect(failure.kind == .data)
    #expect(failure.line { "--" + $0.name } == "a.png: use --quality.")
  }

  @Test func `equal words are equal sentences, however they were put together`() {
    let (path, sentence) = ("a.png", "is damaged" as Sentence)
    #expect("\(path) \(sentence)" as Sentence == "a.png is damaged")
    #expect(Failure(.data, "a" + "b") == Failure(.data, "ab"))
    #expect(Sentence("\(setting: quality)") != "`quality`")
  }

  @Test func `a failure by itself ends as a sentence does`() {
    #expect("\(Failure(.data, "a"))" == "a." && "\(Failure(.data, "a."))" == "a." && "\(Failure(.data, "a?"))" == "a?")
  }

  @Test func `a sentence that goes on loses its full stop, and nothing else`() {
    #expect(Sentence("a.").withoutFullStop == "a" && Sentence("a").withoutFullStop == "a")
    let sentence: Sentence = "use \(setting: quality)"
    #expect(sentence.withoutFullStop == sentence)
    #expect(Sentence("\(sentence).").withoutFullStop.text() == sentence.text())
  }

  @Test func `numbers out of range are refused by the setting's name`() throws {
    try quality.require(100, in: 1...100)
    #expect(throws: Failure(.usage, sentence: "\(setting: quality): expected a whole number of 1 to 100, found 101.")) {
      try quality.require(101, in: 1...100)
    }
    #expect(throws: Failure(.usage, sentence: "\(setting: quality): expected a whole number of at least 0, found -1."))
    {
      try quality.require(-1, in: 0 ... .max)
    }
  }
}
