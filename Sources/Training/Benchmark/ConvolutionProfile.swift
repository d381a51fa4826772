import Kernels
import Tensors

/// The cost of the convolutions of a training step, grouped by shape.
struct ConvolutionProfile {
  /// One pass (forward or one of the gradients) of all convolutions of one shape.
  struct Row {
    let pass: ConvolutionPass
    let algorithm: ConvolutionAlgorithm
    /// The number of runs per training step.
    let runsPerStep: Double
    /// The time of one run.
    let seconds: Samples

    var secondsPerStep: Double { runsPerStep * seconds.median }
  }

  struct Layer {
    let geometry: ConvolutionGeometry
    /// The passes, in the order of `ConvolutionPass`, without those that no step runs.
    let rows: [Row]

    var secondsPerStep: Double { rows.reduce(0) { $0 + $1.secondsPerStep } }
    var operationsPerStep: Double { rows.reduce(0) { $0 + $1.runsPerStep } * geometry.directOperations }
  }

  /// The shapes, in descending order of time per step.
  let layers: [Layer]

  /// - Parameters:
  ///   - entries: The convolutions that a census has recorded.
  ///   - steps: The number of training steps that were recorded.
  ///   - warmUp: The number of warm-up steps at their beginning, whose times are left out.
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
  /// The number of multiplications and additions of direct convolution, equal for the forward pass and for each of the two
  /// gradients: 2 · batch · output pixels · kernel pixels · channels · filters. Products with padding are counted.
  var directOperations: Double {
    2 * outputCount * Double(kernelHeight * kernelWidth) * Double(channels)
  }

  /// The minimum memory traffic in bytes: input, filter and output are each read or written once, whichever of the three
  /// is computed.
  var leastBytes: Double {
    let input = Double(batch * height * width) * Double(channels)
    let filter = Double(kernelHeight * kernelWidth * channels) * Double(filters)
    return (input + filter + outputCount) * Double(MemoryLayout<Scalar>.stride)
  }

  /// The arithmetic intensity, in operations per byte: a kernel is limited by memory on a machine that can compute more
  /// operations than this in the time in which it transfers a byte.
  var intensity: Double { directOperations / leastBytes }

  /// Batch, height x width, channels → filters, kernel, and stride, dilation and upsampling other than 1, such as
  /// `4x 64x64 96→192 3x3 dilation 2`.
  var summary: String {
    var words = ["\(batch)x", "\(height)x\(width)", "\(channels)→\(filters)", "\(kernelHeight)x\(kernelWidth)"]
    if stride > 1 { words.append("stride \(stride)") }
    if dilation > 1 { words.append("dilation \(dilation)") }
    if upsampling > 1 { words.append("after nearest x\(upsampling)") }
    return words.joined(separator: " ")
  }

  private var outputCount: Double { Double(batch * outputHeight * outputWidth) * Double(filters) }
}
