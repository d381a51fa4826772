import NeuralNetworks
import Support
import Tensors

/// The decoder's features that a shift connection compared while a picture was filled, for a loss of training:
/// they should be like the encoder's features of the whole picture (Yan et al., 2018, section 3.1).
struct ShiftedFeatures: Sendable {
  /// [batch, height, width, channels].
  let decoded: Tensor
  let scale: Int
  private let missing: @Sendable (_ holes: Tensor) -> Tensor

  init(_ decoded: Tensor, scale: Int, _ shift: ShiftLayer) {
    self.decoded = decoded
    self.scale = scale
    let (height, width) = (decoded.shape[1], decoded.shape[2])
    let options = shift.options
    missing = { ShiftLayer(options: options).missingCells(of: $0, height: height, width: width) }
  }

  /// The distance of missing cells from what they should be.
  ///
  /// - Parameters:
  ///   - whole: The network's input, with nothing missing.
  ///   - holes: [batch or 1, height, width, 1], of the pictures.
  func shiftTargetLoss(_ path: RefinementPath, whole: Tensor, holes: Tensor) -> Tensor {
    let target = Tape.pausing { path.encoded(whole, scale: scale) }
    return NeuralNetworks.shiftTargetLoss(decoded, target: target, hole: missing(holes))
  }
}

extension [ShiftedFeatures] {
  /// The sum over all shift connections; nil if there is none.
  func shiftTargetLoss(_ path: RefinementPath, whole: Tensor, holes: Tensor) -> Tensor? {
    isEmpty ? nil : map { $0.shiftTargetLoss(path, whole: whole, holes: holes) }.reduce(Tensor(0), +)
  }
}

extension [AttentionEntry] {
  /// Reads the weight of that loss: a key that there is only with a shift connection.
  ///
  /// - Parameter published: Its usual value, also without.
  func shiftTargetWeight(_ losses: JSONReader, _ published: Double) throws -> Double {
    guard contains(where: { $0.factory is ShiftFactory }) else { return published }
    return try losses.real("shift_guidance", in: .nonNegative, default: published)
  }
}
