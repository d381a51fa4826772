import Evaluation
import Foundation
import InpaintingModels
import Kernels
import NeuralNetworks
import Support

/// A comparison of attention mechanisms under equal conditions.
///
/// For each kind, the cost of the layer is measured in isolation, and one generator is trained with that layer for the
/// same number of steps on the same pictures.
package struct AttentionComparison {
  /// The results for one variant.
  struct Finding {
    let variant: AttentionVariant
    /// The cost of the attention layer; nil for the variant without attention.
    let cost: AttentionCost?
    let training: AttentionTraining
    /// The attention maps; nil if the attention has none, or if there are no validation pictures.
    let look: AttentionLook?
  }

  private let json: JSONValue
  private let source: String
  private let folder: String
  private let variants: [AttentionVariant]
  private let measuredCalls: Int

  /// - Parameters:
  ///   - json: The configuration of the generator and its training, as read from its file.
  ///   - source: The path of the configuration's file.
  ///   - folder: The folder for run directories and the report.
  ///   - kinds: The names of the kinds of attention to compare, or `none`; empty for all.
  ///   - calls: The number of measured calls for each cost.
  /// - Throws: `Failure` of the kind `configuration` if the model does not support one of the kinds, and of the kind `usage`
  ///   if a kind is unknown or needs labels.
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

  /// Trains and measures all variants, and writes `comparison.html` and `comparison.md` into the folder.
  ///
  /// - Parameter data: The pictures on which predictions are evaluated, as for `EvaluationPictures.init`.
  /// - Returns: The lines of the table; nil if the comparison was interrupted.
  /// - Throws: `Failure` for whatever training or evaluation would refuse, or if a file cannot be written.
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
      // Training has already shown the notices about pictures that are left out.
      let validation = try TrainingData(
        configuration.data, holes: configuration.holes, conditions: configuration.model.conditions,
        seed: configuration.training.seed, onNotice: { _ in }
      ).validation { console.warn($0) }
      findings.append(
        Finding(
          variant: variant, cost: nil, training: training,
          look: validation?.pictures.first.flatMap { AttentionLook(of: training.model, $0) }))
    }
    // Costs are measured after all training and in a row, so that the machine is equally warm for all kinds.
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

/// A variant of the generator: with one attention layer at the default site of its kind, or without attention.
struct AttentionVariant {
  /// The name of the kind of attention in configurations; nil for no attention.
  let kind: String?

  /// The variant without attention, followed by one for every kind that needs no labels.
  static let all =
    [AttentionVariant(kind: nil)] + AttentionRegistry.namesWithoutLabels.map { AttentionVariant(kind: $0) }

  var name: String { kind ?? "none" }

  /// The name of the site of the attention in configurations (a part of the network); empty for no attention.
  var place: String { get throws { try kind.map { try AttentionRegistry.defaultPart(of: $0).rawValue } ?? "" } }

  /// The configuration `json` with its attention replaced by that of this variant.
  ///
  /// - Throws: `Failure` of the kind `configuration` if the model does not support it.
  func configuration(_ json: JSONValue, source: String) throws -> TrainingConfiguration {
    var json = json
    var entries: [JSONValue] = []
    if let kind { entries = [["at": JSONValue(try place), "kind": JSONValue(kind)]] }
    try JSONOverride(label: "the attention compared", path: "model.attention", value: JSONValue(entries))
      .apply(to: &json)
    return try TrainingConfiguration(json, source: source)
  }
}
