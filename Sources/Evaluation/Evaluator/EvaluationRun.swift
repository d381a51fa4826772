import Support

extension EvaluationRequest {
  /// Measures, prints the report, writes the files that were asked for, and compares with the older report.
  ///
  /// A refusal to compare comes last: what was measured is printed and written before.
  ///
  /// - Parameters:
  ///   - labeling: What the model says of labels; measured if the request asks for labels.
  ///   - fill: The model's filling.
  ///   - onProgress: Gets the number of pictures that are done.
  ///   - onNotice: Gets a sentence for each picture that is skipped, and for what else there is to say of the files.
  ///   - onMeasured: Called when the last picture is done, before anything is printed.
  ///   - output: Gets what belongs on standard output, without the newline at its end.
  /// - Throws: As `Evaluator.report`; `Failure` of kind `inputOutput` if a file cannot be written, `data` if the older
  ///   report was made under other conditions.
  package func run(
    weights: WeightsIdentity, labeling: Labeling? = nil, fill: @escaping Evaluator.Fill,
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
