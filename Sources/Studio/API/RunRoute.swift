import Support

/// `GET /api/v1/runs/…`: what runs have written, while they train and after.
struct RunRoute: Sendable {
  let catalog: RunCatalog
  let metrics: RunMetrics

  func list() -> HTTPResponse {
    HTTPResponse(json: ["runs": JSONValue(catalog.runs.map(Self.json))])
  }

  func run(_ name: String) throws -> HTTPResponse { HTTPResponse(json: Self.json(try catalog.run(name))) }

  /// The curves of a run: `{"curves": [{"name": "generator", "steps": […], "values": […]}]}`.
  func curves(_ name: String) throws -> HTTPResponse {
    let curves = try metrics.curves(of: try catalog.run(name).metrics)
    return HTTPResponse(json: [
      "curves": JSONValue(
        curves.map { curve -> JSONValue in
          [
            "name": JSONValue(curve.name), "steps": JSONValue(curve.points.map { JSONValue($0.step) }),
            "values": JSONValue(curve.points.map { JSONValue($0.value) }),
          ]
        })
    ])
  }

  /// A sheet of samples, a PNG file.
  func sample(_ name: String, step: String) throws -> HTTPResponse {
    let run = try catalog.run(name)
    guard let step = Int(step), run.samples.contains(step) else {
      throw HTTPFault(404, "The sample sheet: expected a step of the run's list, found another one.")
    }
    return HTTPResponse(
      type: "image/png", try FileReader.read(run.sample(step: step), limit: 256 << 20),
      fields: [HTTPField("Cache-Control", "private, max-age=3600")])
  }

  static func json(_ run: Run) -> JSONValue {
    [
      "name": JSONValue(run.name), "checkpoints": JSONValue(run.checkpoints.map { JSONValue($0) }),
      "best": run.best.map { JSONValue($0) } ?? nil, "samples": JSONValue(run.samples.map { JSONValue($0) }),
      "metrics_size": JSONValue(run.metricsSize),
    ]
  }
}
