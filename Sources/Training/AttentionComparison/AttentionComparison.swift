import Evaluation
import Foundation
import InpaintingModels
import Kernels
import NeuralNetworks
import Support

/// Compares all kinds of attention on equal terms: what each costs by itself, and what the same small generator learns
/// with each in the same number of steps from the same pictures.
package struct AttentionComparison {
  /// The findings about one of them.
  struct Finding {
    let variant: AttentionVariant
    /// nil without attention.
    let cost: AttentionCost?
    let training: AttentionTraining
    /// nil if there is no map.
    let look: AttentionLook?
  }

  private let json: JSONValue
  private let source: String
  private let folder: String
  private let variants: [AttentionVariant]
  private let measuredCalls: Int

  /// - Parameters:
  ///   - json: The configuration of the generator and its training, as its file has it.
  ///   - source: The file's path.
  ///   - folder: The folder of the runs and the page.
  ///   - kinds: The attentions to compare; empty for all.
  ///   - calls: The number of times that each cost is measured.
  /// - Throws: `Failure` of the kind `configuration` if the model cannot have one of them, `usage` for an unknown name.
  package init(_ json: JSONValue, source: String, folder: String, kinds: [String] = [], calls: Int = 10) throws {
    self.json = json
    self.source = source
    self.folder = folder
    measuredCalls = calls
    for kind in kinds where kind != "none" {
      _ = try AttentionRegistry.defaultPart(of: kind)
      guard AttentionRegistry.namesWithoutLabels.contains(kind) else {
        throw Failure(
          .usage,
          "the attention: expected one without labels, \(AttentionRegistry.namesWithoutLabels.joined(separator: ", ")), found "
            + "\(kind).")
      }
    }
    variants = AttentionVariant.all.filter { kinds.isEmpty || kinds.contains($0.name) }
    for variant in variants { _ = try variant.configuration(json, source: source) }
  }

  /// Trains and measures everything, and writes `comparison.html` and `comparison.md` into the folder.
  ///
  /// - Parameter data: The pictures that fillings are measured on: as `EvaluationPictures.init`.
  /// - Returns: The table, a line each; nil if it was interrupted.
  /// - Throws: `Failure`.
  package func run(
    data: String, interruption: Interruption = Interruption(), console: Console = .standardError
  ) throws -> [String]? {
    let base = try AttentionVariant(kind: nil).configuration(json, source: source)
    base.training.applyToProcess()
    let pictures = try EvaluationPictures(
      data: data, holes: "generated", size: base.data.size, limit: nil, seed: base.training.seed)
    try FileWriter.createFolder(folder)
    var findings: [Finding] = []
    for variant in variants {
      console.write(line: "attention  \(variant.name)")
      let configuration = try variant.configuration(json, source: source)
      guard
        let training = try AttentionTraining(
          configuration, in: RunDirectory(folder + "/" + variant.name), pictures: pictures,
          interruption: interruption, console: console)
      else { return nil }
      // The training has said what is left out.
      let validation = try TrainingData(
        configuration.data, holes: configuration.holes, conditions: configuration.model.conditions,
        seed: configuration.training.seed, onNotice: { _ in }
      ).validation { console.warn($0) }
      findings.append(
        Finding(
          variant: variant, cost: nil, training: training,
          look: validation?.pictures.first.flatMap { AttentionLook(of: training.model, $0) }))
    }
    // Last and in a row, so that training does not warm the machine for some and not for others.
    findings = try findings.map { finding in
      let cost = try finding.variant.kind.map { try AttentionCost(of: $0, calls: measuredCalls) }
      return Finding(variant: finding.variant, cost: cost, training: finding.training, look: finding.look)
    }
    let page = AttentionComparisonPage(
      findings, configuration: base, name: ConfigurationFile.runName(ofPath: source), data: data, machine: Machine(),
      threads: Threads.count, date: Date())
    try FileWriter.writeAtomically(page.html(), to: folder + "/comparison.html")
    try FileWriter.writeAtomically(page.markdown + "\n", to: folder + "/comparison.md")
    return page.lines
  }
}

/// One of the generators that are compared: with one attention at its usual place, or with none.
struct AttentionVariant {
  /// The attention's name in configurations; nil for none.
  let kind: String?

  /// No attention, then every kind that needs no labels.
  static let all =
    [AttentionVariant(kind: nil)] + AttentionRegistry.namesWithoutLabels.map { AttentionVariant(kind: $0) }

  var name: String { kind ?? "none" }

  /// The attention's part of the network, as configurations name it; empty for none.
  var place: String { get throws { try kind.map { try AttentionRegistry.defaultPart(of: $0).rawValue } ?? "" } }

  /// The configuration with this attention in place of its own.
  ///
  /// - Throws: `Failure` of the kind `configuration` if the model cannot have it.
  func configuration(_ json: JSONValue, source: String) throws -> TrainingConfiguration {
    var json = json
    var entries: [JSONValue] = []
    if let kind { entries = [["at": JSONValue(try place), "kind": JSONValue(kind)]] }
    try JSONOverride(label: "the attention compared", path: "model.attention", value: JSONValue(entries))
      .apply(to: &json)
    return try TrainingConfiguration(json, source: source)
  }
}
