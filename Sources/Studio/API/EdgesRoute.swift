import Dispatch
import Imaging
import InpaintingData
import Support

/// `POST /api/v1/edges`: the lines of a picture, white on black, as training on sketches finds them.
struct EdgesRoute: Sendable {
  let queue: FillQueue
  let maxMegapixels: Int

  func edges(_ request: HTTPRequest) async throws -> HTTPResponse {
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try MultipartForm(try await request.body(), type: request.head["content-type"])
    guard form.names == ["image"], let bytes = form.bytes("image"), !bytes.isEmpty else {
      throw HTTPFault(400, "The form: expected the field image and no other, found \(form.names.count) fields.")
    }
    let header = try PictureHeader(decoding: bytes, name: "the picture", maxMegapixels: .max)
    guard Double(header.width) * Double(header.height) <= Double(maxMegapixels) * 1e6 else {
      throw HTTPFault(
        413,
        "the picture: expected one of at most \(maxMegapixels) megapixels, found a header that claims "
          + "\(header.width)x\(header.height) pixels.")
    }
    let png = try await request.whileConnected { [queue, maxMegapixels] in
      try await queue.run("") { _ in
        let picture = try Picture(decoding: bytes, maxMegapixels: maxMegapixels)
        let edges = CannyDetector().edges(of: picture)
        return try Picture(
          width: edges.width, height: edges.height, channels: 1, pixels: edges.values.map { $0 * 255 }
        ).encoded(as: .png)
      }
    }
    return HTTPResponse(type: "image/png", png, fields: [HTTPField("Cache-Control", "no-store")])
  }
}
