import Testing

@testable import Support
@testable import Training

struct ValidationHistoryTests {
  private func history(_ psnr: [Double], l1: [Double]? = nil) -> ValidationHistory {
    var history = ValidationHistory()
    for (index, value) in psnr.enumerated() {
      history.append(.init(step: 100 * (index + 1), psnr: value, l1: l1?[index] ?? 0.1))
    }
    return history
  }

  @Test func `the best has the highest PSNR, or the lowest error, and is the first of equals`() {
    let history = history([20, 22, 22, .nan], l1: [0.05, 0.09, 0.04, 0.04])
    #expect(history.bestStep(by: .psnr) == 200 && history.bestStep(by: .l1) == 300)
    #expect(ValidationHistory().bestStep(by: .psnr) == nil)
    #expect(history.bestStep(by: .psnr, after: 200) == 300 && history.bestStep(by: .psnr, after: 300) == nil)
  }

  @Test func `the verdict says who is ahead, by how much, and whether it was still rising`() {
    #expect(
      history([19, 20, 20.5, 21]).verdict(harmonicPSNR: 20.25)
        == "The network is 0.75 dB ahead of the harmonic fill in the holes (21.00 against 20.25 dB), and was still rising: "
        + "0.50 dB since step 300.")
    #expect(
      history([19, 20, 20.5, 20.51]).verdict(harmonicPSNR: 21)
        == "The network is 0.49 dB behind the harmonic fill in the holes (20.51 against 21.00 dB), and has not risen since "
        + "step 300.")
    #expect(
      history([19]).verdict(harmonicPSNR: 18)
        == "The network is 1.00 dB ahead of the harmonic fill in the holes (19.00 against 18.00 dB).")
  }
}
