import Imaging
import Inpainting
import Support
import TestSupport
import Testing

@testable import Studio

struct FillRouteTests {
  private let picture = Picture.bands()
  private let hole = Hole.square()

  private func fields(_ format: PictureFormat = .png) throws -> [(name: String, bytes: [UInt8])] {
    [("image", try picture.encoded(as: format)), ("hole", try hole.picture.encoded(as: .png))]
  }

  private func text(_ name: String, _ value: String) -> (name: String, bytes: [UInt8]) { (name, Array(value.utf8)) }

  @Test(arguments: PictureFormat.allCases) func `a picture comes back in its own format, filled`(
    format: PictureFormat
  ) async throws {
    let studio = try StudioFixture()
    let answer = try #require(try await studio.fill(try fields(format) + [text("model", "methods/harmonic")]))
    #expect(answer.status == 200, "\(answer.error ?? "")")
    #expect(answer.field("Content-Type") == "image/\(format.rawValue.lowercased())")
    #expect(answer.field("Kintsugi-Outcome")?.hasPrefix("filled%20") == true)
    let filled = try Picture(decoding: answer.body)
    #expect((filled.width, filled.height) == (24, 16))
    guard format != .jpeg else { return }
    #expect(filled == (try ClassicalFill.harmonic.fill(picture, hole: hole)))
  }

  @Test func `known pixels and metadata stay, and another format can be asked for`() async throws {
    let studio = try StudioFixture()
    let answer = try await studio.fill(
      [("image", try picture.encoded(as: .webp)), ("hole", try hole.picture.encoded(as: .png)), text("format", "png")])
    let filled = try Picture(decoding: try #require(answer).body)
    for y in 0..<16 {
      for x in 0..<24 where !hole.isMissing(x: x, y: y) {
        let start = 3 * (24 * y + x)
        #expect(filled.pixels[start..<start + 3] == picture.pixels[start..<start + 3])
      }
    }
    // An empty hole writes the file anew, or gives it back as it is.
    let empty = try Hole(width: 24, height: 16).picture.encoded(as: .png)
    let image = try picture.encoded(as: .jpeg)
    #expect(try await studio.fill([("image", image), ("hole", empty)])?.body == image)
    let other = try await studio.fill([("image", image), ("hole", empty), text("format", "webp")])
    #expect(other?.field("Content-Type") == "image/webp")
  }

  @Test func `what is wrong with a request is said in the program's own sentence`() async throws {
    let studio = try StudioFixture(change: { $0.maxMegapixels = 1 })
    func refusal(_ fields: [(name: String, bytes: [UInt8])]) async throws -> (Int, String)? {
      let answer = try await studio.fill(fields)
      return answer.map { ($0.status, $0.error ?? "") }
    }
    func expect(
      _ fields: [(name: String, bytes: [UInt8])], _ status: Int, _ part: String,
      _ location: SourceLocation = #_sourceLocation
    ) async throws {
      let found = try await refusal(fields)
      #expect(found?.0 == status, "\(found?.1 ?? "")", sourceLocation: location)
      #expect(found?.1.contains(part) == true, "\(found?.1 ?? "")", sourceLocation: location)
    }
    let sound = try fields()
    try await expect([sound[0]], 400, "The form, hole: expected a picture file, found none.")
    try await expect(sound + [text("strength", "1")], 400, "found strength")
    try await expect(sound + [text("detail", "2")], 400, "The form, detail: expected a number from 0 to 1, found “2”.")
    try await expect(sound + [text("model", "../../etc/passwd")], 404, "The model: expected one of the list")
    try await expect(sound + [text("quality", "500")], 400, "quality: expected a whole number of 1 to 100, found 500.")
    try await expect(
      [("image", Array("no picture".utf8)), sound[1]], 400, "the picture: expected a JPEG, PNG or WebP picture")
    try await expect([("image", Array(sound[0].bytes.prefix(90))), sound[1]], 400, "the picture")
    let wide = try Hole(width: 25, height: 16).picture.encoded(as: .png)
    try await expect([sound[0], ("hole", wide)], 400, "the hole: expected a hole picture of 24x16")
    try await expect(sound + [text("model", "methods/telea"), text("seed", "3")], 400, "without random numbers")
    try await expect(
      sound + [("sketch", sound[1].bytes), text("model", "methods/telea")], 400, "fills without a network")
    try await expect(
      sound + [("labels", sound[1].bytes), text("model", "methods/telea")], 400, "fills without a network")
    let labels = try await studio.exchange(studio.request(StudioFixture.form(sound), path: "/api/v1/labels"))
    #expect(labels?.error == "The model: expected a network that predicts labels, found a method without one.")
    let attention = try await studio.exchange(studio.request(StudioFixture.form(sound), path: "/api/v1/attention"))
    #expect(attention?.status == 400 && attention?.error?.contains("with an attention that looks at positions") == true)
    // A bomb: a header of a picture that nobody has room for.
    let bomb = try Picture(width: 1200, height: 1000, filledWith: [0, 0, 0]).encoded(as: .png)
    try await expect(
      [("image", bomb), sound[1]], 413, "at most 1 megapixels, found a header that claims 1200x1000 pixels.")
    try await expect([sound[0], ("hole", bomb)], 413, "the hole: expected a picture of at most 1 megapixels")
  }

  @Test func `models are listed, and weights that cannot be read are no end`() async throws {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically("nothing", to: folder.file("w.safetensors"))
    let studio = try StudioFixture(change: { $0.weights = [folder.file("w.safetensors")] })
    let list = try #require(try await studio.get("/api/v1/models")?.json)
    guard case .array(let models)? = list["models"]?.content else {
      Issue.record("no list")
      return
    }
    #expect(
      models.compactMap { $0["id"] } == [
        "weights/0", "methods/patches", "methods/telea", "methods/harmonic",
      ])
    let broken = try await studio.fill(try fields() + [text("model", "weights/0")])
    #expect(broken?.status == 400 && broken?.error?.contains("w.safetensors") == true)
    #expect(try await studio.get("/api/v1/models/weights/0")?.status == 400)
    #expect(try await studio.get("/api/v1/models/methods/telea")?.status == 200)
    #expect(try await studio.fill(try fields())?.status == 200)
  }

  /// Bytes of pictures that are changed here and there: each ends with an answer, and the studio goes on.
  @Test(arguments: PictureFormat.allCases) func `damaged files end with a sentence`(format: PictureFormat) async throws
  {
    let studio = try StudioFixture()
    let sound = try picture.encoded(as: format)
    let hole = try hole.picture.encoded(as: .png)
    for sample in 0..<40 {
      var random = RandomStream(seed: 5, purpose: "studio", sample: sample)
      var bytes = sound
      for _ in 0...Int(random.next() % 6) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      if sample.isMultiple(of: 5) { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
      guard !bytes.isEmpty else { continue }
      let answer = try await studio.fill([("image", bytes), ("hole", hole), text("model", "methods/harmonic")])
      #expect([200, 400, 413].contains(answer?.status ?? 0), "sample \(sample)")
      if answer?.status != 200 { #expect(answer?.error?.hasSuffix(".") == true) }
    }
    #expect(try await studio.get("/healthz")?.status == 200)
  }

  @Test func `a picture's transparency can be its hole`() async throws {
    let studio = try StudioFixture()
    var picture = picture
    picture.alpha = hole.values.map { $0 == 0 ? 255 : 40 }
    let image = (name: "image", bytes: try picture.encoded(as: .png))
    let method = text("model", "methods/harmonic")
    let alone = try #require(try await studio.fill([image, method, text("hole_is", "alpha")]))
    #expect(alone.status == 200, "\(alone.error ?? "")")
    let filled = try Picture(decoding: alone.body)
    #expect(filled.alpha == nil || filled.alpha?.allSatisfy { $0 == 255 } == true)
    let hole = (name: "hole", bytes: try hole.picture.encoded(as: .png))
    #expect(try await studio.fill([image, hole, method, text("opacity", "fill")])?.body == alone.body)
    let kept = try await studio.fill([image, hole, method])
    #expect(try Picture(decoding: kept?.body ?? []).alpha == picture.alpha)
    let both = try await studio.fill([image, hole, method, text("hole_is", "alpha")])
    #expect(
      both?.error
        == "hole the hole: expected none, as hole_is alpha takes the hole from the picture itself; leave it out.")
    #expect(try await studio.fill([image, method])?.error == "The form, hole: expected a picture file, found none.")
  }

  @Test func `files of holes, lines and labels are read as fillings read them`() async throws {
    let studio = try StudioFixture(change: { $0.maxMegapixels = 1 })
    func read(_ fields: [(name: String, bytes: [UInt8])]) async throws -> StudioFixture.Answer {
      try #require(
        try await studio.exchange(studio.request(StudioFixture.form(fields), path: "/api/v1/read")))
    }
    var strokes = Picture(width: 24, height: 16, channels: 1, pixels: [UInt8](repeating: 0, count: 24 * 16))
    strokes.alpha = hole.values.map { $0 == 0 ? 255 : 0 }
    let bytes = try strokes.encoded(as: .png)
    let size = text("size", "24x16")
    let gaps = try await read([("hole", bytes), size])
    #expect(gaps.status == 200 && gaps.field("Content-Type") == "image/png", "\(gaps.error ?? "")")
    #expect(HoleReading(try Picture(decoding: gaps.body)).hole == hole)
    #expect(gaps.field("Kintsugi-Remarks")?.contains("the%20opacities%20are%20the%20hole") == true)
    #expect(try await read([("sketch", bytes), size]).status == 200)
    let bomb = try Picture(width: 1200, height: 1000, filledWith: [0, 0, 0]).encoded(as: .png)
    let refusals: [([(name: String, bytes: [UInt8])], Int, String)] = [
      (
        [("hole", bytes), text("size", "24x17")], 400,
        "the hole: expected a hole picture of 24x17, the size of the picture"
      ),
      ([("hole", bytes)], 400, "The form, size: expected the picture's"),
      ([("hole", bytes), ("sketch", bytes), size], 400, "found 2 of them"),
      ([("hole", bytes), size, text("hole_is", "alpha")], 400, "The form, hole_is: expected white or black"),
      ([("hole", bytes), size, text("model", "methods/telea")], 400, "The form, model: expected one with labels"),
      ([("labels", bytes), size], 400, "The form, model: expected one with labels"),
      ([("labels", bytes), size, text("model", "methods/telea")], 400, "The labels: expected a network that fills by"),
      ([("labels", bytes), size, text("model", "none")], 404, "The model: expected one of the list"),
      ([("hole", Array("text".utf8)), size], 400, "the file: expected a JPEG, PNG or WebP picture"),
      ([("hole", bomb), size], 413, "at most 1 megapixels, found a header that claims 1200x1000 pixels."),
    ]
    for (fields, status, part) in refusals {
      let answer = try await read(fields)
      #expect(answer.status == status && answer.error?.contains(part) == true, "\(answer.error ?? "")")
    }
  }

  @Test func `a filling that nobody waits for ends where it stands`() async throws {
    let studio = try StudioFixture()
    // Specks far apart, each filled by itself.
    let picture = Picture.bands(width: 2400, height: 2400)
    let specks = Hole(width: 2400, height: 2400) { x, y in x % 200 < 20 && y % 200 < 20 }
    let body = StudioFixture.form([
      ("image", try picture.encoded(as: .png)), ("hole", try specks.picture.encoded(as: .png)), text("job", "specks"),
    ])
    /// The last region that is told of a filling whose client goes away after the first.
    func lastRegion() async throws -> Int {
      let listener = try Client(port: studio.port)
      listener.send("GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:\(studio.port)\r\n\r\n")
      // Nothing is told before the server knows of the listener.
      _ = await listener.text(until: "data: []")
      var told: String
      do {
        let client = try Client(port: studio.port)
        client.send(studio.request(body))
        told = await listener.text(until: "\"done\":")
      }
      // All of it may have come at once.
      let afterwards = told.components(separatedBy: "\"done\":").last ?? ""
      if !afterwards.contains("data: []") { told += await listener.text(until: "data: []") }
      return told.components(separatedBy: "\"done\":").compactMap { Int($0.prefix { $0.isNumber }) }.max() ?? 0
    }
    // The server may notice too late that nobody waits: beside other tests its threads are busy.
    for _ in 0..<20 where try await lastRegion() < 143 { return }
    Issue.record("twenty fillings were done to their ends")
  }

  @Test func `lines of a picture are a picture of its size`() async throws {
    let studio = try StudioFixture()
    let body = StudioFixture.form([("image", try picture.encoded(as: .png))])
    let answer = try await studio.exchange(studio.request(body, path: "/api/v1/edges"))
    let lines = try Picture(decoding: try #require(answer).body, keepsGray: true)
    #expect((lines.width, lines.height, lines.channels) == (24, 16, 1))
    #expect(lines.pixels.allSatisfy { $0 == 0 || $0 == 255 })
  }
}
