import Kernels
import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

@Suite struct ConvolutionMethodTests {
  /// A network's last bits grow into different pictures within some dozen steps, so only means can be compared. Those of
  /// 50 steps differ by up to 2.5 % between runs of one method that began a rounding error apart.
  @Test(.enabled(if: !GradientCheck.isExact, "needs 32 bits, in which the methods differ"))
  func `losses over 200 steps of quickstart agree between the methods`() throws {
    let fast = try losses(.fast)
    let exact = try losses(.exact)
    #expect(fast != exact)
    for (fast, exact) in zip(fast.prefix(5), exact.prefix(5)) { #expect(abs(fast - exact) < 1e-3 * exact) }
    for first in stride(from: 0, to: 200, by: 50) {
      let (fast, exact) = (mean(fast[first..<first + 50]), mean(exact[first..<first + 50]))
      #expect(abs(fast - exact) < 0.05 * exact, "\(fast) and \(exact) from step \(first + 1) on")
    }
  }

  /// The generator's loss of each step.
  private func losses(_ method: ConvolutionMethod) throws -> [Double] {
    let path = try ConfigurationFile.locate("quickstart.json")
    var json = try JSONValue(
      parsing: FileReader.read(path), as: .configuration, source: path, kind: .configuration)
    for change in ["checkpoint_every=0", "sample_every=0", "validate_every=0", "keep_best=null", "steps=200"] {
      try JSONOverride(parsing: "training." + change).apply(to: &json)
    }
    let folder = try TemporaryFolder()
    let configuration = try TrainingConfiguration(json, source: path)
    _ = try ConvolutionMethod.$ofTask.withValue(method) {
      try TrainingRun(configuration, directory: RunDirectory(folder.file("run")), console: .silent).run()
    }
    let lines = try FileReader.read(folder.file("run/metrics.jsonl")).split(separator: UInt8(ascii: "\n"))
    return try lines.map { line in
      let step = try JSONValue(parsing: Array(line), as: .strict, source: "metrics.jsonl", kind: .data)
      guard case .number(let loss)? = step["generator"]?.content else {
        throw Failure(.data, "metrics.jsonl: a step without the generator's loss.")
      }
      return loss.real
    }
  }

  private func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
}
