import Imaging
import InpaintingData
import InpaintingModels
import Support
import Training

/// The current contents of a run directory.
struct Run: Equatable, Sendable {
  /// The name of its folder.
  let name: String
  let path: String
  /// The steps of the checkpoints that are kept, in ascending order.
  let checkpoints: [Int]
  /// The step of the best checkpoint; nil if none is marked.
  let best: Int?
  /// The steps of the sample sheets, in ascending order.
  let samples: [Int]
  /// The length of `metrics.jsonl` in bytes.
  let metricsSize: Int

  /// - Returns: Nil if the folder is not a run directory.
  init?(path: String, name: String? = nil) {
    let directory = RunDirectory(path)
    func steps(_ folder: String, _ step: (String) -> Int?) -> [Int] {
      ((try? FileReader.names(in: folder)) ?? []).compactMap(step).sorted()
    }
    let checkpoints = steps(directory.checkpoints) { CheckpointStore.step(ofName: $0) }
    samples = steps(directory.samples) { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".png") else { return nil }
      let digits = name.dropFirst(5).dropLast(4)
      return digits.utf8.allSatisfy { (48...57).contains($0) } ? Int(digits) : nil
    }
    metricsSize = FileReader.size(of: directory.metrics)
    guard !checkpoints.isEmpty || Path.exists(directory.configuration) else { return nil }
    self.checkpoints = checkpoints
    self.path = path
    self.name = name ?? path.split(separator: "/").last.map(String.init) ?? path
    let pointer = CheckpointPointer.target(of: directory.checkpoints + "/" + CheckpointPointer.best.rawValue)
    let target = Path.linkTarget(at: pointer) ?? pointer
    let marked = target.split(separator: "/").last.flatMap { CheckpointStore.step(ofName: String($0)) }
    best = marked.flatMap { checkpoints.contains($0) ? $0 : nil }
  }

  func checkpoint(step: Int) -> String {
    RunDirectory(path).checkpoints + "/" + CheckpointStore.name(step: step) + ".safetensors"
  }

  func sample(step: Int) -> String { RunDirectory(path).sample(step: step) }

  var metrics: String { RunDirectory(path).metrics }

  /// The names of the conditions that the run's model takes; nil if its configuration cannot be read.
  var conditions: [String]? {
    guard let json = try? JSONValue(configurationAt: RunDirectory(path).configuration),
      let configuration = try? TrainingConfiguration(json, source: path)
    else { return nil }
    return configuration.model.conditions.map(\.name)
  }
}

/// The runs in a folder, and the watched run.
struct RunCatalog: Sendable {
  /// The folder of runs; nil for none.
  let folder: String?
  /// The run that is watched; nil for none.
  let watched: String?

  /// Runs in the order of their names.
  var runs: [Run] {
    var runs =
      folder.map { folder in
        ((try? FileReader.names(in: folder)) ?? []).compactMap { Run(path: folder + "/" + $0, name: $0) }
      } ?? []
    if let watched, !runs.contains(where: { Path.resolved($0.path) == Path.resolved(watched) }),
      let run = Run(path: watched), !runs.contains(where: { $0.name == run.name })
    {
      runs.append(run)
    }
    return runs
  }

  /// The name of the run that is watched, among `runs`.
  var watchedName: String? {
    guard let watched else { return nil }
    return runs.first { Path.resolved($0.path) == Path.resolved(watched) }?.name
  }

  /// - Throws: `HTTPError` with the status 404 if there is no run of that name.
  func run(_ name: String) throws -> Run {
    guard let run = runs.first(where: { $0.name.hasSameBytes(as: name) }) else {
      throw HTTPError(404, "The run: expected one of the list at /api/v1/runs, found another name.")
    }
    return run
  }
}
