import InpaintingData
import NeuralNetworks
import Support
import Tensors

/// DeepFill's generator: a coarse and a refinement network (Yu et al., 2018, figure 2; 2019, figure 3), or the
/// refinement network alone.
final class DeepFillGenerator<Convolution: DeepFillConvolution>: Module {
  /// The first stage; nil if the initial fill replaces the coarse picture.
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
    takesEdges = configuration.takesEdges
    refinementTakes = configuration.refinementTakes
    nearest = configuration.nearest
    holeReduction = configuration.holeReduction
  }

  /// The raw output of both stages, [batch, height, width, 3], in −1...1; it may exceed that slightly if the stages
  /// predict residuals. `coarse` is nil without a first stage; `shifted` is for the loss of shift connections.
  ///
  /// - Precondition: Height and width are multiples of 8, and the batch has edges if the networks take any.
  func callAsFunction(
    _ batch: InpaintingBatch
  ) -> (coarse: Tensor?, refined: Tensor, shifted: [ShiftedFeatures]) {
    let coarse = coarsePictures(batch)
    let (refined, shifted) = refinedPictures(batch, coarse: coarse ?? start.pictures(of: batch))
    return (coarse, refined, shifted)
  }

  /// The raw output of both stages, with multi-scale test-time augmentation of the last stage if `testScales` is 2.
  ///
  /// - Precondition: Height and width are multiples of the configuration's `sizeMultiple`, and the batch has edges if
  ///   the networks take any.
  func predictionOverScales(_ batch: InpaintingBatch) -> (coarse: Tensor?, refined: Tensor, shifted: [ShiftedFeatures])
  {
    let (coarse, refined, shifted) = self(batch)
    guard testScales > 1 else { return (coarse, refined, shifted) }
    return (coarse, MultiScaleTest.pictures(refined, batch) { self($0).refined }, shifted)
  }

  /// The raw output of the first stage, [batch, height, width, 3]; nil without a first stage.
  ///
  /// - Precondition: As for `callAsFunction`.
  func coarsePictures(_ batch: InpaintingBatch) -> Tensor? {
    checkSize(batch)
    guard let coarse else { return nil }
    let pictures = start.pictures(of: batch)
    return stage(coarse(input(pictures, edges(of: batch), batch.holes)), after: pictures, batch)
  }

  /// The edges inside the holes, [batch, height, width, 1]; empty if the networks take no edges.
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

  /// The raw output of the second stage, [batch, height, width, 3].
  ///
  /// - Parameter coarse: The first stage's raw output, or the initial fill, [batch, height, width, 3].
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

  /// A stage's raw output: the limited output of its network, or the sum of its input picture and the residual in the
  /// holes.
  ///
  /// - Parameters:
  ///   - output: The output of the network's last layer, [batch, height, width, 3].
  ///   - pictures: The pictures in the network's input, [batch, height, width, 3].
  private func stage(_ output: Tensor, after pictures: Tensor, _ batch: InpaintingBatch) -> Tensor {
    switch start {
    case .published: Convolution.outputActivation(output)
    case .harmonic, .patches: pictures + output * batch.holes
    }
  }

  /// The guidance loss of the shift connections (Yan et al., 2018, section 3.1); nil without any.
  ///
  /// - Parameter missingPositions: The number of missing positions of each shift connection.
  func shiftGuidanceLoss(_ shifted: [ShiftedFeatures], _ batch: InpaintingBatch, missingPositions: [Scalar]) -> Tensor?
  {
    let none = Tensor.zeros([1, batch.images.shape[1], batch.images.shape[2], 1])
    let whole = refinementInput(batch.images, batch, none)
    return shifted.shiftGuidanceLoss(
      refinement.path, whole: whole, holes: batch.holes, missingPositions: missingPositions)
  }

  /// The second stage's input, [batch, height, width, channels].
  private func refinementInput(_ pictures: Tensor, _ batch: InpaintingBatch, _ holes: Tensor) -> Tensor {
    switch refinementTakes {
    case .pictures: pictures
    case .holes: input(pictures, [], holes)
    case .everything: input(pictures, edges(of: batch), holes)
    }
  }

  /// The concatenation of pictures, edges (if any), ones and holes, [batch, height, width, channels]. The ones let the
  /// network tell zero padding from gray.
  private func input(_ pictures: Tensor, _ edges: [Tensor], _ holes: Tensor) -> Tensor {
    let plane = Array(pictures.shape.dropLast()) + [1]
    return concatenate([pictures] + edges + [.ones(plane), holes.expanded(to: plane)], axis: -1)
  }
}

extension InpaintingBatch {
  /// The edge map inside the holes, zeros outside: [batch or 1, height, width, 1].
  ///
  /// - Precondition: The batch has edges.
  var edgesInHoles: Tensor {
    guard let edges = self[.edges] else { preconditionFailure("DeepFill v2: a guided model needs a batch with edges") }
    return edges * holes
  }
}

/// The decoder's features at a shift connection, recorded in a forward pass for the guidance loss, which compares them
/// with the encoder's features of the original picture (Yan et al., 2018, section 3.1).
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

  /// The distance of the features at missing positions from the encoder's features of the original.
  ///
  /// - Parameters:
  ///   - whole: The network's input for the original pictures, with no holes.
  ///   - holes: The holes at the pictures' size, [batch or 1, height, width, 1].
  ///   - missingPositions: The divisor; nil for the number of missing positions of these pictures.
  func shiftGuidanceLoss(_ path: RefinementPath, whole: Tensor, holes: Tensor, missingPositions: Scalar? = nil)
    -> Tensor
  {
    let target = Tape.pausing { path.encoded(whole, scale: scale) }
    let missing = ShiftLayer(options: options)
      .missingPositions(of: holes, height: decoded.shape[1], width: decoded.shape[2])
    return NeuralNetworks.shiftGuidanceLoss(decoded, target: target, hole: missing, missingPositions: missingPositions)
  }
}

extension RefinementPath {
  /// The number of missing positions over the batch for each shift connection, in the order of the `ShiftedFeatures`.
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
  /// The sum of the guidance losses of all shift connections; nil without any.
  ///
  /// - Parameter missingPositions: The number of missing positions of each shift connection.
  func shiftGuidanceLoss(_ path: RefinementPath, whole: Tensor, holes: Tensor, missingPositions: [Scalar]) -> Tensor? {
    guard !isEmpty else { return nil }
    precondition(
      missingPositions.count == count,
      "shiftGuidanceLoss: \(missingPositions.count) numbers for \(count) shift connections")
    return zip(self, missingPositions).map {
      $0.shiftGuidanceLoss(path, whole: whole, holes: holes, missingPositions: $1)
    }.reduce(
      Tensor(0), +)
  }
}

extension [AttentionEntry] {
  /// Reads the weight of the guidance loss, a key that is allowed only with a shift connection.
  ///
  /// - Parameter published: The default, which is also returned without a shift connection.
  func shiftTargetWeight(_ losses: JSONReader, _ published: Double) throws -> Double {
    guard contains(where: { $0.factory is ShiftFactory }) else { return published }
    return try losses.real("shift_guidance", in: .nonNegative, default: published)
  }
}
