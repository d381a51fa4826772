import InpaintingModels
import Tensors
import TestSupport

@testable import Support
@testable import Training

/// A run that takes a moment: a tiny DeepFill v2 on 32 x 32 built-in pictures.
struct SmallRun {
  static let json = """
    {
      "model": { "name": "deepfill_v2", "width": 4, "discriminator_width": 4 },
      "data": { "size": 32, "validation_count": 2, "workers": 1 },
      "holes": { "kind": "box" },
      "optimizers": { "generator": { "schedule": { "name": "cosine", "steps": 50, "warm_up_steps": 3 } } },
      "training": {
        "batch_size": 2, "steps": 8, "average_decay": 0.9, "checkpoint_every": 2, "sample_every": 4,
        "validate_every": 4, "keep_checkpoints": 100
      }
    }
    """

  let configuration: TrainingConfiguration

  init(_ changes: String...) throws { try self.init(changes) }

  init(_ changes: [String]) throws {
    var json = try JSONValue(
      parsing: Array(Self.json.utf8), as: .configuration, source: "small.json", kind: .configuration)
    for change in changes { try JSONOverride(parsing: change).apply(to: &json) }
    configuration = try TrainingConfiguration(json, source: "small.json")
  }

  /// Trains in a folder, quietly.
  @discardableResult
  func train(
    in folder: String, resume: ResumeRequest? = nil, initialWeights: LoadedModel? = nil,
    interruption: Interruption = Interruption()
  ) throws -> TrainingRun.Outcome {
    try TrainingRun(
      configuration, directory: RunDirectory(folder), resume: resume, initialWeights: initialWeights,
      interruption: interruption, console: .silent
    ).run()
  }

  /// The bytes of a checkpoint.
  static func checkpoint(_ folder: String, step: Int) throws -> [UInt8] {
    try FileReader.read(folder + "/checkpoints/" + CheckpointStore.name(step: step) + ".safetensors")
  }
}

/// The failure that a body ends with, nil if it succeeds.
func failure(of body: () throws -> Void) -> Failure? {
  do {
    try body()
    return nil
  } catch {
    return error as? Failure
  }
}
