import Testing

@testable import Support

struct ProgressBarTests {
  @Test func `without a terminal lines come now and then, and at the end`() {
    let output = ConsoleTests.output(isTerminal: false) { console in
      let progress = ProgressBar(total: 100, after: 0, console: console, now: 1000)
      for step in 1...40 {
        progress.update(step: step, images: 4, losses: [("l1", Double(step))], now: 1000 + Double(step))
      }
      progress.finish()
    }
    #expect(
      output == """
        step 1/100 (1%)  l1 1  4 images/s  1 min 39 s left
        step 16/100 (16%)  l1 16  4 images/s  1 min 24 s left
        step 31/100 (31%)  l1 31  4 images/s  1 min 09 s left
        step 40/100 (40%)  l1 40  4 images/s  1 min 00 s left

        """)
  }

  @Test func `the last step is shown at once, and only once`() {
    let output = ConsoleTests.output(isTerminal: false) { console in
      let progress = ProgressBar(total: 2, after: 0, console: console, now: 0)
      progress.update(step: 1, images: 1, losses: [], now: 1)
      progress.update(step: 2, images: 1, losses: [], now: 2)
      progress.finish()
    }
    #expect(output == "step 1/2 (50%)  1 images/s  1 s left\nstep 2/2 (100%)  1 images/s\n")
  }

  @Test func `a terminal gets a bar, redrawn not too often, and a line at the end`() {
    let output = ConsoleTests.output(isTerminal: true) { console in
      let progress = ProgressBar(total: 100, after: 10, console: console, now: 0)
      for step in 11...30 { progress.update(step: step, images: 1, losses: [], now: Double(step - 10) * 0.03) }
      progress.warn("hot")
      progress.finish()
    }
    let frames = output.split(separator: "\r\u{1B}[K", omittingEmptySubsequences: false)
    #expect(frames.count == 1 + 5 + 1 + 1)
    #expect(frames[1].hasPrefix("[==> ") && !frames[1].contains("\n"))
    #expect(frames[6].hasPrefix("warning: hot\n["))
    #expect(frames.last == "step 30/100 (30%)  33.3 images/s  2 s left\n")
  }
}

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

struct SmoothedRateTests {
  @Test func `a steady pace is its own mean`() throws {
    var rate = SmoothedRate(memory: 10)
    #expect(rate.perSecond == nil)
    for _ in 0..<100 { rate.add(4, seconds: 0.5) }
    #expect(abs(try #require(rate.perSecond) - 8) < 1e-9)
  }

  @Test func `after a change the new pace takes over`() throws {
    var rate = SmoothedRate(memory: 10)
    for _ in 0..<100 { rate.add(1, seconds: 1) }
    rate.add(5, seconds: 1)
    let soon = try #require(rate.perSecond)
    #expect(soon > 1 && soon < 2)
    for _ in 0..<100 { rate.add(5, seconds: 1) }
    #expect(abs(try #require(rate.perSecond) - 5) < 0.01)
  }

  @Test func `times that cannot be are left out`() {
    var rate = SmoothedRate()
    rate.add(1, seconds: 0)
    rate.add(1, seconds: -1)
    rate.add(1, seconds: .nan)
    rate.add(1, seconds: .infinity)
    #expect(rate.perSecond == nil)
    rate.add(3, seconds: 2)
    #expect(rate.perSecond == 1.5)
  }
}
