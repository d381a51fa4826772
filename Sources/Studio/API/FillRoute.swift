import Foundation
import Imaging
import Inpainting
import Support

/// `POST /api/v1/fill`, `labels`, `edges` and `GET /api/v1/models`: models, and what is made of pictures by them and for them.
struct FillRoute: Sendable {
  let catalog: ModelCatalog
  let models: LoadedModels
  let queue: FillQueue
  let maxMegapixels: Int

  /// Fills a hole. The response is the picture's bytes; remarks are in the field `Kintsugi-Remarks`, percent-encoded
  /// JSON.
  func fill(_ request: HTTPRequest) async throws -> HTTPResponse {
    // Before the body, so that no more pictures wait in memory than fillings may wait.
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try FillForm(
      MultipartForm(try await request.body(), type: request.head["content-type"]), maxMegapixels: maxMegapixels)
    let entry = try catalog.entry(form.model)
    try requireSize(EncodedInpainting.largest(of: form.files))
    var settings = form.settings
    if case .method(let method) = entry.source { settings.method = method }
    let inpainting = try EncodedInpainting(form.files, settings: settings, format: form.format)
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
    let remarks = JSONValue((result.remarks.map { $0.text(Setting.asField) }).map { JSONValue($0) }).write()
    return HTTPResponse(
      type: Self.type(of: result.format), result.bytes,
      fields: [
        HTTPField("Cache-Control", "no-store"), HTTPField("Kintsugi-Outcome", Self.encoded(result.outcome)),
        HTTPField("Kintsugi-Remarks", Self.encoded(remarks)),
      ])
  }

  /// The classes of a picture's pixels as a model predicts them: a PNG file whose palette is that of the classes.
  func labels(_ request: HTTPRequest) async throws -> HTTPResponse {
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try FillForm(
      MultipartForm(try await request.body(), type: request.head["content-type"]), maxMegapixels: maxMegapixels)
    guard case .weights(let path) = try catalog.entry(form.model).source else {
      throw HTTPFault(400, "The model: expected a network that predicts labels, found a method without one.")
    }
    try requireSize(EncodedInpainting.largest(of: form.files))
    let inpainting = try EncodedInpainting(form.files, settings: form.settings)
    let png = try await request.whileConnected { [queue, models] in
      try await queue.run(form.job) { job in
        try inpainting.labels(by: try models.inpainter(path: path), isCancelled: { job.isCancelled })
      }
    }
    guard let png else {
      throw HTTPFault(400, "The labels: expected a hole to predict them for, found an empty one.")
    }
    return HTTPResponse(type: "image/png", png, fields: [HTTPField("Cache-Control", "no-store")])
  }

  /// The lines of a picture, white on black, as training on sketches finds them: a PNG file.
  func edges(_ request: HTTPRequest) async throws -> HTTPResponse {
    let place = try queue.reserve()
    defer { withExtendedLifetime(place) {} }
    let form = try MultipartForm(try await request.body(), type: request.head["content-type"])
    guard form.names == ["image"], let bytes = form.bytes("image"), !bytes.isEmpty else {
      throw HTTPFault(400, "The form: expected the field image and no other, found \(form.names.count) fields.")
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

  /// - Throws: `HTTPFault` with the status 413 for a file whose header claims too many pixels.
  private func requireSize(_ claimed: (name: String, width: Int, height: Int)) throws {
    guard Double(claimed.width) * Double(claimed.height) <= Double(maxMegapixels) * 1e6 else {
      throw HTTPFault(
        413,
        "\(claimed.name): expected a picture of at most \(maxMegapixels) megapixels, found a header that claims "
          + "\(claimed.width)x\(claimed.height) pixels.")
    }
  }

  /// All models, and the run that is watched.
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

  /// One model, which is loaded for it.
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
      "classes": JSONValue(
        classes.classes.map { entry -> JSONValue in
          let color = [entry.color.red, entry.color.green, entry.color.blue]
          return ["name": JSONValue(entry.name), "color": JSONValue(color.map { JSONValue(Int($0)) })]
        }),
    ]
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
