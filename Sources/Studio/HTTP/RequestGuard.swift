import Foundation

/// The access rules for requests: a request must name this server in `Host`, must not have another origin, and must have
/// the token where one is required. A request of the API must also come from a page of this server or from no page; the
/// page itself may be opened by a link on another site.
///
/// Another site's page can make a browser send requests here, but the browser adds their origin (`Origin`,
/// `Sec-Fetch-Site`). After DNS rebinding `Host` still holds the other site's name.
struct RequestGuard: Sendable {
  /// The name of the cookie that holds the token.
  static let cookie = "kintsugi_studio"

  /// The address that the server listens on.
  let host: String
  /// The name of this machine in the network.
  var machine = "localhost"
  let port: Int
  /// The token; nil if every user of this machine has access.
  let token: String?

  /// - Parameter isAPI: True for a request of the API, false for one of the page or its parts.
  /// - Throws: `HTTPError` with the status 400, 401, 403 or 421.
  func check(_ head: HTTPHead, isAPI: Bool) throws {
    guard let authority = head["host"] else {
      throw HTTPError(400, "The request: expected the header field Host, found none.")
    }
    guard isOurs(authority) else {
      throw HTTPError(421, "The request: expected a Host that is this server's address, found another name.")
    }
    if let origin = head["origin"], origin.lowercased() != "http://" + authority.lowercased() {
      throw HTTPError(403, "The request: expected one from the studio's own page, found one from another origin.")
    }
    let site = head["sec-fetch-site"] ?? "none"
    guard !isAPI || site == "same-origin" || site == "none" else {
      throw HTTPError(403, "The request: expected one from the studio's own page, found one from another site.")
    }
    guard let token else { return }
    guard let given = Self.token(in: head), Self.areEqual(given, token) else {
      throw HTTPError(
        401,
        "The studio: expected the token that it has printed, as in http://\(authority)/?token=…; open that address.",
        headers: [HTTPField("WWW-Authenticate", "Bearer")])
    }
  }

  /// The response to a page's address with the right token: a cookie, and a redirect to the address without the token.
  func tokenRedirect(_ head: HTTPHead) -> HTTPResponse? {
    guard let token, head.path.isEmpty, let given = head.query.first(where: { $0.name == "token" })?.value,
      Self.areEqual(given, token), head["host"].map(isOurs) ?? false
    else { return nil }
    return HTTPResponse(
      303, type: "text/plain", [],
      fields: [
        HTTPField("Location", "/"), HTTPField("Cache-Control", "no-store"),
        HTTPField("Set-Cookie", "\(Self.cookie)=\(token); HttpOnly; SameSite=Strict; Path=/"),
      ])
  }

  /// A new token: 128 random bits in hexadecimal digits.
  static func makeToken() -> String {
    (0..<16).map { _ in
      let digits = String(UInt8.random(in: 0...255), radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// True for this server's port at `localhost` or at the address that it listens on; for a server that other machines
  /// can reach, also at any numeric address and at this machine's name. DNS rebinding needs another name.
  private func isOurs(_ authority: String) -> Bool {
    let authority = authority.lowercased()
    let (name, number) = Self.split(authority)
    guard number == port || (number == nil && port == 80) else { return false }
    if name == "localhost" || name == host { return true }
    if Self.isLoopback(host) { return name == "127.0.0.1" || name == "[::1]" }
    return name == machine.lowercased() || Self.isAddress(name)
  }

  private static func split(_ authority: String) -> (name: String, port: Int?) {
    guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return (authority, nil) }
    return (String(authority[..<colon]), Int(authority[authority.index(after: colon)...]) ?? -1)
  }

  /// True for addresses that only this machine can reach.
  static func isLoopback(_ host: String) -> Bool { host == "::1" || host.hasPrefix("127.") }

  private static func isAddress(_ name: String) -> Bool {
    if name.hasPrefix("["), name.hasSuffix("]") {
      var address = in6_addr()
      return inet_pton(AF_INET6, String(name.dropFirst().dropLast()), &address) == 1
    }
    var address = in_addr()
    return inet_pton(AF_INET, name, &address) == 1
  }

  private static func token(in head: HTTPHead) -> String? {
    if let value = head["authorization"], value.lowercased().hasPrefix("bearer ") { return String(value.dropFirst(7)) }
    let pairs = (head["cookie"] ?? "").split(separator: ";").map { $0.drop { $0 == " " } }
    return pairs.first { $0.hasPrefix(cookie + "=") }.map { String($0.dropFirst(cookie.count + 1)) }
  }

  /// Compares in constant time.
  private static func areEqual(_ given: String, _ wanted: String) -> Bool {
    let (given, wanted) = (Array(given.utf8), Array(wanted.utf8))
    guard given.count == wanted.count else { return false }
    return zip(given, wanted).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
