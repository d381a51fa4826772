import Kernels
import Support
import Tensors

/// The speed of both GEMM back ends for every matrix product of the convolutions of a training step.
struct GEMMProfile {
  struct Row {
    let product: MatrixProduct
    /// The back end that the training step uses.
    let backEnd: GEMM.BackEnd
    /// The number of products of this shape per training step.
    let runsPerStep: Int
    /// The operations per second of one thread with operands in its caches, in the order of `GEMM.BackEnd.allCases`.
    let rates: [Double]

    var operationsPerStep: Double { Double(runsPerStep) * product.operations }

    func rate(of backEnd: GEMM.BackEnd) -> Double { rates[GEMM.BackEnd.allCases.firstIndex(of: backEnd) ?? 0] }
  }

  /// The products, in descending order of operations per step.
  let rows: [Row]

  /// Measures each product on each back end.
  ///
  /// - Parameters:
  ///   - entries: The products of one training step, as recorded by a census.
  ///   - seconds: The approximate duration of each measurement.
  init(_ entries: [ProductCensus.Entry], seconds: Double) {
    rows = entries.map { entry in
      Row(
        product: entry.product, backEnd: entry.backEnd, runsPerStep: entry.count,
        rates: GEMM.BackEnd.allCases.map { Self.rate(of: entry.product, on: $0, seconds: seconds) })
    }
  }

  var operationsPerStep: Double { rows.reduce(0) { $0 + $1.operationsPerStep } }

  /// The time that one thread takes for all products of a step.
  ///
  /// - Parameter backEnd: The back end; nil for the one that the step uses for each product.
  func secondsPerStep(on backEnd: GEMM.BackEnd?) -> Double {
    rows.reduce(0) { $0 + $1.operationsPerStep / $1.rate(of: backEnd ?? $1.backEnd) }
  }

  /// The operations per second of the fastest of five rounds, because interruptions can only make a round slower.
  private static func rate(of product: MatrixProduct, on backEnd: GEMM.BackEnd, seconds: Double) -> Double {
    let rounds = 5
    var best = Double.infinity
    product.repeating(on: backEnd) { once in
      func time(_ count: Int) -> Double {
        let start = ContinuousClock.now
        for _ in 0..<count { once() }
        return (ContinuousClock.now - start) / .seconds(1)
      }
      // The first product fetches memory.
      once()
      let count = max(1, Int(seconds / Double(rounds) / max(1e-7, time(1))))
      for _ in 0..<rounds { best = min(best, time(count) / Double(count)) }
    }
    return product.operations / best
  }
}

extension GEMMProfile {
  /// The profile as text: a line for each product, and the totals.
  var lines: [String] {
    var table = TextTable([
      ("product", .left), ("A", .left), ("runs", .right), ("GFLOP", .right), ("of step", .right),
      ("OpenBLAS GFLOP/s", .right), ("packed GFLOP/s", .right), ("chosen", .left),
    ])
    for row in rows {
      let product = row.product
      table.append([
        "\(product.m)x\(product.n)x\(product.k)", product.isTransposed ? "transposed" : "", String(row.runsPerStep),
        (row.operationsPerStep / 1e9).decimals(3), (row.operationsPerStep / operationsPerStep * 100).decimals(1) + " %",
        (row.rate(of: .openBLAS) / 1e9).decimals(1), (row.rate(of: .packed) / 1e9).decimals(1), row.backEnd.rawValue,
      ])
    }
    let times = [GEMM.BackEnd.openBLAS, .packed, nil].map { secondsPerStep(on: $0).decimals(3) + " s" }
    return table.lines + [
      "",
      "all products: \((operationsPerStep / 1e9).decimals(1)) GFLOP a step, on one thread \(times[0]) by OpenBLAS, "
        + "\(times[1]) by packed panels, \(times[2]) as chosen (build for \(InstructionSet.ofBuild.rawValue))",
    ]
  }

  /// The profile as JSON; operations per second are those of one thread.
  var json: JSONValue {
    [
      "instruction_set": JSONValue(InstructionSet.ofBuild.rawValue),
      "back_end": JSONValue(ConvolutionMethod.backEnd.rawValue),
      "operations_per_step": JSONValue(operationsPerStep),
      "products": JSONValue(
        rows.map { row -> JSONValue in
          [
            "m": JSONValue(row.product.m), "n": JSONValue(row.product.n), "k": JSONValue(row.product.k),
            "transposed": JSONValue(row.product.isTransposed), "runs_per_step": JSONValue(row.runsPerStep),
            "openblas_flops": JSONValue(row.rate(of: .openBLAS)), "packed_flops": JSONValue(row.rate(of: .packed)),
            "back_end": JSONValue(row.backEnd.rawValue),
          ]
        }),
    ]
  }
}

/// The peak speed of matrix products on this machine, with all threads computing products at the same time: the
/// reference with which convolutions are compared.
struct MatrixProductPeak {
  let size: Int
  let threads: Int
  /// The operations per second of all threads together.
  let operationsPerSecond: Double

  /// Measures the peak: the fastest of several rounds, because interruptions can only make a round slower.
  ///
  /// - Parameters:
  ///   - size: The number of rows and columns of the square matrices.
  ///   - rounds: The number of measured rounds, each of four products per thread.
  init(size: Int = 512, rounds: Int) {
    self.size = size
    threads = Threads.count
    let count = 4 * threads
    let length = size * size
    let a = Array(repeating: Scalar(0.5), count: length)
    let b = Array(repeating: Scalar(0.25), count: length)
    var c = Array(repeating: Scalar(0), count: count * length)
    let times = (0...rounds).map { _ in
      let start = ContinuousClock.now
      c.withUnsafeMutableBufferPointer { c in
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            multiplySquares(count: count, size: size, a.baseAddress!, b.baseAddress!, into: c.baseAddress!)
          }
        }
      }
      return (ContinuousClock.now - start) / .seconds(1)
    }
    // The first round fetches memory and wakes the threads.
    let best = Samples(Array(times.dropFirst())).minimum
    operationsPerSecond = 2 * Double(count) * Double(size) * Double(length) / best
  }
}
