import Foundation
import Testing

@testable import Imaging

struct DifferenceOfGaussiansDetectorTests {
  @Test(arguments: EdgeReference.all)
  func `Ink is where the formula has it`(reference: EdgeReference) {
    let ink = DifferenceOfGaussiansDetector(tone: 1).edges(of: reference.picture)
    #expect(EdgeReference.differences(of: ink, from: reference.ink) == 0)
    let onWhite = DifferenceOfGaussiansDetector(epsilon: 0.5, tone: 0).edges(of: reference.picture)
    #expect(EdgeReference.differences(of: onWhite, from: reference.inkOnWhite) == 0)
  }

  @Test func `With tone, dark ground is ink; without, only the dark side of an edge is`() {
    let step = Picture(width: 30, height: 9) { x, _, _ in x < 15 ? 40 : 220 }
    let print = DifferenceOfGaussiansDetector(tone: 1).edges(of: step)
    #expect((0..<9).allSatisfy { y in (0..<15).allSatisfy { print.values[y * 30 + $0] == 1 } })
    #expect(print.values[29] == 0)
    let drawing = DifferenceOfGaussiansDetector(tone: 0).edges(of: step)
    #expect(drawing.values[14] == 1 && drawing.values[15] == 0 && drawing.values[0] == 0)
    #expect((18...45).contains(drawing.count))
  }
}

struct GaussianBlurTests {
  @Test func `A dot becomes a Gaussian up to four deviations`() {
    let dot = PictureValues(width: 41, height: 41) { $0 == 20 && $1 == 20 ? 1 : 0 }
    let blurred = GaussianBlur(sigma: 2).blurred(dot).values
    #expect(abs(blurred.reduce(0, +) - 1) < 1e-12)
    for (x, y) in [(1, 0), (0, 3), (4, 5), (8, 8)] {
      let ratio = blurred[(20 + y) * 41 + 20 + x] / blurred[20 * 41 + 20]
      #expect(abs(ratio - exp(-Double(x * x + y * y) / 8)) < 1e-12)
    }
    #expect(blurred[20 * 41 + 29] == 0)
  }

  @Test func `Even ground stays even at the borders, and in pictures smaller than the filter`() {
    for (width, height) in [(1, 1), (3, 2), (30, 9)] {
      let blurred = GaussianBlur(sigma: 3).blurred(PictureValues(width: width, height: height) { _, _ in 0.6 })
      #expect(blurred.values.allSatisfy { abs($0 - 0.6) < 1e-12 })
    }
  }

  @Test func `No deviation smooths nothing`() {
    let noise = PictureValues(lumaOf: .noise(width: 5, height: 4, channels: 1))
    #expect(zip(GaussianBlur(sigma: 0).blurred(noise).values, noise.values).allSatisfy { abs($0 - $1) < 1e-15 })
  }
}
