import Support
import TestSupport
import Testing

@testable import Studio

struct RunTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileWriter.createFolder(folder.file("a run/checkpoints"))
    try FileWriter.createFolder(folder.file("a run/samples"))
    try FileWriter.createFolder(folder.file("no run"))
    for name in ["step-00000010.safetensors", "step-00000020.safetensors", "step-x.safetensors", "other"] {
      try FileWriter.writeAtomically(name, to: folder.file("a run/checkpoints/" + name))
    }
    try FileWriter.replaceLink(at: folder.file("a run/checkpoints/best"), destination: "step-00000010.safetensors")
    try FileWriter.writeAtomically("sheet", to: folder.file("a run/samples/step-00000020.png"))
    try FileWriter.writeAtomically(
      "{\"step\":1,\"loss\":4}\n{\"step\":2,\"loss\":2,\"validation/psnr\":20}\nbroken\n{\"step\":3,\"lo",
      to: folder.file("a run/metrics.jsonl"))
  }

  @Test func `a folder's runs with their checkpoints and sheets`() throws {
    let catalog = RunCatalog(folder: folder.path, watched: folder.file("a run"))
    let run = try #require(catalog.runs.first)
    #expect(catalog.runs.count == 1 && catalog.watchedName == "a run")
    #expect(run.checkpoints == [10, 20] && run.best == 10 && run.samples == [20])
    let models = ModelCatalog(weights: [], runs: catalog).entries
    #expect(
      models.map(\.id) == [
        "runs/a run/latest", "runs/a run/best", "runs/a run/step-20", "runs/a run/step-10", "methods/patches",
        "methods/telea", "methods/harmonic",
      ])
    #expect(models[0].source == .weights(path: folder.file("a run/checkpoints/step-00000020.safetensors")))
    #expect(throws: HTTPError.self) { _ = try catalog.run("../a run") }
  }

  @Test func `a run that is watched may lie elsewhere`() throws {
    let catalog = RunCatalog(folder: nil, watched: folder.file("a run"))
    #expect(catalog.runs.map(\.name) == ["a run"] && catalog.watchedName == "a run")
  }

  @Test func `curves are read on as they grow, and begin anew with another log`() throws {
    let metrics = RunMetrics()
    let path = folder.file("a run/metrics.jsonl")
    func values(_ name: String) throws -> [Double]? {
      try metrics.curves(of: path).first { $0.name == name }?.points.map(\.value)
    }
    #expect(try values("loss") == [4, 2] && (try values("validation/psnr")) == [20])
    try FileWriter.writeAtomically(
      try folder.text(of: "a run/metrics.jsonl") + "ss\":1}\n{\"step\":2,\"loss\":9}\n", to: path)
    #expect(try values("loss") == [4, 9])
    try FileWriter.writeAtomically("{\"step\":7,\"loss\":5}\n", to: path)
    #expect(try values("loss") == [5])
    #expect(try metrics.curves(of: folder.file("none")).isEmpty)
  }

  @Test func `long curves become means of neighbors`() {
    let points = (0..<1000).map { RunMetrics.Point(step: $0, value: Double($0 % 2)) }
    let thinned = RunMetrics.thinned(points, to: 100)
    #expect(thinned.count == 100 && thinned.allSatisfy { $0.value == 0.5 } && thinned.last?.step == 999)
  }

  @Test func `what runs have written comes through the server`() async throws {
    let studio = try StudioFixture(change: { $0.runs = folder.path })
    #expect(try await studio.get("/api/v1/runs/a%20run")?.json?["samples"] == [20])
    #expect(try await studio.get("/api/v1/runs/a%20run/samples/20")?.body == Array("sheet".utf8))
    #expect(try await studio.get("/api/v1/runs/a%20run/samples/10")?.status == 404)
    let curves = try await studio.get("/api/v1/runs/a%20run/metrics")?.json
    let expected: [JSONValue] = [
      JSONValue([("name", "loss"), ("steps", [1, 2]), ("values", [4, 2])]),
      JSONValue([("name", "validation/psnr"), ("steps", [2]), ("values", [20])]),
    ]
    #expect(curves?["curves"] == JSONValue(expected))
    #expect(try await studio.get("/api/v1/runs/no%20run")?.status == 404)
  }
}
