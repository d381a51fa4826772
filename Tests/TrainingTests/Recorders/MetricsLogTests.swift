import Tensors
import TestSupport
import Testing

@testable import Support
@testable import Training

struct MetricsLogTests {
  let folder: TemporaryFolder
  private var path: String { folder.file("metrics.jsonl") }

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test func `a step is a line, its values in their order`() throws {
    let log = try MetricsLog(path: path)
    try log.append(step: 1, [("seconds", 0.25), ("z", 1e-7), ("a", 3)])
    try log.append(step: 2, [("loss", .nan), ("big", .infinity)])
    #expect(
      try folder.text(of: "metrics.jsonl") == """
        {"step":1,"seconds":0.25,"z":1e-07,"a":3.0}
        {"step":2,"loss":null,"big":null}

        """)
  }

  @Test func `the phase stands after the step, where there are several`() throws {
    try MetricsLog(path: path).append(step: 1, phase: "fine_tuning", [("l", 1)])
    #expect(try folder.text(of: "metrics.jsonl") == "{\"step\":1,\"phase\":\"fine_tuning\",\"l\":1.0}\n")
  }

  @Test func `a new log must be new`() throws {
    _ = try MetricsLog(path: path)
    #expect(throws: Failure(.exists, "\(path): cannot write it (File exists)")) { try MetricsLog(path: path) }
  }

  @Test func `resuming drops later steps and an incomplete last line`() throws {
    let text = """
      {"step":1,"l":1.50}
      {"step":2,"l":2}
      {"step":2,"validation/psnr":20}
      {"step":3,"l":3}
      {"step":4,"l"
      """
    try FileWriter.writeAtomically(text, to: path)
    let log = try MetricsLog(path: path, resumingAfter: 2)
    #expect(log.damagedLines == 0)
    try log.append(step: 3, [("l", 30)])
    #expect(
      try folder.text(of: "metrics.jsonl") == """
        {"step":1,"l":1.50}
        {"step":2,"l":2}
        {"step":2,"validation/psnr":20}
        {"step":3,"l":30.0}

        """)
    #expect(folder.names == ["metrics.jsonl"])
  }

  @Test func `a last line that only lacks its newline is kept`() throws {
    try FileWriter.writeAtomically("{\"step\":1}\n{\"step\":2}", to: path)
    try MetricsLog(path: path, resumingAfter: 2).append(step: 3, [])
    #expect(try folder.text(of: "metrics.jsonl") == "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n")
  }

  @Test func `damaged lines are dropped and counted`() throws {
    let text = "{\"step\":1}\n\0\0\0\n{\"step\":2\n[3]\n{\"step\":\"4\"}\n{\"seconds\":1}\n\n{\"step\":5}\n"
    try FileWriter.writeAtomically(text, to: path)
    #expect(try MetricsLog(path: path, resumingAfter: 9).damagedLines == 6)
    #expect(try folder.text(of: "metrics.jsonl") == "{\"step\":1}\n{\"step\":5}\n")
  }

  @Test func `resuming at the beginning, or without a log, leaves an empty one`() throws {
    _ = try MetricsLog(path: path, resumingAfter: 5)
    #expect(try folder.text(of: "metrics.jsonl") == "")
    try FileWriter.writeAtomically("{\"step\":1}\n", to: path)
    _ = try MetricsLog(path: path, resumingAfter: 0)
    #expect(try folder.text(of: "metrics.jsonl") == "")
  }
}
