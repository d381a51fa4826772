import Imaging
import InpaintingData
import InpaintingModels
import Support
import Tensors

/// A run over files: reads pictures and holes, fills them, writes the results, and reports progress.
package struct InpaintingRun {
  private let request: InpaintingRequest
  private let list: TaskList
  private let writer: ResultWriter
  private let console: Console

  /// Checks everything that can be checked before a network is loaded.
  ///
  /// - Throws: `Failure` of the kind `usage`, `missingInput`, `data` or `inputOutput`; `exists` if the one output
  ///   exists.
  package init(_ request: InpaintingRequest, console: Console = .standardError) throws {
    try request.check()
    self.request = request
    self.console = console
    list = try TaskList(request)
    writer = ResultWriter(quality: request.quality, overwrites: request.overwrites)
    if !list.isFolder { try writer.refuseExisting(list.tasks.map(\.output.path)) }
  }

  /// Fills every picture with a network.
  ///
  /// - Parameters:
  ///   - model: The network with its weights.
  ///   - trainedSize: The side of the pictures that it was trained with.
  /// - Throws: As `run(by:)`.
  package func run(model: any InpaintingModel, trainedSize: Int) throws -> InpaintingSummary {
    if let sketch = request.sketch, !model.conditions.contains(.edges) {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .sketch, sketch): expected a network that was trained with edges (`model.guidance`), found one without; \
          leave it out, or name other weights.
          """)
    }
    if let labels = request.labels, model.requestedClasses == nil {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .labels, labels): expected a network that fills by labels (`coherence_priors` with classes, or \
          `semantic_guidance` with a second stage), found one that does not; leave it out, or name other weights.
          """)
    }
    let filler = PictureFiller(model: model, trainedSize: trainedSize)
    return try run(classes: model.requestedClasses) { try result(of: $0, filler: filler) }
  }

  /// Fills every picture without a network.
  ///
  /// - Throws: `Failure`: for one picture that of the picture; for a folder `inputOutput` if results cannot be written.
  package func run(by method: ClassicalFill) throws -> InpaintingSummary {
    try run { [seed = request.seed ?? 0] loaded in
      let example = loaded.handover.take()
      return example.hole.isEmpty
        ? .unchanged(example.picture) : .filled(try method.filled(consume example, seed: seed))
    }
  }

  /// Fills every picture. In a folder, those that cannot be used are skipped with a warning each.
  ///
  /// - Parameter classes: The classes of label maps.
  private func run(
    classes: LabelClasses? = nil, _ fill: (LoadedTask) throws -> TaskResult
  ) throws -> InpaintingSummary {
    let tasks = list.tasks.filter { request.overwrites || !Path.existsUnfollowed($0.output.path) }
    let tally = Tally(
      total: tasks.count + list.problems.count, existing: list.tasks.count - tasks.count, isFolder: list.isFolder,
      console: console)
    defer { tally.finish() }
    for remark in list.remarks { console.warn(remark) }
    for problem in list.problems { tally.skip(problem.name, problem.reason) }
    for folder in try preparedFolders(of: tasks) { try FileWriter.sweepTemporaries(in: folder) }
    try Pipeline.run(
      named: "inpainting", count: tasks.count, workers: 1, capacity: 2,
      prepare: { [request] number in
        Result {
          try LoadedTask(
            tasks[number], convention: request.convention, maxMegapixels: request.maxMegapixels,
            quality: request.quality, classes: classes)
        }
      },
      compute: { number, loaded in
        try tally.throwFatal()
        return tally.attempt(tasks[number], skippingAt: Tally.inputFaults) { () -> (LoadedTask, TaskResult) in
          let loaded = try loaded.get()
          for remark in loaded.remarks { console.warn(remark) }
          do {
            return (loaded, try fill(loaded))
          } catch let failure as Failure {
            throw failure.at(loaded.task.name)
          }
        }
      },
      finish: { [writer] loaded, result in
        tally.attempt(loaded.task, skippingAt: Tally.outputFaults) {
          try writer.write(result, of: loaded)
          tally.finished(loaded.task, Self.description(of: result, loaded))
        }
      })
    try tally.throwFatal()
    return tally.summary
  }

  /// Creates the folders of the results.
  private func preparedFolders(of tasks: [InpaintingTask]) throws -> [String] {
    var folders: [String] = []
    for folder in tasks.map(\.output.folder) where folders.last != folder {
      try FileWriter.createFolder(folder)
      folders.append(folder)
    }
    return folders
  }

  private func result(of loaded: LoadedTask, filler: PictureFiller) throws -> TaskResult {
    let example = loaded.handover.take()
    if loaded.task.output.contents == .tensors {
      let tensors = try filler.tensors(of: example)
      let shown =
        request.parts.isEmpty ? nil : try filler.fill(example, strategy: .whole, showing: request.parts)
      return .tensors(tensors, shown)
    }
    if example.hole.isEmpty { return .unchanged(example.picture) }
    let filled = try filler.fill(
      consume example, strategy: request.strategy, pasting: request.pasting ?? .plain,
      detail: request.detail ?? 0, showing: request.parts)
    if request.parts.contains(.attention), filled.attention == nil {
      console.warn("\(loaded.task.name): the model has no attention that could be shown")
    }
    if request.parts.contains(.labels), filled.labels == nil {
      console.warn("\(loaded.task.name): the model predicts no labels that could be shown")
    }
    return .filled(filled)
  }

  /// The outcome for a picture, in a few words.
  static func description(of result: TaskResult, _ loaded: LoadedTask) -> String {
    switch result {
    case .unchanged: return "the hole is empty, the picture was copied" + (loaded.fault.map { ": \($0)" } ?? "")
    case .tensors(let tensors, _): return tensors.map { "\($0.name) \($0.value.shape)" }.joined(separator: ", ")
    case .filled(let filled):
      let permille = loaded.missingPermille
      let amount = permille == 0 ? "less than 0.1" : "\(permille / 10).\(permille % 10)"
      let places = filled.regionCount == 1 ? "" : " in \(filled.regionCount) regions"
      let guide = loaded.conditionDescription.map { ", \($0)" } ?? ""
      return "filled \(amount) % of \(filled.picture.width)x\(filled.picture.height) pixels\(places)\(guide)"
    }
  }
}

/// The numbers of pictures by outcome.
package struct InpaintingSummary: Equatable, Sendable {
  /// Pictures that were filled or copied.
  package internal(set) var done = 0
  /// Pictures that could not be used.
  package internal(set) var skipped = 0
  /// Pictures that were left out because their results exist.
  package internal(set) var existing = 0
  /// The outcome for the one picture that was named; nil for a folder.
  package internal(set) var outcome: String?

  /// True if every picture has its result.
  package var isComplete: Bool { skipped == 0 }

  package var line: Sentence {
    if let outcome { return Sentence(outcome) }
    let counts = "\(done) done, \(skipped + existing) skipped"
    if existing == 0 { return Sentence(counts) }
    return
      "\(counts) (\(existing) because the output exists; \(setting: .overwrites, "true") replaces such files)"
  }
}
