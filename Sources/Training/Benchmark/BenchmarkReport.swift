import Foundation
import NeuralNetworks
import Support

/// The results of a benchmark.
package struct BenchmarkReport {
  struct Training {
    let steps: StepMeasurement
    /// The peak resident memory of the process, in bytes; nil if the system does not report it.
    let residentBytes: Int?
    /// The peak memory of live tensors, in bytes.
    let tensorBytes: Int
    let profile: ConvolutionProfile

    /// The fraction of the time of a step that convolutions take.
    var convolutionShare: Double { profile.secondsPerStep / steps.seconds.median }
  }

  let configuration: String
  let model: String
  let size: Int
  let batch: Int
  let threads: Int
  let date: Date
  let machine: Machine
  let peak: MatrixProductPeak
  /// The results of training; nil if only inference was measured.
  let training: Training?
  let filling: FillMeasurement
  /// Training steps by number of threads, in ascending order; empty if scaling was not measured.
  let scaling: [StepMeasurement]
  /// The speed of the matrix products; nil if it was not measured.
  let products: GEMMProfile?
}

extension BenchmarkReport {
  /// The report as lines of text.
  package var lines: [String] {
    var lines = heading + trainingLines
    lines.append(
      "filling      \(filling.seconds.text) a picture, \(filling.picturesPerSecond.decimals(1)) pictures/s, "
        + "\((filling.operations / filling.seconds.median).giga) GFLOP/s")
    lines += scalingLines
    if let training { lines += table(of: training) }
    if let products { lines += [""] + products.lines }
    return lines
  }

  private var heading: [String] {
    let compiler = machine.swift.map { ", " + $0 } ?? ""
    return [
      "benchmark    \(configuration) (\(model)), batches of \(batch) at \(size)x\(size), \(threads.threads), "
        + date.ISO8601Format(),
      "machine      \(machine.processor), \(machine.processorCount) processors, \(machine.blas)" + compiler,
      "peak         \(peak.operationsPerSecond.giga) GFLOP/s: products of \(peak.size)x\(peak.size) on "
        + peak.threads.threads,
    ]
  }

  private var trainingLines: [String] {
    guard let training else { return [] }
    let steps = training.steps
    let resident = training.residentBytes.map { "\($0.inMemoryUnits) resident at most, " } ?? ""
    return [
      "training     \(steps.seconds.text) a step, \(steps.stepsPerSecond.decimals(2)) steps/s, "
        + "\(steps.picturesPerSecond.decimals(2)) pictures/s",
      "waiting      \(steps.waited.median.decimals(4)) s a step for data",
      "memory       \(resident)tensors \(training.tensorBytes.inMemoryUnits) at most",
    ]
  }

  private var scalingLines: [String] {
    guard let slowest = scaling.first else { return [] }
    return scaling.map { steps in
      "scaling      \(steps.threads.threads): \(steps.seconds.text) a step, "
        + "\((slowest.seconds.median / steps.seconds.median).decimals(2)) times as fast as 1"
    }
  }

  private func table(of training: Training) -> [String] {
    var table = TextTable([
      ("convolution", .left), ("pass", .left), ("runs", .right), ("ms", .right), ("GFLOP/s", .right),
      ("of peak", .right), ("MB", .right), ("FLOP/byte", .right), ("algorithm", .left), ("of step", .right),
    ])
    let step = training.steps.seconds.median
    for layer in training.profile.layers {
      for (index, row) in layer.rows.enumerated() {
        let rate = layer.geometry.directOperations / row.seconds.median
        table.append([
          index == 0 ? layer.geometry.summary : "", row.pass.rawValue, row.runsPerStep.shortest,
          (row.seconds.median * 1e3).decimals(2), rate.giga, (rate / peak.operationsPerSecond).percent,
          (layer.geometry.leastBytes / 1e6).decimals(1), layer.geometry.intensity.decimals(0), row.algorithm.rawValue,
          (row.secondsPerStep / step).percent,
        ])
      }
    }
    let profile = training.profile
    let total =
      "all convolutions: \(profile.secondsPerStep.decimals(3)) s of \(step.decimals(3)) s a step "
      + "(\(training.convolutionShare.percent)), \(profile.operationsPerStep.giga) GFLOP at "
      + "\((profile.operationsPerStep / profile.secondsPerStep).giga) GFLOP/s"
    return [""] + table.lines + [
      "",
      total,
      "GFLOP count the direct method: an algorithm that multiplies less, such as Winograd's, can exceed the peak. "
        + "MB is what has to move at least.",
    ]
  }
}

extension Samples {
  /// The median and the minimum, in seconds.
  fileprivate var text: String {
    "\(median.decimals(4)) s (median of \(values.count), least \(minimum.decimals(4)))"
  }
}

extension Int {
  fileprivate var threads: String { self == 1 ? "1 thread" : "\(self) threads" }
}

extension Double {
  fileprivate var giga: String { (self / 1e9).decimals(1) }
  fileprivate var percent: String { (self * 100).decimals(1) + " %" }

  /// The number without decimals if it is an integer, with two otherwise.
  fileprivate var shortest: String { self == rounded() ? decimals(0) : decimals(2) }
}

extension BenchmarkReport {
  /// The report as JSON. Times are in seconds, memory in bytes, rates per second, and shares from 0 to 1; values that were
  /// not measured are null.
  package var json: JSONValue {
    [
      "configuration": JSONValue(configuration), "model": JSONValue(model), "size": JSONValue(size),
      "batch": JSONValue(batch), "threads": JSONValue(threads), "date": JSONValue(date.ISO8601Format()),
      "machine": [
        "processor": JSONValue(machine.processor), "processors": JSONValue(machine.processorCount),
        "openblas": JSONValue(machine.blas), "swift": machine.swift.map { JSONValue($0) } ?? nil,
      ],
      "peak": [
        "matrix_size": JSONValue(peak.size), "threads": JSONValue(peak.threads),
        "flops": JSONValue(peak.operationsPerSecond),
      ],
      "training": training.map { json(of: $0) } ?? nil,
      "filling": [
        "seconds": filling.seconds.json, "pictures_per_second": JSONValue(filling.picturesPerSecond),
        "convolution_operations": JSONValue(filling.operations),
      ],
      "scaling": JSONValue(scaling.map { ["threads": JSONValue($0.threads), "seconds": $0.seconds.json] }),
      "gemm": products?.json ?? nil,
    ]
  }

  private func json(of training: Training) -> JSONValue {
    let steps = training.steps
    return [
      "seconds": steps.seconds.json, "steps_per_second": JSONValue(steps.stepsPerSecond),
      "pictures_per_second": JSONValue(steps.picturesPerSecond), "data_wait_seconds": steps.waited.json,
      "peak_resident_bytes": training.residentBytes.map { JSONValue($0) } ?? nil,
      "peak_tensor_bytes": JSONValue(training.tensorBytes),
      "convolutions": [
        "seconds_per_step": JSONValue(training.profile.secondsPerStep),
        "operations_per_step": JSONValue(training.profile.operationsPerStep),
        "share_of_step": JSONValue(training.convolutionShare),
        "layers": JSONValue(training.profile.layers.map { json(of: $0, step: steps.seconds.median) }),
      ],
    ]
  }

  private func json(of layer: ConvolutionProfile.Layer, step: Double) -> JSONValue {
    let geometry = layer.geometry
    let passes = layer.rows.map { row -> JSONValue in
      let rate = geometry.directOperations / row.seconds.median
      return [
        "pass": JSONValue(row.pass.rawValue), "algorithm": JSONValue(row.algorithm.rawValue),
        "runs_per_step": JSONValue(row.runsPerStep), "seconds": row.seconds.json, "flops": JSONValue(rate),
        "share_of_peak": JSONValue(rate / peak.operationsPerSecond),
        "share_of_step": JSONValue(row.secondsPerStep / step),
      ]
    }
    let padding = geometry.padding
    return [
      "batch": JSONValue(geometry.batch), "height": JSONValue(geometry.height), "width": JSONValue(geometry.width),
      "channels": JSONValue(geometry.channels), "filters": JSONValue(geometry.filters),
      "kernel": [JSONValue(geometry.kernelHeight), JSONValue(geometry.kernelWidth)],
      "stride": JSONValue(geometry.stride), "dilation": JSONValue(geometry.dilation),
      "padding": [
        JSONValue(padding.top), JSONValue(padding.bottom), JSONValue(padding.left), JSONValue(padding.right),
      ],
      "operations": JSONValue(geometry.directOperations), "least_bytes": JSONValue(geometry.leastBytes),
      "operations_per_byte": JSONValue(geometry.intensity), "passes": JSONValue(passes),
    ]
  }
}

extension Samples {
  /// The median, the minimum, and all values in the order in which they were measured.
  fileprivate var json: JSONValue {
    [
      "median": JSONValue(median), "minimum": JSONValue(minimum), "all": JSONValue(values.map { JSONValue($0) }),
    ]
  }
}
