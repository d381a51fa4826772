import InpaintingModels
import Testing

@testable import Training

@Suite struct StepTimeTests {
  @Test func `a phase that comes twice is measured once, and all steps count`() throws {
    let run = try SmallRun(
      #"model={"name": "partial_convolution", "width": 4, "levels": 3}"#, #"losses={"perceptual": 0, "style": 0}"#,
      "optimizers={}", "training.steps=60",
      """
      training.phases=[{"phase": "training", "steps": 10}, {"phase": "fine_tuning", "steps": 20}, {"phase": "training", "steps": 30}]
      """)
    let configuration = run.configuration
    let data = try TrainingData(
      configuration.data, holes: configuration.holes, conditions: configuration.model.conditions, seed: 0
    ) { _ in }
    let time = try StepTime(configuration, data: data)
    let seconds = time.phases.map(\.seconds)
    #expect(time.phases.map(\.phase.name) == ["training", "fine_tuning", "training"])
    #expect(seconds.allSatisfy { $0 > 0 } && seconds[0] == seconds[2] && seconds[0] != seconds[1])
    #expect(abs(time.total - (40 * seconds[0] + 20 * seconds[1])) < 1e-9 * time.total)
    #expect(time.summary.contains(" s a step of fine_tuning, ") && time.summary.hasSuffix(" in all"))
  }
}
