import Synchronization

/// The algorithms that convolutions may use.
package enum ConvolutionMethod: String, CaseIterable, Sendable {
  /// The fastest for the shape: Winograd's for 3x3 with stride 1, also after nearest-neighbor enlargement, and
  /// for 5x5 with stride 2; im2col for the rest, with an order of its own for few channels; and for the products
  /// `GEMM.backEnd`. Winograd's sums are rounded differently: the largest error is a few 1e-5 of the largest output.
  case fast
  /// im2col and OpenBLAS's matrix products for every shape and every gradient, and nothing else.
  case exact

  private static let isExact = Atomic<Bool>(false)

  /// The method of a task, whatever the rest of the process uses.
  @TaskLocal package static var ofTask: ConvolutionMethod?

  /// The method in use: that of the task if it has one, or else that of the process, which can be set.
  package static var current: ConvolutionMethod {
    get { ofTask ?? (isExact.load(ordering: .relaxed) ? .exact : .fast) }
    set { isExact.store(newValue == .exact, ordering: .relaxed) }
  }

  /// True if a convolution with `upsampling` is computed on the small picture. If not, it is faster to enlarge the picture
  /// before it.
  package static func computesEnlarged(_ geometry: ConvolutionGeometry) -> Bool {
    current == .exact || geometry.winogradPays
  }

  /// The back end of the products of convolutions.
  package static var backEnd: GEMM.BackEnd { current == .exact ? .openBLAS : GEMM.backEnd }

  static func usesWinograd(_ geometry: ConvolutionGeometry) -> Bool { current == .fast && geometry.winogradPays }

  static func usesNarrowOutput(_ geometry: ConvolutionGeometry) -> Bool {
    current == .fast && geometry.hasNarrowOutput
  }

  static func usesNarrowInput(_ geometry: ConvolutionGeometry) -> Bool {
    current == .fast && geometry.upsampling == 1 && geometry.channels <= Microkernel.columns / 2
  }
}
