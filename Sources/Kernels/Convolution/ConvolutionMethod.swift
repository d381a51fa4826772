import Synchronization

/// Which algorithms convolutions may use.
package enum ConvolutionMethod: String, CaseIterable, Sendable {
  /// Whichever is fastest for the shape: Winograd's for 3x3 with stride 1, also after nearest-neighbour enlargement, and
  /// for 5x5 with stride 2; im2col for the rest. Winograd's sums are rounded differently: the largest error is a few 1e-5
  /// of the largest output.
  case fast
  /// im2col and matrix products for every shape.
  case exact

  private static let isExact = Atomic<Bool>(false)

  /// What the convolutions of a task use, whatever the rest of the process does.
  @TaskLocal package static var ofTask: ConvolutionMethod?

  /// What convolutions use: that of the task if it has one, or else that of the process, which can be set.
  package static var current: ConvolutionMethod {
    get { ofTask ?? (isExact.load(ordering: .relaxed) ? .exact : .fast) }
    set { isExact.store(newValue == .exact, ordering: .relaxed) }
  }

  /// Whether a convolution with `upsampling` can be computed on the small picture; if not, the picture must be enlarged
  /// before it.
  package static func computesEnlarged(_ geometry: ConvolutionGeometry) -> Bool {
    current == .fast && geometry.winogradPays
  }

  /// There is no other way for a convolution with `upsampling`, even if the method was changed after its forward pass.
  static func usesWinograd(_ geometry: ConvolutionGeometry) -> Bool {
    (current == .fast || geometry.upsampling > 1) && geometry.winogradPays
  }
}
