package import Imaging
import InpaintingData
package import Tensors

/// Baselines without learning, which are evaluated beside every model. The raw values are their keys in JSON.
package enum Baseline: String, CaseIterable, Sendable {
  /// One color for the whole hole.
  case meanColor = "mean_color"
  /// The solution of Laplace's equation.
  case harmonic
  /// Fast marching from the boundary inwards.
  case telea
  /// Patches of the known picture.
  case patches

  /// The name in tables.
  package var title: String {
    switch self {
    case .meanColor: "Mean color"
    case .harmonic: "Harmonic"
    case .telea: "Telea"
    case .patches: "Patches"
    }
  }

  /// A description of the method, for display.
  package var definition: String {
    switch self {
    case .meanColor: "The mean color of the known pixels."
    case .harmonic:
      "The smoothest continuation: each missing pixel is the mean of its neighbors above, below, left and right "
        + "(Laplace's equation, solved to 10⁻⁸)."
    case .telea:
      "Colors carried inwards from the edge by fast marching, each a weighted mean within "
        + "\(Int(FastMarchingFill.radius)) pixels (Telea, 2004)."
    case .patches:
      "Patches of \(PatchFill.patchSide) x \(PatchFill.patchSide) known pixels, from coarse to fine those that fit best together "
        + "(Wexler et al., 2007; searched as by Barnes et al., 2009)."
    }
  }

  /// Fills a hole; known pixels stay as they are. If nothing is known, everything is mid-gray.
  ///
  /// The result does not depend on the machine.
  ///
  /// - Precondition: The sizes agree.
  package func fill(_ picture: Picture, hole: Hole) -> Picture {
    precondition(
      (picture.width, picture.height) == (hole.width, hole.height), "Baseline.fill: the picture and the hole must agree"
    )
    switch self {
    case .meanColor:
      var filled = Picture(meanColorFill(picture.tensor, holes: hole.tensor))
      // Known pixels are restored exactly, whatever the conversion has rounded.
      for value in filled.pixels.indices where hole.values[value / picture.channels] == 0 {
        filled.pixels[value] = picture.pixels[value]
      }
      return filled
    case .harmonic: return HarmonicFill.fill(PictureValues(picture), hole: hole).picture
    case .telea: return FastMarchingFill.fill(PictureValues(picture), hole: hole).picture
    case .patches:
      var filled = picture
      ClassicalFill.patches.fill(&filled, hole: hole, threads: 1)
      return filled
    }
  }
}

/// Fills each hole with the mean color of the picture's known pixels: the simplest baseline.
///
/// - Parameters:
///   - images: [batch, height, width, channels].
///   - holes: [batch or 1, height, width, 1], 1 where pixels are missing.
/// - Returns: The images with their holes filled; mid-gray (0) where nothing is known.
package func meanColorFill(_ images: Tensor, holes: Tensor) -> Tensor {
  let known = 1 - holes
  let count = maximum(known.sum(axes: [1, 2]), Tensor(1))
  let mean = (images * known).sum(axes: [1, 2]) / count
  return images * known + mean * holes
}
