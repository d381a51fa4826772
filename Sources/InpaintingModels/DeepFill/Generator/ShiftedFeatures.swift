import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// The decoder's features that a shift connection compared while a picture was filled, for a loss of training:
/// they should be like the encoder's features of the whole picture (Yan et al., 2018, section 3.1).
struct ShiftedFeatures: Sendable {
  /// [batch, height, width, channels].
  let decoded: Tensor
  let scale: Int
  private let options: ShiftLayer.Options

  init(_ decoded: Tensor, scale: Int, _ shift: ShiftLayer) {
    self.decoded = decoded
    self.scale = scale
    options = shift.options
  }

  /// The distance of missing cells from what they should be.
  ///
  /// - Parameters:
  ///   - whole: The network's input, with nothing missing.
  ///   - holes: [batch or 1, height, width, 1], of the pictures.
  ///   - cells: The number of missing cells that the sum is divided by; nil for those of these pictures.
  func shiftTargetLoss(_ path: RefinementPath, whole: Tensor, holes: Tensor, cells: Scalar? = nil) -> Tensor {
    let target = Tape.pausing { path.encoded(whole, scale: scale) }
    let missing = ShiftLayer(options: options)
      .missingCells(of: holes, height: decoded.shape[1], width: decoded.shape[2])
    return NeuralNetworks.shiftTargetLoss(decoded, target: target, hole: missing, cells: cells)
  }
}

extension RefinementPath {
  /// The number of cells that are missing in all pictures, for each shift connection in the order of the
  /// `ShiftedFeatures`.
  func missingCells(of batch: InpaintingBatch) -> [Scalar] {
    let (count, height, width) = (batch.images.shape[0], batch.images.shape[1], batch.images.shape[2])
    return [4, 2, 1].compactMap { scale in
      attention.shift(at: scale).map { shift in
        let missing = ShiftLayer(options: shift.options)
          .missingCells(of: batch.holes, height: height / scale, width: width / scale)
        return missing.sum().scalar * Scalar(count / missing.shape[0])
      }
    }
  }
}

extension [ShiftedFeatures] {
  /// The sum over all shift connections; nil if there is none.
  ///
  /// - Parameter cells: The numbers of missing cells, one a connection.
  func shiftTargetLoss(_ path: RefinementPath, whole: Tensor, holes: Tensor, cells: [Scalar]) -> Tensor? {
    guard !isEmpty else { return nil }
    precondition(cells.count == count, "shiftTargetLoss: \(cells.count) numbers for \(count) shift connections")
    return zip(self, cells).map { $0.shiftTargetLoss(path, whole: whole, holes: holes, cells: $1) }.reduce(Tensor(0), +)
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
