import Foundation
import Imaging
import Inpainting
import Support
import TestSupport

@testable import Studio

/// A studio that runs on a port of its own for as long as a test takes.
final class StudioFixture: Sendable {
  let port: Int
  let address: String
  private let task: Task<Void, Never>

  init(
    limits: HTTPLimits = .patient, page: PageFiles? = nil,
    load: @escaping @Sendable (String) throws -> Inpainter = { try Inpainter(weights: $0) },
    change: (inout Studio.Options) -> Void = { _ in }
  ) throws {
    var options = Studio.Options()
    options.port = 0
    change(&options)
    let studio = try Studio(options, limits: limits, page: page ?? PageFiles(), load: load)
    address = studio.address
    port = Int(studio.address.split(separator: ":")[2].prefix { $0.isNumber }) ?? 0
    task = Task { try? await studio.run() }
  }

  deinit { task.cancel() }

  /// An answer as it came.
  struct Answer {
    let status: Int
    let head: String
    let body: [UInt8]

    var error: String? {
      let json = try? JSONValue(parsing: body, as: .strict, source: "", kind: .data)
      guard case .string(let sentence)? = json?["error"]?.content else { return nil }
      return sentence
    }

    var json: JSONValue? { try? JSONValue(parsing: body, as: .strict, source: "", kind: .data) }

    func field(_ name: String) -> String? {
      head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }.map {
        $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
      }
    }
  }

  /// Sends bytes over a connection of its own and reads until it is closed.
  func exchange(_ bytes: [UInt8]) async throws -> Answer? {
    let client = try Client(port: port)
    client.send(bytes)
    return await client.answer()
  }

  func get(_ path: String, _ fields: String = "") async throws -> Answer? {
    try await exchange(
      Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\(fields)\r\n".utf8))
  }

  /// A form as a browser sends it.
  static func form(_ fields: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var body: [UInt8] = []
    for field in fields {
      body += Array(
        "--xyz\r\nContent-Disposition: form-data; name=\"\(field.name)\"; filename=\"../../x\"\r\n\r\n".utf8)
      body += field.bytes + [13, 10]
    }
    return body + Array("--xyz--\r\n".utf8)
  }

  func request(_ body: [UInt8], path: String = "/api/v1/fill", _ fields: String = "") -> [UInt8] {
    Array(
      ("POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
        + "Content-Type: multipart/form-data; boundary=xyz\r\n\(fields)\r\n").utf8) + body
  }

  /// Waits until so many fillings are in the queue, as the first event of a page that begins to listen tells.
  func wait(forFillings count: Int) async throws {
    while true {
      let client = try Client(port: port)
      client.send("GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
      let text = await client.text(until: "]\n\n")
      if text.components(separatedBy: "\"job\"").count - 1 == count { return }
      try await Task.sleep(nanoseconds: 10_000_000)
    }
  }

  func fill(_ fields: [(name: String, bytes: [UInt8])], headers: String = "") async throws -> Answer? {
    try await exchange(request(Self.form(fields), headers))
  }
}

extension HTTPLimits {
  /// Limits of time that are never reached, however busy the machine is with other tests.
  static var patient: HTTPLimits {
    var limits = HTTPLimits()
    limits.headSeconds = 600
    limits.idleSeconds = 600
    limits.bodySeconds = 600
    limits.writeSeconds = 600
    return limits
  }
}

/// A client that says what it wants, byte by byte.
final class Client: Sendable {
  let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var timeout = timeval(tv_sec: 600, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(.inputOutput, "cannot connect") }
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// The bytes that come next; nil if the connection is closed.
  private func receive() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  /// Everything until the connection is closed. It is waited for on a thread that nobody else needs: the server runs on
  /// the others.
  func rest() async -> [UInt8] {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var bytes: [UInt8] = []
        while let part = self.receive() { bytes += part }
        continuation.resume(returning: bytes)
      }
    }
  }

  /// The text that comes up to some words, or the end.
  func text(until end: String) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var text = ""
        while !text.contains(end), let part = self.receive() { text += String(decoding: part, as: UTF8.self) }
        continuation.resume(returning: text)
      }
    }
  }

  /// The rest as an answer; nil if there is none.
  func answer() async -> StudioFixture.Answer? {
    let bytes = await rest()
    var start = 0
    // Goes on after an interim answer.
    while true {
      guard
        let end = (start..<max(start, bytes.count - 3)).first(where: { Array(bytes[$0..<$0 + 4]) == [13, 10, 13, 10] })
      else { return nil }
      let head = String(decoding: bytes[start..<end], as: UTF8.self)
      guard let status = Int(head.split(separator: " ").dropFirst().first ?? "") else { return nil }
      if status == 100 {
        start = end + 4
        continue
      }
      return StudioFixture.Answer(status: status, head: head, body: Array(bytes[(end + 4)...]))
    }
  }
}

extension Picture {
  /// Bands of colors, which any method can fill.
  static func bands(width: Int = 24, height: Int = 16) -> Picture {
    var picture = Picture(
      width: width, height: height, channels: 3, pixels: [UInt8](repeating: 0, count: 3 * width * height))
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<3 { picture.pixels[3 * (y * width + x) + channel] = UInt8((x * 7 + y * 5 * channel) % 256) }
      }
    }
    return picture
  }
}

extension Hole {
  static func square(width: Int = 24, height: Int = 16) -> Hole {
    Hole(width: width, height: height) { x, y in (8..<13).contains(x) && (4..<9).contains(y) }
  }
}
