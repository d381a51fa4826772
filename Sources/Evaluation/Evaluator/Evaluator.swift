import Imaging
package import InpaintingData
import Kernels
import Support
package import Tensors

/// An evaluation: fills pictures with a model and with the baselines, and measures the results.
///
/// While the model fills one picture with all threads, the next ones are read and filled by the baselines, and the last
/// ones are measured. Results do not depend on the number of threads.
package struct Evaluator {
  /// Fills the hole of one example, and returns the completed picture, [1, height, width, 3] in −1...1, with known
  /// pixels unchanged.
  package typealias Fill = (_ example: Example) throws -> Tensor

  private let pictures: EvaluationPictures
  private let fill: Fill
  private let networks: MetricNetworks
  private let labeling: LabelPrediction?

  /// - Parameters:
  ///   - networks: The networks of LPIPS and FID.
  ///   - labeling: The model's label predictions; nil if none are measured. Called like `fill`.
  ///   - fill: Called on the thread that calls `report`, for one picture after another.
  package init(
    pictures: EvaluationPictures, networks: MetricNetworks = .none, labeling: LabelPrediction? = nil,
    fill: @escaping Fill
  ) {
    self.pictures = pictures
    self.labeling = labeling
    self.networks = networks
    self.fill = fill
  }

  /// Measures every picture. Those that cannot be read are skipped, and listed in the report.
  ///
  /// - Parameters:
  ///   - onProgress: Called with the number of pictures that are done.
  ///   - onNotice: Called with a sentence for each picture that is skipped, and with remarks on files.
  /// - Throws: `Failure` of kind `data` if no picture can be read, or a prediction is not finite; whatever `fill`
  ///   throws.
  package func report(
    weights: WeightsIdentity, onProgress: (_ done: Int) -> Void, onNotice: (String) -> Void
  ) throws -> EvaluationReport {
    let pictures = pictures
    let measurement = NetworkMeasurement(networks)
    let keepsFilledPictures = measurement.isNeeded
    var labels = labeling.map { LabelMeasurement($0) }
    pictures.remarks.forEach(onNotice)
    if networks.inception != nil { FrechetDistance.warning(pictureCount: pictures.count).map(onNotice) }
    var remarkCount = 0
    var skipped: [SkippedPicture] = []
    var fileTypes = FileTypeTally()
    var (holeHash, pictureHash) = (SHA256(), SHA256())
    let records = try Pipeline.run(
      named: "evaluation", count: pictures.count, workers: Threads.count, capacity: 2 * Threads.count,
      prepare: { number in
        Result {
          PreparedExample(
            try pictures.example(number), fileType: pictures.fileType(of: number),
            keepsFilledPictures: keepsFilledPictures)
        }
      },
      compute: { number, prepared -> FilledExample? in
        var computed: FilledExample?
        switch prepared {
        case .success(let prepared):
          holeHash.add(prepared.holeHash)
          pictureHash.add(prepared.pictureHash)
          fileTypes.add(prepared.fileType)
          if let remark = prepared.remark {
            remarkCount += 1
            if remarkCount <= Self.remarkLimit { onNotice(remark) }
          }
          let filled = try filled(prepared.example)
          try labels?.add(prepared.example, truth: prepared.labels, filled: filled) { try self.filled($0) }
          let similarities: [RegionScores?] =
            keepsFilledPictures
            ? measurement.measure(prepared.fillings.map { $0 ?? filled }, hole: prepared.example.hole)
            : FillingMethod.all.map { _ in nil }
          computed = FilledExample(prepared: prepared, filled: filled, similarities: similarities)
        case .failure(let failure as Failure) where failure.isAboutOneFile:
          let picture = SkippedPicture(name: pictures.name(of: number), reason: failure.message)
          skipped.append(picture)
          onNotice(picture.sentence)
        case .failure(let error): throw error
        }
        onProgress(number + 1)
        return computed
      },
      finish: { $0.prepared.record(filled: $0.filled, similarities: $0.similarities) })
    if remarkCount > Self.remarkLimit {
      onNotice("\(remarkCount - Self.remarkLimit) more hole pictures have their holes in their opacities.")
    }
    guard !records.isEmpty else {
      throw Failure(
        .data,
        "the pictures: expected some that can be measured, found none among \(pictures.count); of the first one, "
          + "\(skipped[0].name): \(skipped[0].reason)")
    }
    let conditions = EvaluationConditions(
      rule: pictures.rule, holes: pictures.holeDescription, holeHash: holeHash.text, pictureHash: pictureHash.text,
      pictureCount: records.count, fileTypes: fileTypes.text,
      metrics: networks.metrics + (pictures.sketches == nil ? [] : [.edges]))
    return EvaluationReport(
      weights: weights, conditions: conditions, records: records, skipped: skipped, networks: measurement.finish(),
      labels: labels?.finish())
  }

  /// A prepared example filled by the model, with its scores by networks.
  private struct FilledExample: Sendable {
    let prepared: PreparedExample
    let filled: Picture
    let similarities: [RegionScores?]
  }

  /// The maximum number of remarks about the reading of holes.
  private static let remarkLimit = 10

  /// Fills some of the pictures of a report again, to show them.
  ///
  /// - Throws: Errors of reading and filling, as files may have changed.
  package func examples(of report: EvaluationReport) throws -> [ExampleGroup] {
    let numbers = Dictionary((0..<pictures.count).map { (pictures.name(of: $0), $0) }) { first, _ in first }
    return try ExampleChoice.groups(of: report).map { title, records in
      let examples = try records.map { record in
        guard let number = numbers[record.name] else {
          preconditionFailure("Evaluator.examples: the report has a picture \(record.name) that is none of these")
        }
        let example = try pictures.example(number).example
        return ShownExample(example, record: record, filled: try filled(example))
      }
      return ExampleGroup(title: title, examples: examples)
    }
  }

  /// The picture filled by the model, rounded as in a file.
  private func filled(_ example: Example) throws -> Picture {
    let completed = try fill(example)
    let shape = [1, example.picture.height, example.picture.width, 3]
    precondition(completed.shape == shape, "Evaluator: expected \(shape) of the model, found \(completed.shape)")
    guard completed.isFinite else {
      throw Failure(
        .data,
        "\(example.name): expected finite numbers from the network, found others; the weights are damaged, or diverged."
      )
    }
    return Picture(completed)
  }
}
