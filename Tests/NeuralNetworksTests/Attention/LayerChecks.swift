import Tensors
import TestSupport

@testable import NeuralNetworks

/// Checks that all attention layers share.
enum LayerChecks {
  /// The largest difference of two layers with the same weights: of what they give, of its gradients at the features
  /// and at the parameters, and of gradients of these.
  static func largestDifference(between one: some Layer, and other: some Layer, at x: Tensor) -> Double {
    let (found, expected) = (results(of: one, at: x), results(of: other, at: x))
    return zip(found, expected).map { $0.largestDifference(from: $1) }.max()!
  }

  /// The positions from which what comes out at one position draws: those at which its gradient is not 0.
  static func reach(of layer: some Layer, toRow row: Int, column: Int, in x: Tensor) -> Set<[Int]> {
    let slope = gradient(at: x) {
      layer($0).sliced([0..<1, row..<row + 1, column..<column + 1, 0..<x.shape[3]]).sum()
    }
    return Set(
      slope.elements.enumerated().filter { $0.element != 0 }.map {
        let position = $0.offset / x.shape[3]
        return [position / x.shape[2], position % x.shape[2]]
      })
  }

  private static func results(of layer: some Layer, at x: Tensor) -> [Tensor] {
    let input = Parameter(x)
    let all = [input] + layer.parameters
    func slopes() -> [Tensor] {
      valueWithGradient(at: all) { dot(layer(input.value), .wave(x.shape, frequency: 0.9)) }.gradient
    }
    let second = valueWithGradient(at: all) { slopes().reduce(Tensor(0)) { $0 + square($1).sum() } }.gradient
    return [layer(x)] + slopes() + second
  }
}

/// The first step of an untrained layer with a gate.
struct FirstStep {
  /// True if the output is the input bit for bit.
  let isIdentity: Bool
  /// The names of the parameters that learn: whose gradient is not 0.
  let learning: [String]

  init(of layer: some Layer, at x: Tensor) {
    isIdentity = areIdentical(layer(x).elements, x.elements)
    let parameters = layer.namedParameters
    let slopes = valueWithGradient(at: parameters.map(\.parameter)) { dot(layer(x), .wave(x.shape)) }.gradient
    learning = zip(parameters, slopes).filter { $1.elements.contains { $0 != 0 } }.map(\.0.name)
  }
}
