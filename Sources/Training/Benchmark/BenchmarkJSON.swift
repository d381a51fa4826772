import Foundation
import NeuralNetworks
import Support

extension BenchmarkReport {
  /// The report as data. Times are in seconds, sizes in bytes, rates a second, shares of 1; what was not measured is
  /// null.
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
  /// The median, the least, and all in the order of their measuring.
  fileprivate var json: JSONValue {
    [
      "median": JSONValue(median), "minimum": JSONValue(minimum), "all": JSONValue(values.map { JSONValue($0) }),
    ]
  }
}
