import TestSupport

@testable import Kernels

extension ConvolutionGeometry {
  /// Geometries of a form that minimal filtering computes, however little it would pay: ragged sizes, dilations, every
  /// padding, strides over even and odd sizes, enlarged pictures, three taps and four, filters that fill a panel and that
  /// leave half of one empty.
  static let forWinograd: [ConvolutionGeometry] = {
    var result: [ConvolutionGeometry] = []
    for (channels, filters) in [(8, 16), (16, 24), (24, 8)] {
      for dilation in [1, 2, 3, 16] {
        for padding in [Padding(dilation), Padding(top: 0, bottom: 3, left: 2 * dilation, right: 1)] {
          guard 9 + padding.top + padding.bottom > 2 * dilation else { continue }
          result.append(
            ConvolutionGeometry(
              kernel: 3, dilation: dilation, batch: 2, size: 9, channels: channels, filters: filters,
              padding: padding))
        }
      }
      for padding in [Padding(1), .none, Padding(2), Padding(top: 2, bottom: 1, left: 0, right: 3)] {
        for size in [9, 10, 11] {
          result.append(
            ConvolutionGeometry(
              kernel: 4, batch: 2, size: size, channels: channels, filters: filters, padding: padding))
        }
      }
      result.append(
        ConvolutionGeometry(
          kernel: 4, dilation: 2, batch: 2, size: 9, channels: channels, filters: filters,
          padding: Padding(top: 3, bottom: 2, left: 6, right: 0)))
      for (kernel, before) in [(4, 1), (5, 0), (5, 1), (5, 2), (6, 2)] {
        for size in [8, 11] {
          result.append(
            ConvolutionGeometry(
              kernel: kernel, stride: 2, batch: 2, size: size, channels: channels, filters: filters,
              padding: Padding(top: before, bottom: 2, left: before, right: 1)))
        }
      }
      for size in [1, 5] {
        result.append(
          ConvolutionGeometry(
            batch: 2, height: size, width: size + 2, channels: channels, filters: filters, kernelHeight: 3,
            kernelWidth: 3, stride: 1, dilation: 1, padding: Padding(1), upsampling: 2))
      }
    }
    // Rows and columns that are shifted against the stride differently.
    result.append(
      ConvolutionGeometry(
        kernel: 5, stride: 2, size: 10, channels: 8, filters: 8, padding: Padding(top: 1, bottom: 2, left: 2, right: 1))
    )
    return result
  }()
}

/// Winograd's sums are rounded differently: of values that cancel, more is lost.
let winogradTolerance = tolerance(1.5e-5, 2e-12)

/// Rounding errors of the transforms where nothing is summed.
func withoutTraces(_ values: [Scalar]) -> [Scalar] { values.map { Double(abs($0)) < tolerance(1e-5, 1e-13) ? 0 : $0 } }
