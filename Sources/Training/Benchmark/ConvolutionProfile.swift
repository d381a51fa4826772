import Kernels
import Tensors

/// The costs of the convolutions of a training step, shape by shape.
struct ConvolutionProfile {
  /// One pass of all convolutions of one shape.
  struct Row {
    let pass: ConvolutionPass
    let algorithm: ConvolutionAlgorithm
    /// The number of times that a step runs it.
    let runsPerStep: Double
    /// Of one run.
    let seconds: Samples

    var secondsPerStep: Double { runsPerStep * seconds.median }
  }

  struct Layer {
    let geometry: ConvolutionGeometry
    /// In the order of `ConvolutionPass`; a pass that no step runs has no row.
    let rows: [Row]

    var secondsPerStep: Double { rows.reduce(0) { $0 + $1.secondsPerStep } }
    var operationsPerStep: Double { rows.reduce(0) { $0 + $1.runsPerStep } * geometry.directOperations }
  }

  /// The most costly first.
  let layers: [Layer]

  /// - Parameters:
  ///   - entries: What a census saw.
  ///   - steps: In how many steps it saw that.
  ///   - warmUp: How many of these, the first, are not measured.
  init(_ entries: [ConvolutionCensus.Entry], steps: Int, warmUp: Int) {
    precondition(0 <= warmUp && warmUp < steps, "ConvolutionProfile: \(warmUp) of \(steps) steps are left out")
    var geometries: [ConvolutionGeometry] = []
    for entry in entries where !geometries.contains(entry.geometry) { geometries.append(entry.geometry) }
    let layers = geometries.map { geometry in
      let rows = ConvolutionPass.allCases.flatMap { pass in
        entries.filter { $0.geometry == geometry && $0.pass == pass }.map { entry in
          Row(
            pass: pass, algorithm: ConvolutionMethod.algorithm(of: geometry),
            runsPerStep: Double(entry.seconds.count) / Double(steps),
            seconds: Samples(Array(entry.seconds.dropFirst(entry.seconds.count * warmUp / steps))))
        }
      }
      return Layer(geometry: geometry, rows: rows)
    }
    self.layers = layers.enumerated()
      .sorted { ($1.element.secondsPerStep, $0.offset) < ($0.element.secondsPerStep, $1.offset) }.map(\.element)
  }

  var secondsPerStep: Double { layers.reduce(0) { $0 + $1.secondsPerStep } }
  var operationsPerStep: Double { layers.reduce(0) { $0 + $1.operationsPerStep } }
}
