import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// DeepFill's generator: a coarse and a refined picture (Yu et al., 2018, figure 2; 2019, figure 3), or a refined one alone.
final class DeepFillGenerator<Convolution: DeepFillConvolution>: Module {
  /// Nil if the start takes the place of a coarse picture.
  let coarse: DeepFillCoarseNetwork<Convolution>?
  let refinement: DeepFillRefinementNetwork<Convolution>
  private let start: Start
  private let testScales: Int
  private let takesEdges: Bool
  private let refinementTakes: RefinementTakes
  private let nearest: DeepFillNearest
  private let holeReduction: HoleReduction

  init(_ configuration: some DeepFillConfiguration, initialization: Initialization) {
    coarse =
      configuration.hasCoarseStage
      ? DeepFillCoarseNetwork(
        inputs: configuration.coarseInputs, channels: configuration.channels,
        layer: DeepFillLayers(configuration, initialization: initialization["coarse"])) : nil
    refinement = DeepFillRefinementNetwork(configuration, initialization: initialization["refinement"])
    start = configuration.start
    testScales = configuration.testScales
    takesEdges = configuration.guidance
    refinementTakes = configuration.refinementTakes
    nearest = configuration.nearest
    holeReduction = configuration.holeReduction
  }

  /// The stages' raw pictures, [batch, height, width, 3]: in −1...1 as published, nearly so with another start. The coarse
  /// ones are nil if there is no stage that makes any.
  ///
  /// - Precondition: Height and width are multiples of 8, and there are edges if the configuration says so.
  func callAsFunction(
    _ batch: InpaintingBatch
  ) -> (coarse: Tensor?, refined: Tensor, shifted: [ShiftedFeatures]) {
    let coarse = coarsePictures(batch)
    let (refined, shifted) = refinedPictures(batch, coarse: coarse ?? start.pictures(of: batch))
    return (coarse, refined, shifted)
  }

  /// The stages' raw pictures when pictures are filled: those of the last stage are the mean of as many scales as the
  /// configuration says.
  ///
  /// - Precondition: Height and width are multiples of the configuration's `sizeMultiple`; otherwise as above.
  func tested(_ batch: InpaintingBatch) -> (coarse: Tensor?, refined: Tensor, shifted: [ShiftedFeatures]) {
    let (coarse, refined, shifted) = self(batch)
    guard testScales > 1 else { return (coarse, refined, shifted) }
    return (coarse, MultiScaleTest.pictures(refined, batch) { self($0).refined }, shifted)
  }

  /// The first stage's raw pictures; nil if there is none.
  ///
  /// - Precondition: As above.
  func coarsePictures(_ batch: InpaintingBatch) -> Tensor? {
    checkSize(batch)
    guard let coarse else { return nil }
    let pictures = start.pictures(of: batch)
    return stage(coarse(input(pictures, edges(of: batch), batch.holes)), after: pictures, batch)
  }

  /// The edges inside the holes, [batch, height, width, 1], if the networks take any.
  private func edges(of batch: InpaintingBatch) -> [Tensor] {
    takesEdges ? [batch.edgesInHoles.expanded(to: Array(batch.images.shape.dropLast()) + [1])] : []
  }

  private func checkSize(_ batch: InpaintingBatch) {
    let (height, width) = (batch.images.shape[1], batch.images.shape[2])
    precondition(
      height % deepFillSizeMultiple == 0 && width % deepFillSizeMultiple == 0 && height > 0 && width > 0,
      "DeepFill: expected a height and width that are multiples of \(deepFillSizeMultiple), found \(height)x\(width); "
        + "pad or crop the pictures")
  }

  /// The second stage's raw pictures, in the same shape.
  func refinedPictures(
    _ batch: InpaintingBatch, coarse: Tensor
  ) -> (pictures: Tensor, shifted: [ShiftedFeatures]) {
    let completed = batch.completed(with: coarse)
    let inputs = AttentionInputs(holes: batch.holes, pictures: completed) { [nearest, holeReduction] in
      holeReduction.reduced($0, nearest, by: $1)
    }
    let (output, shifted) = refinement(refinementInput(completed, batch, batch.holes), inputs)
    return (stage(output, after: completed, batch), shifted)
  }

  /// A stage's raw pictures.
  ///
  /// - Parameters:
  ///   - output: That of its network.
  ///   - pictures: Those that the network got.
  private func stage(_ output: Tensor, after pictures: Tensor, _ batch: InpaintingBatch) -> Tensor {
    switch start {
    case .published: Convolution.limited(output)
    case .harmonic, .patches: pictures + output * batch.holes
    }
  }

  /// The distance of what shift connections compare from what it should be; nil if there are none.
  ///
  /// - Parameter cells: The numbers of missing cells, one a connection.
  func shiftTargetLoss(_ shifted: [ShiftedFeatures], _ batch: InpaintingBatch, cells: [Scalar]) -> Tensor? {
    let none = Tensor.zeros([1, batch.images.shape[1], batch.images.shape[2], 1])
    let whole = refinementInput(batch.images, batch, none)
    return shifted.shiftTargetLoss(refinement.path, whole: whole, holes: batch.holes, cells: cells)
  }

  /// The second stage's input.
  private func refinementInput(_ pictures: Tensor, _ batch: InpaintingBatch, _ holes: Tensor) -> Tensor {
    switch refinementTakes {
    case .pictures: pictures
    case .holes: input(pictures, [], holes)
    case .everything: input(pictures, edges(of: batch), holes)
    }
  }

  /// Pictures, edges inside the holes if there are any, ones (so that zeros at the borders can be told from gray), and
  /// holes.
  private func input(_ pictures: Tensor, _ edges: [Tensor], _ holes: Tensor) -> Tensor {
    let plane = Array(pictures.shape.dropLast()) + [1]
    return concatenate([pictures] + edges + [.ones(plane), holes.expanded(to: plane)], axis: -1)
  }
}

extension InpaintingBatch {
  /// The edges, without those that would tell of known pixels.
  ///
  /// - Precondition: The batch has edges.
  var edgesInHoles: Tensor {
    guard let edges = self[.edges] else { preconditionFailure("DeepFill v2: a guided model needs a batch with edges") }
    return edges * holes
  }
}

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
      .missingPositions(of: holes, height: decoded.shape[1], width: decoded.shape[2])
    return NeuralNetworks.shiftTargetLoss(decoded, target: target, hole: missing, cells: cells)
  }
}

extension RefinementPath {
  /// The number of cells that are missing in all pictures, for each shift connection in the order of the
  /// `ShiftedFeatures`.
  func missingPositions(of batch: InpaintingBatch) -> [Scalar] {
    let (count, height, width) = (batch.images.shape[0], batch.images.shape[1], batch.images.shape[2])
    return [4, 2, 1].compactMap { scale in
      attention.shift(at: scale).map { shift in
        let missing = ShiftLayer(options: shift.options)
          .missingPositions(of: batch.holes, height: height / scale, width: width / scale)
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
