import Dispatch
import Foundation
import Imaging
import Inpainting
import Support

/// `POST /api/v1/fill`, `labels`, `attention`, `edges`, `read` and `GET /api/v1/models`: the models, and the requests
/// that compute with them.
struct FillRoute: Sendable {
  let catalog: ModelCatalog
  let models: LoadedModels
  let queue: FillQueue
  let maxMegapixels: Int

  /// Fills a hole. The response is the picture's bytes; remarks are in the header field `Kintsugi-Remarks`, as
  /// percent-encoded JSON.
  func fill(_ request: HTTPRequest) async throws -> HTTPResponse {
    // Reserved before the body is read, so that the queue limits the pictures in memory, too.
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try FillForm(
      MultipartForm(try await request.body(), type: request.head["content-type"]), maxMegapixels: maxMegapixels)
    let entry = try catalog.entry(form.model)
    try requireSize(EncodedInpainting.largest(of: form.files))
    var settings = form.settings
    if case .method(let method) = entry.source { settings.method = method }
    let inpainting = try EncodedInpainting(
      form.files, settings: settings, format: form.format, makesFilledOpaque: form.makesFilledOpaque)
    let result = try await request.whileConnected { [queue, models] in
      try await queue.run(form.job) { job in
        switch entry.source {
        case .method(let method):
          return try inpainting.filled(by: method, isCancelled: { job.isCancelled }, progress: job.progress)
        case .weights(let path):
          let inpainter = try models.inpainter(path: path)
          return try inpainting.filled(by: inpainter, isCancelled: { job.isCancelled }, progress: job.progress)
        }
      }
    }
    return HTTPResponse(
      type: Self.type(of: result.format), result.bytes,
      fields: [
        HTTPField("Cache-Control", "no-store"), HTTPField("Kintsugi-Outcome", Self.encoded(result.outcome)),
        Self.field(result.remarks),
      ])
  }

  /// A hole, sketch or label file as it is interpreted for filling: a normalized PNG file.
  func read(_ request: HTTPRequest) async throws -> HTTPResponse {
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try LayerForm(MultipartForm(try await request.body(), type: request.head["content-type"]))
    let header = try PictureHeader(decoding: form.bytes, name: "the file", maxMegapixels: .max)
    try requireSize((name: "the file", width: header.width, height: header.height))
    let network = try form.model.map { try catalog.entry($0).source }
    // Bypasses the queue, so that opening a file does not wait for other fills.
    let layer = try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { [models, maxMegapixels] in
        continuation.resume(
          with: Result {
            var classes: LabelClasses?
            if case .weights(let path)? = network { classes = try models.inpainter(path: path).labelClasses }
            return try EncodedLayer(
              decoding: form.bytes, as: try form.kind(classes), size: form.size, maxMegapixels: maxMegapixels)
          })
      }
    }
    return HTTPResponse(
      type: "image/png", layer.png, fields: [HTTPField("Cache-Control", "no-store"), Self.field(layer.remarks)])
  }

  /// Remarks as a header field: percent-encoded JSON.
  private static func field(_ remarks: [Sentence]) -> HTTPField {
    HTTPField(
      "Kintsugi-Remarks", encoded(JSONValue(remarks.map { JSONValue($0.text(Setting.asField)) }).write()))
  }

  /// The classes of a picture's pixels as a model predicts them: a PNG file whose palette is that of the classes.
  func labels(_ request: HTTPRequest) async throws -> HTTPResponse {
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try FillForm(
      MultipartForm(try await request.body(), type: request.head["content-type"]), maxMegapixels: maxMegapixels)
    guard case .weights(let path) = try catalog.entry(form.model).source else {
      throw HTTPError(400, "The model: expected a network that predicts labels, found a method without one.")
    }
    try requireSize(EncodedInpainting.largest(of: form.files))
    let inpainting = try EncodedInpainting(form.files, settings: form.settings)
    let png = try await request.whileConnected { [queue, models] in
      try await queue.run(form.job) { job in
        try inpainting.labels(by: try models.inpainter(path: path), isCancelled: { job.isCancelled })
      }
    }
    guard let png else {
      throw HTTPError(400, "The labels: expected a hole to predict them for, found an empty one.")
    }
    return HTTPResponse(type: "image/png", png, fields: [HTTPField("Cache-Control", "no-store")])
  }

  /// The positions that a model attends to while it fills a hole: four 32-bit integers, the hole's bounding box (x, y,
  /// width, height), then two 16-bit integers for each of its pixels, the offset to the right and downwards;
  /// little-endian.
  func attention(_ request: HTTPRequest) async throws -> HTTPResponse {
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try FillForm(
      MultipartForm(try await request.body(), type: request.head["content-type"]), maxMegapixels: maxMegapixels)
    guard case .weights(let path) = try catalog.entry(form.model).source else { throw Self.noAttention }
    try requireSize(EncodedInpainting.largest(of: form.files))
    let inpainting = try EncodedInpainting(form.files, settings: form.settings)
    let found = try await request.whileConnected { [queue, models] in
      try await queue.run(form.job) { job in
        try inpainting.attention(by: try models.inpainter(path: path), isCancelled: { job.isCancelled })
      }
    }
    guard let (bounds, offsets) = found else { throw Self.noAttention }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16 + 4 * offsets.count)
    func append(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    for side in [bounds.x, bounds.y, bounds.width, bounds.height] { append(Int32(side)) }
    for offset in offsets {
      append(offset.x)
      append(offset.y)
    }
    return HTTPResponse(
      type: "application/octet-stream", bytes, fields: [HTTPField("Cache-Control", "no-store")])
  }

  private static let noAttention = HTTPError(
    400, "The model: expected a network with an attention that looks at positions, and a hole, found none.")

  /// The edges of a picture, as in training with sketches: a PNG file, white on black.
  func edges(_ request: HTTPRequest) async throws -> HTTPResponse {
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try MultipartForm(try await request.body(), type: request.head["content-type"])
    guard form.names == ["image"], let bytes = form.bytes("image"), !bytes.isEmpty else {
      throw HTTPError(400, "The form: expected the field image and no other, found \(form.names.count) fields.")
    }
    let header = try PictureHeader(decoding: bytes, name: "the picture", maxMegapixels: .max)
    try requireSize((name: "the picture", width: header.width, height: header.height))
    let png = try await request.whileConnected { [queue, maxMegapixels] in
      try await queue.run("") { job in
        let picture = try Picture(decoding: bytes, maxMegapixels: maxMegapixels)
        guard !job.isCancelled else { throw CancellationError() }
        let edges = CannyDetector().edges(of: picture)
        guard !job.isCancelled else { throw CancellationError() }
        return try Picture(
          width: edges.width, height: edges.height, channels: 1, pixels: edges.values.map { $0 * 255 }
        ).encoded(as: .png)
      }
    }
    return HTTPResponse(type: "image/png", png, fields: [HTTPField("Cache-Control", "no-store")])
  }

  /// - Throws: `HTTPError` with the status 413 for a file whose header claims too many pixels.
  private func requireSize(_ claimed: (name: String, width: Int, height: Int)) throws {
    guard Double(claimed.width) * Double(claimed.height) <= Double(maxMegapixels) * 1e6 else {
      throw HTTPError(
        413,
        "\(claimed.name): expected a picture of at most \(maxMegapixels) megapixels, found a header that claims "
          + "\(claimed.width)x\(claimed.height) pixels.")
    }
  }

  /// All models, the watched run and the limits.
  func list() -> HTTPResponse {
    let entries = catalog.entries.map { entry -> JSONValue in
      [
        "id": JSONValue(entry.id), "name": JSONValue(entry.name), "group": JSONValue(entry.group),
        "run": entry.run.map { JSONValue($0) } ?? nil, "step": entry.step.map { JSONValue($0) } ?? nil,
        "conditions": entry.conditions.map { JSONValue($0.map { JSONValue($0) }) } ?? nil,
      ]
    }
    return HTTPResponse(json: [
      "models": JSONValue(entries), "watched": catalog.runs.watchedName.map { JSONValue($0) } ?? nil,
      "max_megapixels": JSONValue(maxMegapixels), "queue_limit": JSONValue(queue.limit),
    ])
  }

  /// The details of one model, which is loaded.
  func details(_ id: String, _ request: HTTPRequest) async throws -> HTTPResponse {
    let entry = try catalog.entry(id)
    guard case .weights(let path) = entry.source else {
      return HTTPResponse(json: ["id": JSONValue(id), "description": JSONValue(entry.name), "conditions": []])
    }
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let inpainter = try await request.whileConnected { [queue, models] in
      try await queue.run("") { _ in try models.inpainter(path: path) }
    }
    return HTTPResponse(json: [
      "id": JSONValue(id), "description": JSONValue(inpainter.description),
      "trained_size": JSONValue(inpainter.trainedSize),
      "conditions": JSONValue(inpainter.takesSketches ? [JSONValue("edges")] : []),
      "labels": inpainter.labelClasses.map(Self.json) ?? nil,
    ])
  }

  private static func json(_ classes: LabelClasses) -> JSONValue {
    [
      "name": JSONValue(classes.name), "first_id": JSONValue(Int(classes.firstID)),
      "ignored_id": JSONValue(Int(classes.ignoredID)), "ignored_color": json(classes.ignoredColor),
      "classes": JSONValue(
        classes.classes.map { entry -> JSONValue in
          ["name": JSONValue(entry.name), "color": json(entry.color)]
        }),
    ]
  }

  private static func json(_ color: RGB) -> JSONValue {
    JSONValue([color.red, color.green, color.blue].map { JSONValue(Int($0)) })
  }

  private static func type(of format: PictureFormat) -> String {
    switch format {
    case .jpeg: "image/jpeg"
    case .png: "image/png"
    case .webp: "image/webp"
    }
  }

  private static func encoded(_ text: String) -> String {
    text.addingPercentEncoding(
      withAllowedCharacters: .alphanumerics.intersection(CharacterSet(charactersIn: "0"..."z")))
      ?? ""
  }
}
