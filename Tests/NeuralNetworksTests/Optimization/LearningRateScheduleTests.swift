import NeuralNetworks
import Testing

@Suite struct LearningRateScheduleTests {
  private func rates(_ schedule: LearningRateSchedule, _ steps: [Int]) -> [Double] {
    steps.map { (schedule.rate(at: $0) * 1e9).rounded() / 1e9 }
  }

  @Test func `a constant rate is constant`() {
    #expect(rates(LearningRateSchedule(base: 0.1), [0, 1, 1_000_000]) == [0.1, 0.1, 0.1])
  }

  @Test func `warm-up rises linearly and is followed by the base`() {
    let schedule = LearningRateSchedule(base: 0.4, warmUpSteps: 4)
    #expect(rates(schedule, [0, 1, 2, 3, 4]) == [0.1, 0.2, 0.3, 0.4, 0.4])
  }

  @Test func `steps multiply the rate, counted from the end of the warm-up`() {
    let schedule = LearningRateSchedule(base: 0.8, decay: .step(every: 10, factor: 0.5), warmUpSteps: 5)
    #expect(rates(schedule, [5, 14, 15, 24, 25]) == [0.8, 0.8, 0.4, 0.4, 0.2])
  }

  @Test func `a cosine ends at the final rate and stays there`() {
    let schedule = LearningRateSchedule(base: 1, decay: .cosine(steps: 4, final: 0.2), warmUpSteps: 2)
    #expect(rates(schedule, [1, 2, 3, 4, 6, 100]) == [1, 1, 0.882842712, 0.6, 0.2, 0.2])
  }
}
