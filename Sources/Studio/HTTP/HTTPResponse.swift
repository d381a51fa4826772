import Foundation
import Support

/// The response to a request.
struct HTTPResponse: Sendable {
  enum Body: Sendable {
    case bytes([UInt8])
    /// A stream of bytes; the connection is closed at its end.
    case stream(@Sendable (_ write: @Sendable ([UInt8]) async throws -> Void) async throws -> Void)
  }

  var status: Int
  var fields: [HTTPField]
  var body: Body

  init(_ status: Int = 200, type: String, _ bytes: [UInt8], fields: [HTTPField] = []) {
    self.status = status
    self.fields = [HTTPField("Content-Type", type)] + fields
    body = .bytes(bytes)
  }

  init(_ status: Int = 200, json: JSONValue, fields: [HTTPField] = []) {
    self.init(
      status, type: "application/json; charset=utf-8", Array(json.write().utf8),
      fields: [HTTPField("Cache-Control", "no-store")] + fields)
  }

  /// A streamed response.
  init(
    stream: @escaping @Sendable (_ write: @Sendable ([UInt8]) async throws -> Void) async throws -> Void, type: String
  ) {
    status = 200
    fields = [HTTPField("Content-Type", type), HTTPField("Cache-Control", "no-store")]
    body = .stream(stream)
  }

  /// An error response, with the sentence as JSON: `{"error": "…"}`.
  init(_ fault: HTTPError) {
    self.init(fault.status, json: ["error": JSONValue(fault.sentence)], fields: fault.headers)
  }

  /// The header fields of every response: no resources from elsewhere, no embedding, no guessing of types.
  private static let commonFields = [
    HTTPField(
      "Content-Security-Policy",
      "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'"),
    HTTPField("X-Content-Type-Options", "nosniff"),
    HTTPField("X-Frame-Options", "DENY"),
    HTTPField("Referrer-Policy", "no-referrer"),
    HTTPField("Cross-Origin-Opener-Policy", "same-origin"),
    HTTPField("Cross-Origin-Resource-Policy", "same-origin"),
  ]

  /// The status line, the header fields and the empty line.
  func head(keepsAlive: Bool) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(Self.phrase(status))\r\n"
    var fields = fields + Self.commonFields
    if case .bytes(let bytes) = body { fields.append(HTTPField("Content-Length", String(bytes.count))) }
    fields.append(HTTPField("Connection", keepsAlive ? "keep-alive" : "close"))
    for field in fields { text += "\(field.name): \(field.value.filter { !$0.isNewline && $0.isASCII })\r\n" }
    return Array((text + "\r\n").utf8)
  }

  private static func phrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 303: "See Other"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 421: "Misdirected Request"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: "Internal Server Error"
    }
  }
}
