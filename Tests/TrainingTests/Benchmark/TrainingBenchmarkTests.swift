import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite(.serialized) struct TrainingBenchmarkTests {
  private func report(interruption: Interruption = Interruption(), _ change: (inout BenchmarkOptions) -> Void)
    throws -> BenchmarkReport?
  {
    var options = BenchmarkOptions()
    options.isQuick = true
    options.size = 32
    change(&options)
    let json = try JSONValue(
      parsing: Array(SmallRun.json.utf8), as: .configuration, source: "small.json", kind: .configuration)
    return try TrainingBenchmark(json, source: "Configs/small.json", options: options)
      .run(interruption: interruption, console: .silent)
  }

  @Test func `it measures the step, its convolutions and filling`() throws {
    let report = try #require(try report { $0.threads = 1 })
    let training = try #require(report.training)
    #expect(report.configuration == "small" && report.threads == 1)
    #expect(training.steps.seconds.values.count == 2)
    #expect(training.tensorBytes > 0)
    // Convolutions are a part of the step, and each of them runs as often in every step.
    #expect(training.profile.layers.flatMap(\.rows).allSatisfy { $0.runsPerStep == $0.runsPerStep.rounded() })
    #expect(training.profile.layers.allSatisfy { $0.geometry.height <= 32 && $0.geometry.batch <= 4 })
    #expect(report.lines.contains { $0.hasPrefix("all convolutions: ") })
    #expect(report.scaling.isEmpty)
  }

  /// The first layer of both encoders' branches sees whole pictures: 3 channels to 2 · 2 features and gates, 5x5. It is run
  /// again on the way back.
  @Test func `the table has the model's layers with their counts`() throws {
    let profile = try #require(try report { _ in }?.training).profile
    let first = try #require(profile.layers.first { $0.geometry.summary == "2x 32x32 3→4 5x5" })
    #expect(first.rows.map(\.pass) == [.forward, .inputGradient, .filterGradient])
    #expect(first.rows.map(\.runsPerStep) == [4, 2, 2])
    #expect(first.operationsPerStep == 8 * 2 * 2 * 1024 * 25 * 3 * 4)
  }

  @Test func `with scaling there is a step for each count of threads`() throws {
    let report = try #require(
      try report {
        $0.threads = 3
        $0.measuresScaling = true
      })
    #expect(report.scaling.map(\.threads) == [1, 2, 3])
    #expect(report.lines.filter { $0.hasPrefix("scaling") }.count == 3)
    #expect(TrainingBenchmark.threadCounts(below: 1) == [])
    #expect(TrainingBenchmark.threadCounts(below: 4) == [1, 2])
  }

  @Test func `the report as data is JSON with what was not measured as null`() throws {
    let report = try #require(try report { $0.fillsOnly = true })
    #expect(report.training == nil)
    let json = try JSONValue(
      parsing: Array(report.json.write(pretty: true).utf8), as: .strict, source: "report", kind: .data)
    #expect(json["training"] == JSONValue(.null))
    #expect(json["gemm"] == JSONValue(.null))
    #expect(json["filling"]?["seconds"]?.members?.map(\.key) == ["median", "minimum", "all"])
    #expect(json["machine"]?.members?.map(\.key) == ["processor", "processors", "openblas", "swift"])
  }

  @Test func `the products of a step are measured on both back ends`() throws {
    let report = try #require(try report { $0.measuresProducts = true })
    let products = try #require(report.products)
    #expect(products.rows.allSatisfy { $0.rates.count == 2 && $0.rates.allSatisfy { $0 > 0 } && $0.runsPerStep > 0 })
    #expect(products.rows.contains { $0.product.isTransposed } && products.rows.contains { !$0.product.isTransposed })
    // Windows of 5 x 5 pixels of 3 channels, and 4 filters.
    #expect(products.rows.contains { $0.product.n == 4 && $0.product.k == 75 })
    #expect(report.lines.contains { $0.hasPrefix("all products: ") })
    guard case .array(let rows)? = report.json["gemm"]?["products"]?.content else {
      Issue.record("the report has no products")
      return
    }
    #expect(rows.count == products.rows.count)
    #expect(rows[0]["packed_flops"] != nil && rows[0]["openblas_flops"] != nil && rows[0]["back_end"] != nil)
  }

  @Test func `an interruption leaves no report`() throws {
    let interruption = Interruption()
    interruption.request(2)
    #expect(try report(interruption: interruption) { _ in } == nil)
  }
}
