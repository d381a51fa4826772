import Foundation
import InpaintingData
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import InpaintingModels

@Suite struct DeepFillV1GeneratorObjectiveTests {
  private let batch = tinyBatch(size: 32)

  private func terms(_ model: DeepFillV1, _ batch: InpaintingBatch) -> [LossTerm] {
    model.generatorLoss(batch, model.fill(batch)).terms
  }

  /// By loops: the mean over all windows' values of |x − y| times what the place counts.
  private func windowError(_ pictures: Tensor, inHolesOnly: Bool = false) -> Double {
    let windows = HoleWindows(around: batch.holes, size: 16)
    var sum = 0.0
    for (sample, corner) in windows.corners.enumerated() {
      for row in 0..<16 {
        for column in 0..<16 {
          let (y, x) = (corner.row + row, corner.column + column)
          let near = min(row, 16 - row, column, 16 - column)
          let hole = inHolesOnly ? Double(batch.holes[sample, y, x, 0]) : 1
          for channel in 0..<3 {
            let error = pictures[sample, y, x, channel] - batch.images[sample, y, x, channel]
            sum += Double(Swift.abs(error)) * pow(0.9, Double(near)) * hole
          }
        }
      }
    }
    return sum / (2 * 16 * 16 * 3)
  }

  @Test func `terms have the weights that they are given`() {
    let model = tinyV1 {
      $0.losses.adversarial = 0.25
      $0.losses.reconstruction = 2
      $0.losses.autoencoding = 3
      $0.losses.coarse = 5
    }
    let terms = terms(model, batch)
    #expect(
      terms.map(\.name) == ["generator", "adversarial", "coarse", "coarse_known", "refined", "refined_known"])
    let values = terms.map { Double($0.value) }
    let expected = 0.25 * values[1] + 2 * (5 * values[2] + values[4]) + 3 * (5 * values[3] + values[5])
    #expect(abs(values[0] - expected) < 1e-4)
  }

  @Test func `errors around holes are discounted, and those of the raw pictures`() {
    let model = tinyV1()
    let stages = model.fill(batch).stages
    let found = terms(model, batch)
    #expect(abs(Double(found[2].value) - windowError(stages[0].pictures)) < 1e-5)
    #expect(abs(Double(found[4].value) - windowError(stages[1].pictures)) < 1e-5)
  }

  @Test func `they count in the holes alone if that is asked for`() {
    let model = tinyV1 { $0.losses.errorRegion = .hole }
    let found = terms(model, batch)[4].value
    let pictures = model.fill(batch).stages[1].pictures
    #expect(abs(Double(found) - windowError(pictures, inHolesOnly: true)) < 1e-5)
    let completed = windowError(batch.completed(with: pictures))
    #expect(abs(Double(found) - completed) < 1e-5)
  }

  @Test func `errors of known pixels are averaged over those`() {
    let model = tinyV1()
    let pictures = model.fill(batch).stages[0].pictures
    var (sum, count) = (0.0, 0.0)
    let errors = abs(pictures - batch.images).elements
    for (index, hole) in batch.holes.elements.enumerated() where hole == 0 {
      count += 3
      for channel in 0..<3 { sum += Double(errors[3 * index + channel]) }
    }
    #expect(abs(Double(terms(model, batch)[3].value) - sum / count) < 1e-5)
  }

  @Test func `pictures without a known pixel do no harm`() {
    let model = tinyV1()
    let missing = InpaintingBatch(images: batch.images, holes: .ones([1, 32, 32, 1]))
    let found = terms(model, missing)
    #expect(found[3].value == 0 && found[5].value == 0)
    #expect(found.allSatisfy { $0.value.isFinite })
  }

  @Test func `the adversarial term is minus both critics' mean scores of the completed pictures`() {
    let model = tinyV1 { $0.losses.globalAdversarial = 3 }
    let completed = model.fill(batch).completed
    let windows = HoleWindows(around: batch.holes, size: 16)
    let expected =
      -model.critic.local(windows.crop(completed)).mean() - 3 * model.critic.global(completed).mean()
    #expect(Swift.abs(terms(model, batch)[1].value - expected.scalar) < 1e-5)
  }

  @Test(.enabled(if: GradientCheck.isExact, "needs 64 bits"))
  func `its gradient agrees with finite differences`() {
    let model = tinyV1 { $0.losses.adversarial = 1 }
    let error = GradientCheck.largestError(at: model.generatorParameters, samples: 3) {
      model.generatorLoss(batch, model.fill(batch)).total
    }
    #expect(error < GradientCheck.tolerance)
  }
}
