import Testing

@testable import Support

struct ProgressReportTests {
  private let report = ProgressReport(
    step: 250, total: 1000, losses: [("l1", 0.123456), ("hinge", 12345.6)], imagesPerSecond: 8.125, secondsLeft: 7500)

  @Test func `a line says all there is`() {
    #expect(report.line == "step 250/1000 (25%)  l1 0.1235  hinge 1.235e+04  8.12 images/s  2 h 05 min left")
    #expect(ProgressReport(step: 0, total: 10).line == "step 0/10 (0%)")
  }

  @Test func `a phase stands behind the number of the step`() {
    var report = ProgressReport(step: 5, total: 10, losses: [("l1", 0.5)])
    report.phase = "fine_tuning"
    #expect(report.line == "step 5/10 (50%)  fine_tuning  l1 0.5")
    #expect(report.bar(width: 45) == "[======>       ] 50% 5/10 fine_tuning  l1 0.5")
    for width in -1...200 { #expect(report.bar(width: width).count <= max(0, width)) }
  }

  @Test func `a remark stands before the time left`() {
    var report = ProgressReport(step: 5, total: 10, imagesPerSecond: 2, secondsLeft: 3)
    report.remark = "rank 3 waits 0.1 s, rank 1 1.9 s"
    #expect(report.line == "step 5/10 (50%)  2 images/s  rank 3 waits 0.1 s, rank 1 1.9 s  3 s left")
    for width in -1...200 { #expect(report.bar(width: width).count <= max(0, width)) }
  }

  @Test func `a wide terminal shows a bar and everything`() {
    #expect(
      report.bar(width: 119)
        == "[======>                       ] 25% 250/1000  l1 0.1235  hinge 1.235e+04  8.12 images/s  2 h 05 min left")
  }

  @Test func `what does not fit goes, losses before the time left`() {
    #expect(report.bar(width: 79) == "[====>                ] 25% 250/1000  l1 0.1235  8.12 images/s  2 h 05 min left")
    #expect(report.bar(width: 50) == "[===>              ] 25% 250/1000  2 h 05 min left")
    #expect(report.bar(width: 23) == "[=>      ] 25% 250/1000")
    #expect(report.bar(width: 15) == "25% 250/1000")
    #expect(report.bar(width: 5) == "25% 2")
  }

  @Test func `no width is ever exceeded`() {
    for width in -1...200 { #expect(report.bar(width: width).count <= max(0, width)) }
  }

  @Test func `the bar is full at the end and empty at the start`() {
    #expect(ProgressReport(step: 10, total: 10).bar(width: 24) == "[===========] 100% 10/10")
    #expect(ProgressReport(step: 0, total: 10).bar(width: 24) == "[              ] 0% 0/10")
    #expect(ProgressReport(step: 999, total: 1000).line.contains("(99%)"))
    #expect(ProgressReport(step: 5, total: 0).bar(width: 40).contains("100%"))
    #expect(ProgressReport(step: 20, total: 10).bar(width: 40).contains("100%"))
  }

  @Test func `numbers that are not finite are shown as such`() {
    let report = ProgressReport(
      step: 1, total: 2, losses: [("l1", .nan), ("g", -.infinity)], imagesPerSecond: .infinity, secondsLeft: .nan)
    #expect(report.line == "step 1/2 (50%)  l1 nan  g -inf  inf images/s  ages left")
  }

  @Test(
    arguments: [
      (0.0, "0 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (750, "12 min 30 s"), (3599.7, "1 h 00 min"),
      (7500, "2 h 05 min"), (86400 * 3 + 4 * 3600 + 59, "3 d 04 h"), (1e30, "ages"), (-1, "ages"),
    ] as [(Double, String)])
  func `durations have their two largest units`(seconds: Double, text: String) {
    #expect(ProgressReport.duration(seconds) == text)
  }
}
