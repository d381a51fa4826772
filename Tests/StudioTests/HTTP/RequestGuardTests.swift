import Testing

@testable import Studio

struct RequestGuardTests {
  private func head(_ fields: String, target: String = "/api/v1/models") throws -> HTTPHead {
    try HTTPHead(parsing: Array("GET \(target) HTTP/1.1\r\n\(fields)".utf8)[...], limits: HTTPLimits())
  }

  private func status(_ gate: RequestGuard, _ fields: String) throws -> Int? {
    do {
      try gate.check(try head(fields), isAPI: true)
      return nil
    } catch { return (error as? HTTPError)?.status }
  }

  @Test func `only this server's own address is a host, so that no name can be led here`() throws {
    let gate = RequestGuard(host: "127.0.0.1", port: 8190, token: nil)
    for host in ["127.0.0.1:8190", "localhost:8190", "LocalHost:8190", "[::1]:8190"] {
      #expect(try status(gate, "Host: \(host)") == nil)
    }
    for host in [
      "evil.example:8190", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.evil.example:8190", "192.168.0.2:8190",
      "localhost:8190x",
      "evil.example", "", "127.0.0.1:8190:8190",
    ] {
      #expect(try status(gate, "Host: \(host)") == 421, "\(host)")
    }
    #expect(try status(gate, "X: y") == 400)
  }

  @Test func `a page of another origin gets nothing`() throws {
    let gate = RequestGuard(host: "127.0.0.1", port: 8190, token: nil)
    let host = "Host: localhost:8190\r\n"
    #expect(try status(gate, host + "Origin: http://localhost:8190") == nil)
    for origin in [
      "http://evil.example", "null", "https://localhost:8190", "http://localhost:8191", "http://127.0.0.1:8190",
      "http://localhost", "http://localhost:8190.evil.example", "file://", "",
    ] {
      #expect(try status(gate, host + "Origin: \(origin)") == 403, "\(origin)")
    }
    #expect(try status(gate, host + "Sec-Fetch-Site: cross-site") == 403)
    #expect(try status(gate, host + "Sec-Fetch-Site: same-site") == 403)
    #expect(try status(gate, host + "Sec-Fetch-Site: same-origin") == nil)
  }

  @Test func `elsewhere than on this machine a token is wanted`() throws {
    let gate = RequestGuard(host: "0.0.0.0", port: 8190, token: "abc")
    #expect(try status(gate, "Host: 192.168.0.2:8190") == 401)
    let host = "Host: 192.168.0.2:8190\r\n"
    #expect(try status(gate, host + "Authorization: Bearer abd") == 401)
    #expect(try status(gate, host + "Authorization: Bearer ") == 401)
    #expect(try status(gate, host + "Authorization: Bearer abc") == nil)
    #expect(try status(gate, host + "Cookie: a=b; kintsugi_studio=abc") == nil)
    #expect(try status(gate, "Host: evil.example:8190\r\nAuthorization: Bearer abc") == 421)
    let tokenRedirect = gate.tokenRedirect(try head("Host: 192.168.0.2:8190", target: "/?token=abc"))
    #expect(tokenRedirect?.status == 303)
    #expect(
      tokenRedirect?.fields.contains { $0.value.contains("kintsugi_studio=abc; HttpOnly; SameSite=Strict") } == true)
    #expect(gate.tokenRedirect(try head("Host: 192.168.0.2:8190", target: "/?token=abd")) == nil)
    let tokens = (0..<4).map { _ in RequestGuard.makeToken() }
    #expect(Set(tokens).count == 4 && tokens.allSatisfy { $0.count == 32 })
  }
}
