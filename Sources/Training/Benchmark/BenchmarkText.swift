import Foundation
import Support

extension BenchmarkReport {
  /// The report for people, a line each.
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
  /// The median, and the least beside it.
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

  /// Without digits after the point, if it is whole.
  fileprivate var shortest: String { self == rounded() ? decimals(0) : decimals(2) }
}
