import Foundation
import Imaging
import Support
import TestSupport
import Testing

@testable import Studio

/// Clients that behave as they should not, over real sockets.
@Suite(.timeLimit(.minutes(10))) struct HTTPServerTests {
  @Test func `several requests come over one connection, also at once`() async throws {
    let studio = try StudioFixture()
    let client = try Client(port: studio.port)
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost:\(studio.port)\r\n"
    client.send(request + "\r\n" + request + "\r\n")
    client.send(request + "Connection: close\r\n\r\n")
    let bytes = await client.rest()
    #expect(String(decoding: bytes, as: UTF8.self).components(separatedBy: "HTTP/1.1 200 OK").count == 4)
  }

  @Test func `every response has the fields that keep a page to itself`() async throws {
    let studio = try StudioFixture()
    for path in ["/", "/api/v1/models", "/no/such/thing", "/api/v1/examples/1"] {
      let answer = try #require(try await studio.get(path))
      #expect(
        answer.field("Content-Security-Policy")?.contains("default-src 'self'; img-src 'self' blob: data:") == true)
      #expect(answer.field("X-Content-Type-Options") == "nosniff")
      #expect(answer.field("Cross-Origin-Resource-Policy") == "same-origin")
      #expect(answer.field("Access-Control-Allow-Origin") == nil)
    }
    #expect(try await studio.get("/api/v1/fill")?.status == 405)
    #expect(try await studio.get("/", "Origin: http://evil.example\r\n")?.status == 403)
    #expect(
      try await studio.exchange(
        Array("GET / HTTP/1.1\r\nHost: evil.example:\(studio.port)\r\nConnection: close\r\n\r\n".utf8))?.status
        == 421)
  }

  @Test(arguments: [
    "/../Package.swift", "/..%2f..%2fPackage.swift", "/%2e%2e/app.js", "//etc/passwd", "/core/../app.js", "/core/",
    "/style", "/api/v1/runs/..%2f..", "/api/v1/runs/../metrics", "/api/v1/runs/x/samples/..%2fconfig.json",
    "/api/v1/models/%2fetc%2fpasswd", "/api/v1/models/weights/..", "/api/v1/examples/../1", "/index.html%00.js",
  ]) func `no path leads anywhere`(path: String) async throws {
    let studio = try StudioFixture()
    let status = try await studio.get(path)?.status
    #expect(status == 404 || status == 400, "\(path)")
  }

  @Test func `a body that is too large is refused before it is read`() async throws {
    let studio = try StudioFixture()
    let client = try Client(port: studio.port)
    client.send(
      "POST /api/v1/fill HTTP/1.1\r\nHost: localhost:\(studio.port)\r\nContent-Length: 67108865\r\n\r\n")
    let answer = try #require(await client.answer())
    #expect(answer.status == 413)
    #expect(answer.error == "The request: expected a body of at most 64 MiB, found a larger one.")
  }

  @Test func `chunks are counted as they come`() async throws {
    var limits = HTTPLimits.patient
    limits.bodyBytes = 100_000
    let studio = try StudioFixture(limits: limits)
    let client = try Client(port: studio.port)
    client.send("POST /api/v1/fill HTTP/1.1\r\nHost: localhost:\(studio.port)\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
    for _ in 0..<8 { client.send(chunk) }
    #expect(await client.answer()?.status == 413)
    for (body, status) in [("zz\r\n", 400), ("-1\r\n", 400), ("5\r\nabcdefg\r\n", 400), ("0\r\n\r\n", 415)] {
      let client = try Client(port: studio.port)
      client.send(
        "POST /api/v1/fill HTTP/1.1\r\nHost: localhost:\(studio.port)\r\nConnection: close\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n" + body)
      #expect(await client.answer()?.status == status, "\(body)")
    }
  }

  @Test func `chunks that are in order are a form as any other`() async throws {
    let studio = try StudioFixture()
    let body = StudioFixture.form([
      ("image", try Picture.bands().encoded(as: .png)), ("hole", try Hole.square().picture.encoded(as: .png)),
    ])
    let client = try Client(port: studio.port)
    client.send(
      "POST /api/v1/fill HTTP/1.1\r\nHost: localhost:\(studio.port)\r\nConnection: close\r\nExpect: 100-continue\r\n"
        + "Content-Type: multipart/form-data; boundary=xyz\r\nTransfer-Encoding: chunked\r\n\r\n")
    for start in stride(from: 0, to: body.count, by: 1000) {
      let part = body[start..<min(start + 1000, body.count)]
      client.send(Array((String(part.count, radix: 16) + ";x=y\r\n").utf8) + part + [13, 10])
    }
    client.send("0\r\nTrailer: x\r\n\r\n")
    #expect(await client.answer()?.status == 200)
  }

  @Test(arguments: [
    ("--xyz", 400), ("", 400), ("--xyz\r\n\r\n", 400),
    ("--xyz\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nabc", 400),
    ("--xyz--", 400), ("--xyz\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--xyz--", 400),
    (
      "--xyz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\na\r\n"
        + "--xyz\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\na\r\n--xyz--", 400
    ),
  ]) func `broken forms are refused`(body: String, status: Int) async throws {
    let studio = try StudioFixture()
    let answer = try await studio.exchange(studio.request(Array(body.utf8)))
    #expect(answer?.status == status, "\(body)")
    #expect(answer?.error?.hasPrefix("The form") == true)
  }

  @Test func `heads that never end, and bodies that never come`() async throws {
    var limits = HTTPLimits.patient
    limits.headSeconds = 0.5
    limits.bodySeconds = 0.5
    let studio = try StudioFixture(limits: limits)
    let slow = try Client(port: studio.port)
    slow.send("GET / HTTP/1.1\r\nHost:")
    #expect(await slow.answer()?.status == 408)
    let empty = try Client(port: studio.port)
    empty.send("POST /api/v1/fill HTTP/1.1\r\nHost: localhost:\(studio.port)\r\nContent-Length: 1000\r\n\r\n--xyz")
    #expect(await empty.answer()?.status == 408)
  }

  @Test func `a head that goes on and on is refused`() async throws {
    let studio = try StudioFixture()
    let long = try Client(port: studio.port)
    long.send("GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 40_000))
    #expect(await long.answer()?.status == 431)
    #expect(try await studio.get("/healthz")?.status == 200)
  }

  @Test func `a flood of idle connections keeps nobody out`() async throws {
    var limits = HTTPLimits.patient
    limits.connections = 16
    let studio = try StudioFixture(limits: limits)
    // As many as the system keeps waiting while the server's turn does not come, beside the other tests.
    let flood = try (0..<100).map { _ in try Client(port: studio.port) }
    for client in flood.prefix(50) { client.send("GET / HTTP/1.1\r\nX: y") }
    for _ in 0..<5 { #expect(try await studio.get("/healthz")?.status == 200) }
    withExtendedLifetime(flood) {}
  }

  @Test func `other machines need the token that was printed`() async throws {
    let studio = try StudioFixture(change: { $0.host = "0.0.0.0" })
    let token = try #require(studio.address.split(separator: "=").last)
    #expect(token.count == 32)
    for path in ["/", "/app.js", "/api/v1/models", "/healthz", "/?token=\(String(repeating: "0", count: 32))"] {
      #expect(try await studio.get(path)?.status == 401)
    }
    let tokenRedirect = try await studio.get("/?token=\(token)")
    #expect(tokenRedirect?.status == 303 && tokenRedirect?.field("Location") == "/")
    #expect(
      tokenRedirect?.field("Set-Cookie")?.hasPrefix("kintsugi_studio=\(token); HttpOnly; SameSite=Strict") == true)
    #expect(try await studio.get("/api/v1/models", "Cookie: kintsugi_studio=\(token)\r\n")?.status == 200)
    #expect(try await studio.get("/api/v1/models", "Authorization: Bearer \(token)\r\n")?.status == 200)
  }

  @Test func `no more than so many wait, and who closes the connection does not`() async throws {
    let folder = try TemporaryFolder()
    try FileWriter.writeAtomically("weights", to: folder.file("w.safetensors"))
    let (hasBegun, mayEnd) = (Flag(), Flag())
    let studio = try StudioFixture(
      load: { _ in
        hasBegun.set()
        while !mayEnd.isSet { usleep(2000) }
        throw Failure(.data, "the weights: expected others")
      },
      change: {
        $0.weights = [folder.file("w.safetensors")]
        $0.queueLimit = 1
      })
    let pictures: [(name: String, bytes: [UInt8])] = [
      ("image", try Picture.bands().encoded(as: .png)), ("hole", try Hole.square().picture.encoded(as: .png)),
    ]
    let first = try Client(port: studio.port)
    first.send(studio.request(StudioFixture.form(pictures + [("model", Array("weights/0".utf8))])))
    while !hasBegun.isSet { try await Task.sleep(nanoseconds: 2_000_000) }
    var second: Client? = try Client(port: studio.port)
    second?.send(studio.request(StudioFixture.form(pictures)))
    try await studio.wait(forFillings: 2)
    let refused = try await studio.fill(pictures)
    #expect(refused?.status == 429)
    #expect(refused?.error?.hasPrefix("The queue: expected at most 1 waiting") == true)
    second = nil
    try await studio.wait(forFillings: 1)
    let third = try Client(port: studio.port)
    third.send(studio.request(StudioFixture.form(pictures)))
    try await studio.wait(forFillings: 2)
    mayEnd.set()
    #expect(await first.answer()?.error == "the weights: expected others.")
    #expect(await third.answer()?.status == 200)
    withExtendedLifetime(second) {}
  }

  @Test func `a program that was copied without its page says what is missing`() throws {
    do {
      _ = try PageFiles(folders: ["/no/such/Kintsugi_Studio.resources/Page"])
      Issue.record("there is no page")
    } catch {
      #expect("\(error)".hasPrefix("/no/such/Kintsugi_Studio.resources: expected the files of the page, found none;"))
    }
  }
}
