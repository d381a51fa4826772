import Tensors

/// What a model made of pictures with holes.
public struct Filling: Sendable {
  /// A picture on the way to the result, such as a first, coarse guess.
  public struct Stage: Sendable {
    public let name: String
    /// The network's raw output, [batch, height, width, 3], also where pixels were known.
    public let pictures: Tensor

    public init(_ name: String, _ pictures: Tensor) {
      self.name = name
      self.pictures = pictures
    }
  }

  /// In the order of their making.
  public let stages: [Stage]
  /// The known pixels, bit for bit, with the last stage's in the holes: [batch, height, width, 3].
  public let completed: Tensor
  /// What training guides, if the model has shift connections.
  let shifted: [ShiftedFeatures]

  public init(stages: [Stage], completed: Tensor) {
    self.init(stages: stages, completed: completed, shifted: [])
  }

  init(stages: [Stage], completed: Tensor, shifted: [ShiftedFeatures]) {
    self.shifted = shifted
    self.stages = stages
    self.completed = completed
  }
}
