import InpaintingData
package import InpaintingModels
import Kernels
import NeuralNetworks
import Support
import Tensors

/// A dry run: builds the model, checks data and initial weights, and estimates memory and time, without training.
package struct DryRun {
  /// The findings, as lines to print.
  package let lines: [String]

  /// - Parameter console: Prints warnings about files that are left out.
  /// - Throws: `Failure`, as a run with this configuration would before its first step.
  package init(
    _ configuration: TrainingConfiguration, directory: RunDirectory, initialWeights: LoadedModel? = nil,
    console: Console = .standardError
  ) throws {
    configuration.training.applyToProcess()
    try configuration.requireWantedConditions()
    let model = configuration.model.makeModel(seed: configuration.training.seed)
    try model.prepareForTraining()
    try model.loadAttentionWeights()
    var lines = ["model: \(configuration.modelName)"]
    for network in model.networks {
      lines.append("  \(network.name): \(network.module.parameterCount.grouped) parameters")
      lines += Self.parts(of: network.module)
    }
    lines += Self.insertions(in: model, pictureSize: configuration.data.size)
    if let initialWeights {
      try initialWeights.checkAgreement(with: configuration)
      lines.append("initial weights: \(initialWeights.path), \(initialWeights.description)")
    }
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions,
      seed: configuration.training.seed
    ) { console.warn($0) }
    lines.append("data: \(data.summary)")
    lines += try Self.check(data.pictures, "training")
    if let pictures = data.validationPictures { lines += try Self.check(pictures, "validation") }
    lines += data.conditionLines.map { "  \($0)" }
    for survey in data.holeSurveys { lines += ["holes: \(survey.summary)"] + survey.shares.map { "  \($0)" } }
    let estimate = try MemoryEstimate(configuration)
    lines.append(
      "memory: about \(estimate.bytes.inMemoryUnits) for batches of \(configuration.training.batchSize)"
        + (Memory.available.map { ", of \($0.inMemoryUnits) available" } ?? ""))
    if Memory.available.map({ estimate.bytes < $0 }) ?? true {
      lines.append("time: \(try StepTime(configuration, data: data).summary)")
    } else {
      lines.append("time: not measured, for want of memory")
    }
    lines.append("threads: \(Threads.count), OpenBLAS \(CheckpointFields.currentBLAS)")
    lines.append("run directory: \(directory.path), \(configuration.training.steps.grouped) steps")
    if configuration.phases.count > 1 { lines += configuration.phases.map(Self.description) }
    self.lines = lines
  }

  /// A line for a phase: its steps, and the networks it trains with their base learning rates.
  private static func description(of phase: RunPhase) -> String {
    let networks = phase.optimizers.map { "\($0.network) at a learning rate of \($0.schedule.base)" }
    return "  \(phase.name): \(phase.steps.count.grouped) steps, \(networks.joined(separator: ", "))"
  }

  /// A line for each attention layer inserted into the generator: its parameters and its multiply-adds for a picture.
  private static func insertions(in model: any InpaintingModel, pictureSize: Int) -> [String] {
    model.insertions.map { insertion in
      let cost = insertion.multiplyAdds(pictureSize: pictureSize)
      return "attention: \(insertion.kind) \(insertion.site.description): "
        + "\(insertion.parameterCount.grouped) parameters, \((Double(cost) / 1e6).decimals(1)) million multiply-adds a picture"
        + (insertion.weights.map { ", weights of \($0.path)" } ?? "")
    }
  }

  /// A line for each layer of a network: its name, its number of parameters and their shapes.
  private static func parts(of module: any Module) -> [String] {
    var counts: [(name: String, shapes: [String], count: Int)] = []
    for entry in module.namedParameters {
      let path = entry.name.split(separator: ".")
      let layer = path.dropLast().joined(separator: ".")
      let shape = entry.parameter.shape.map(String.init).joined(separator: "x")
      if counts.last?.name == layer {
        counts[counts.count - 1].shapes.append(shape)
        counts[counts.count - 1].count += entry.parameter.shape.elementCount
      } else {
        counts.append((layer, [shape], entry.parameter.shape.elementCount))
      }
    }
    let nameWidth = counts.map(\.name.count).max() ?? 0
    let countWidth = counts.map(\.count.grouped.count).max() ?? 0
    return counts.map { part in
      let name = part.name + String(repeating: " ", count: nameWidth - part.name.count)
      let count = String(repeating: " ", count: countWidth - part.count.grouped.count) + part.count.grouped
      return "    \(name)  \(count)  \(part.shapes.joined(separator: ", "))"
    }
  }

  /// Reads the headers of the pictures, of the first thousand at most.
  private static func check(_ pictures: PictureCollection, _ name: String) throws -> [String] {
    guard let count = pictures.count else { return [] }
    let checked = min(count, 1000)
    var problems: [String] = []
    for index in 0..<checked {
      do { _ = try pictures.header(at: index) } catch let failure as Failure { problems.append(failure.message) }
    }
    let found =
      "  \(name): \(checked - problems.count) of \(checked) headers read\(checked < count ? " (of \(count) pictures)" : "")"
    let shown = problems.prefix(10).map { "    cannot be used: \($0)" }
    return [found] + shown + (problems.count > 10 ? ["    and \(problems.count - 10) more"] : [])
  }
}
