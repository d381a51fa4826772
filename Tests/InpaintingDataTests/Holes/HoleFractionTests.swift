import Imaging
import Tensors
import Testing

@testable import InpaintingData
@testable import Support

@Suite struct HoleFractionTests {
  /// The mean and the 5 % and 95 % quantiles of the fractions of 400 holes.
  private func fractions(_ generator: any HoleGenerator) throws -> (mean: Double, low: Double, high: Double) {
    let fractions = try (0..<400).map { index in
      var stream = RandomStream(seed: 3, purpose: "fractions", step: index)
      return try generator.hole(width: 256, height: 256, using: &stream)?.missingFraction ?? .nan
    }.sorted()
    return (fractions.reduce(0, +) / 400, fractions[20], fractions[379])
  }

  @Test func `Strokes leave out as much as those of the paper's code`() throws {
    let measured = try fractions(FreeFormHoles())
    #expect(abs(measured.mean - 0.150) < 0.012)
    #expect(abs(measured.low - 0.039) < 0.012)
    #expect(abs(measured.high - 0.276) < 0.025)
  }

  @Test func `Boxes leave out as much as those of the paper's code`() throws {
    let measured = try fractions(BoxHoles(pictureSize: 256))
    #expect(abs(measured.mean - 0.191) < 0.006)
    #expect(abs(measured.low - 0.155) < 0.008)
    #expect(abs(measured.high - 0.234) < 0.008)
  }

  @Test func `Strokes and a box together leave out as much as those of the paper's code`() throws {
    let measured = try fractions(HoleConfiguration.deepFill(pictureSize: 256).generator(pictureSize: 256))
    #expect(abs(measured.mean - 0.309) < 0.014)
    #expect(abs(measured.low - 0.213) < 0.02)
    #expect(abs(measured.high - 0.419) < 0.03)
  }

  @Test func `Irregular holes stay within their range of fractions`() throws {
    let measured = try fractions(IrregularHoles())
    #expect(measured.low >= 0.15 && measured.high <= 0.65 && measured.low < measured.high - 0.1)
  }
}
