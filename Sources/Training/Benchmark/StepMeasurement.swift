import Support

/// How long training steps take, as `metrics.jsonl` of a run says.
struct StepMeasurement {
  let threads: Int
  let batch: Int
  /// The wall time of each step after the warm-up, with waiting for data.
  let seconds: Samples
  /// The part of each that was spent waiting for data.
  let waited: Samples

  var stepsPerSecond: Double { 1 / seconds.median }
  var picturesPerSecond: Double { Double(batch) / seconds.median }

  /// - Parameters:
  ///   - metrics: The path of the run's `metrics.jsonl`.
  ///   - warmUp: How many steps, the first, are not measured.
  /// - Throws: `Failure`.
  init(metrics path: String, warmUp: Int, threads: Int, batch: Int) throws {
    self.threads = threads
    self.batch = batch
    let lines = try FileReader.read(path).split(separator: UInt8(ascii: "\n")).map {
      try JSONValue(parsing: Array($0), as: .strict, source: path, kind: .data)
    }
    func column(_ key: String) throws -> Samples {
      let values = lines.compactMap { line -> Double? in
        guard case .number(let number)? = line[key]?.content else { return nil }
        return number.real
      }
      guard values.count == lines.count, values.count > warmUp else {
        throw Failure(
          .data, "\(path): expected more than \(warmUp) lines with the number `\(key)`, found \(values.count).")
      }
      return Samples(Array(values.dropFirst(warmUp)))
    }
    seconds = try column("seconds")
    waited = try column("data_wait_seconds")
  }
}
