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
