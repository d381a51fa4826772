import Synchronization

/// Which algorithms convolutions may use.
public enum ConvolutionMethod: String, CaseIterable, Sendable {
  /// Whichever is fastest for the shape: Winograd's for 3x3 with stride 1, im2col for the rest. Winograd's sums are
  /// rounded differently: the largest error is a few 1e-5 of the largest output.
  case fast
  /// im2col and matrix products for every shape.
  case exact

  private static let isExact = Atomic<Bool>(false)

  /// What all convolutions of the process use.
  public static var current: ConvolutionMethod {
    get { isExact.load(ordering: .relaxed) ? .exact : .fast }
    set { isExact.store(newValue == .exact, ordering: .relaxed) }
  }

  static func usesWinograd(_ geometry: ConvolutionGeometry) -> Bool {
    current == .fast && WinogradTiles.pays(geometry)
  }
}
