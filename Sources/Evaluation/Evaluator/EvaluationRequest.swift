import Foundation
package import Imaging
import InpaintingData
package import NeuralNetworks
import Support

/// A request for an evaluation, checked before anything is computed.
package struct EvaluationRequest {
  /// The pictures that are filled and measured.
  package let pictures: EvaluationPictures
  /// The networks of LPIPS and FID.
  package let networks: MetricNetworks
  /// The classes of label maps; nil if no labels are measured.
  package let labelClasses: LabelClasses?
  /// Files to write, if any.
  package let jsonPath: String?
  package let htmlPath: String?
  /// An older report to compare with, already read.
  package let against: (path: String, report: EvaluationReport)?

  /// - Parameters:
  ///   - data, holes, limit, seed: As `EvaluationPictures.init`.
  ///   - sketch: As `EvaluationSketches.init`; nil for none.
  ///   - labels: As `EvaluationLabels.init`; nil for none.
  ///   - classes: The classes of label maps; nil if the model predicts none, so that only those of built-in pictures
  ///     are known.
  ///   - size: The side of the square in pixels; nil for `modelSize`.
  ///   - modelSize: The side that the model was trained with.
  ///   - sizeMultiple: The number that sizes must be a multiple of for the model.
  ///   - json, html: The paths of reports to write.
  ///   - against: The JSON report to compare with.
  ///   - lpipsWeights, lpipsNet, inceptionWeights: As `MetricNetworks.init`.
  /// - Throws: `Failure` of kind `usage` if a number is out of range, `data` if the older report was made under other
  ///   conditions as far as they are known now, or there are too few pictures for a FID, `inputOutput` if a report
  ///   cannot be written to its path; whatever reading the older report, `EvaluationPictures.init` and
  ///   `MetricNetworks.init` throw.
  package init(
    data: String, holes: String = "generated", sketch: String? = nil, labels: String? = nil,
    classes: LabelClasses? = nil, size: Int? = nil, modelSize: Int, sizeMultiple: Int, limit: Int? = nil,
    seed: Int = 0, json: String? = nil, html: String? = nil, against: String? = nil, lpipsWeights: [String] = [],
    lpipsNet: PerceptualNetwork? = nil, inceptionWeights: String? = nil
  ) throws {
    let side = size ?? modelSize
    try Setting.size.require(side, in: 16...4096)
    guard side % sizeMultiple == 0 else {
      throw Failure(
        .usage, sentence: "\(setting: .size): expected a multiple of \(sizeMultiple) for this model, found \(side).")
    }
    // The classes of built-in pictures are known.
    let scenes = labels == "generated" ? ProceduralScene.Kind(rawValue: data)?.classes : nil
    let known = labels == nil ? nil : classes ?? scenes
    if let labels, known == nil {
      throw Failure(
        .usage,
        sentence: """
          \(setting: .labels, labels): expected weights that predict labels, found weights that predict none; leave it out, \
          or name other weights.
          """)
    }
    if let limit { try Setting.limit.require(limit, in: 1...10_000_000) }
    try Setting.seed.require(seed, in: 0 ... .max)
    labelClasses = known
    for path in [json, html].compactMap({ $0 }) { try Self.checkWritable(path) }
    pictures = try EvaluationPictures(
      data: data, holes: holes, sketches: try sketch.map { try EvaluationSketches($0) },
      labels: try labels.flatMap { path in try known.map { try EvaluationLabels(path, classes: $0) } },
      size: side,
      limit: limit, seed: UInt64(seed))
    self.against = try against.map { ($0, try EvaluationReport(path: $0)) }
    if let older = self.against {
      try older.report.conditions.requireSameRule(as: pictures.rule, path: older.path)
    }
    networks = try MetricNetworks(
      lpipsWeights: lpipsWeights, lpipsNet: lpipsNet, inceptionWeights: inceptionWeights)
    try networks.require(side: side)
    try networks.require(pictureCount: pictures.count)
    jsonPath = json
    htmlPath = html
  }

  /// A description of the sketches, to follow a guided network's name; nil without any.
  package var sketchDescription: String? { pictures.sketches?.description }

  /// Checks that a file can be created, before the evaluation and not after it.
  private static func checkWritable(_ path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    guard Path.isFolder(folder.isEmpty ? "." : folder) else {
      throw Failure(
        .inputOutput, "\(path): expected a folder \(folder) to write the report into, found none; make it first.")
    }
    if Path.isFolder(path) {
      throw Failure(.inputOutput, "\(path): expected the path of a file to write the report to, found a folder.")
    }
  }
}

/// The parameters that messages mention.
extension Setting {
  static let data = Setting("data")
  static let holes = Setting("holes")
  static let labels = Setting("labels")
  static let size = Setting("size")
  static let limit = Setting("limit")
  static let seed = Setting("seed")
  static let json = Setting("json")
}

extension EvaluationRequest {
  /// Measures, prints the report, writes the requested files, and compares with the older report.
  ///
  /// If the reports cannot be compared, the failure is thrown last, after printing and writing.
  ///
  /// - Parameters:
  ///   - labeling: The model's label predictions; measured if the request asks for labels.
  ///   - fill: Fills an example with the model.
  ///   - onProgress: Called with the number of pictures that are done.
  ///   - onNotice: Called with a sentence for each picture that is skipped, and with remarks on files.
  ///   - onMeasured: Called when the last picture is done, before anything is printed.
  ///   - output: Called with text for standard output, without its last newline.
  /// - Throws: As `Evaluator.report`; `Failure` of kind `inputOutput` if a file cannot be written, `data` if the older
  ///   report was made under other conditions.
  package func run(
    weights: WeightsIdentity, labeling: LabelPrediction? = nil, fill: @escaping Evaluator.Fill,
    onProgress: (_ done: Int) -> Void,
    onNotice: (String) -> Void, onMeasured: () -> Void, output: (String) -> Void
  ) throws {
    let evaluator = Evaluator(
      pictures: pictures, networks: networks, labeling: pictures.labels == nil ? nil : labeling, fill: fill)
    let report = try evaluator.report(weights: weights, onProgress: onProgress, onNotice: onNotice)
    onMeasured()
    output(report.text)
    let comparison = Result { try against.map { try ReportComparison(of: report, with: $0.report, path: $0.path) } }
    if let comparison = try? comparison.get() { output("\n" + comparison.text) }
    if let jsonPath { try FileWriter.writeAtomically(report.json, to: jsonPath) }
    if let htmlPath {
      let page = EvaluationPage(report, comparison: try? comparison.get(), examples: try evaluator.examples(of: report))
      try FileWriter.writeAtomically(page.html(), to: htmlPath)
    }
    _ = try comparison.get()
  }
}
