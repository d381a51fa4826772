import Testing

@testable import Studio

struct HTTPHeadTests {
  private func parse(_ text: String, _ limits: HTTPLimits = HTTPLimits()) throws -> HTTPHead {
    try HTTPHead(parsing: Array(text.utf8)[...], limits: limits)
  }

  private func status(_ text: String) -> Int? {
    do {
      _ = try parse(text)
      return nil
    } catch { return (error as? HTTPError)?.status }
  }

  @Test func `a request as browsers send it`() throws {
    let head = try parse(
      "GET /api/v1/runs/my%20run/metrics?after=3&x HTTP/1.1\r\nHost: localhost:1\r\nX-A:  b \t\r\nContent-Length: 12")
    #expect(head.method == "GET" && head.path == ["api", "v1", "runs", "my run", "metrics"])
    #expect(head.query == [HTTPField("after", "3"), HTTPField("x", "")])
    #expect(head["host"] == "localhost:1" && head["x-a"] == "b" && head["x-b"] == nil)
    #expect(head.framing == .length(12) && head.keepsAlive)
    #expect(try parse("GET / HTTP/1.1").path == [])
    #expect(try !parse("GET / HTTP/1.1\r\nConnection: Close").keepsAlive)
    #expect(try !parse("GET / HTTP/1.0").keepsAlive)
    #expect(try parse("POST / HTTP/1.1\r\nTransfer-Encoding: chunked").framing == .chunked)
  }

  @Test(arguments: [
    ("GET /", 400), ("GET  / HTTP/1.1", 400), ("G\u{1}T / HTTP/1.1", 400), ("GET / HTTP/2", 505),
    ("GET http://evil/ HTTP/1.1", 400), ("GET * HTTP/1.1", 400), ("GET /%0 HTTP/1.1", 400), ("GET /%00 HTTP/1.1", 400),
    ("GET /%ff HTTP/1.1", 400), ("GET / HTTP/1.1\nHost: a", 400), ("GET / HTTP/1.1\r\nHost : a", 400),
    ("GET / HTTP/1.1\r\n folded", 400), ("GET / HTTP/1.1\r\nHost: a\r\nHost: b", 400),
    ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1", 400), ("GET / HTTP/1.1\r\nContent-Length: -1", 400),
    ("GET / HTTP/1.1\r\nContent-Length: +1", 400), ("GET / HTTP/1.1\r\nContent-Length: 99999999999999999999", 413),
    ("GET / HTTP/1.1\r\nContent-Length: 67108865", 413),
    ("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked", 400),
    ("GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked", 501),
  ]) func `what no browser sends is refused`(text: String, status: Int) {
    #expect(self.status(text) == status, "\(text)")
  }

  @Test func `the number of fields is limited`() {
    let many = "GET / HTTP/1.1" + String(repeating: "\r\nA: b", count: 101)
    #expect(status(many) == 431)
  }
}
