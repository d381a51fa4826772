import Foundation

/// Lines as if drawn in ink: extended differences of Gaussians (Winnemöller, Kyprianidis and Olsen, 2012, "XDoG: An
/// eXtended Difference-of-Gaussians Compendium"). Lines are thicker than Canny's.
///
/// Of the brightness y, 0...1, S = (1 + p) G_sigma∗y − p G_(k·sigma)∗y; the result is 1 from epsilon on and
/// 1 + tanh(phi (S − epsilon)) below, and what is below ½ is ink. Even ground darker than epsilon is thus ink all over, as
/// in a print: three quarters of an ordinary photograph. Without tone, as usual here, ground is white, and only lines are
/// drawn.
package struct DifferenceOfGaussiansDetector: Hashable, Sendable {
  /// The standard deviation of the narrower Gaussian, in pixels: half of a line's width, roughly.
  package var sigma: Double
  /// The wider Gaussian's deviation, as a multiple of the narrower one's.
  package var k: Double
  /// The weight of their difference.
  package var p: Double
  /// The sharpened brightness from which on all is white.
  package var epsilon: Double
  /// The steepness of the fall below it.
  package var phi: Double
  /// The weight of the picture's own brightness against white, 0...1: 1 is the paper's formula, and
  /// 0 is S = 1 + p (G_sigma∗y − G_(k·sigma)∗y), lines on the dark side of edges.
  package var tone: Double

  package init(
    sigma: Double = 1, k: Double = 1.6, p: Double = 20, epsilon: Double = 0.65, phi: Double = 60, tone: Double = 0
  ) {
    self.sigma = sigma
    self.k = k
    self.p = p
    self.epsilon = epsilon
    self.phi = phi
    self.tone = tone
  }

  /// The lines of a picture; opacities play no part.
  ///
  /// - Precondition: `sigma` and `k` are finite and not negative; `phi` is positive.
  package func edges(of picture: Picture) -> EdgeMap {
    precondition(phi > 0, "DifferenceOfGaussiansDetector.edges: expected a positive phi, found \(phi)")
    let brightness = PictureValues(brightnessOf: picture)
    let narrow = GaussianBlur(sigma: sigma).blurred(brightness).values
    let wide = GaussianBlur(sigma: k * sigma).blurred(brightness).values
    // The result grows with S: it is ½ where tanh is −½. What white adds to S is taken from the other side.
    let threshold = epsilon - atanh(0.5) / phi - (1 - tone)
    let ink = zip(narrow, wide).map { narrow, wide in
      (tone + p) * narrow - p * wide < threshold ? 1 : 0 as UInt8
    }
    return EdgeMap(width: picture.width, height: picture.height, values: ink)
  }
}
