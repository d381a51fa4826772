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
  ///   - entries: The products that a census counted.
  ///   - steps: In how many steps it saw that.
  ///   - warmUp: The number of first runs that are not measured.
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

extension ConvolutionGeometry {
  /// The multiplications and additions of the direct method, of the convolution and of either of its gradients:
  /// 2 · batch · output pixels · kernel pixels · channels · filters. Padding counts, as everywhere.
  var directOperations: Double {
    2 * outputCount * Double(kernelHeight * kernelWidth) * Double(channels)
  }

  /// The bytes that have to move at least: input, filter and output once each, whichever of the three is computed.
  var leastBytes: Double {
    let input = Double(batch * height * width) * Double(channels)
    let filter = Double(kernelHeight * kernelWidth * channels) * Double(filters)
    return (input + filter + outputCount) * Double(MemoryLayout<Scalar>.stride)
  }

  /// Operations a byte: a kernel whose machine computes more than this while it fetches a byte waits for memory.
  var intensity: Double { directOperations / leastBytes }

  /// For people: `4x 64x64 96→192 3x3 dilation 2`.
  var summary: String {
    var words = ["\(batch)x", "\(height)x\(width)", "\(channels)→\(filters)", "\(kernelHeight)x\(kernelWidth)"]
    if stride > 1 { words.append("stride \(stride)") }
    if dilation > 1 { words.append("dilation \(dilation)") }
    if upsampling > 1 { words.append("after nearest x\(upsampling)") }
    return words.joined(separator: " ")
  }

  private var outputCount: Double { Double(batch * outputHeight * outputWidth) * Double(filters) }
}
