import Testing

@testable import Kernels

@Suite struct ConvolutionGeometryTests {
  /// An output pixel exists for every position of the window that lies within the padded picture.
  @Test(arguments: ConvolutionGeometry.all)
  func `output sizes count the positions of the window`(geometry: ConvolutionGeometry) {
    func positions(_ size: Int, _ kernel: Int) -> Int {
      Swift.stride(from: 0, to: size - geometry.dilation * (kernel - 1), by: geometry.stride).map { $0 }.count
    }
    let padding = geometry.padding
    #expect(
      geometry.outputHeight == positions(geometry.height + padding.top + padding.bottom, geometry.kernelHeight))
    #expect(geometry.outputWidth == positions(geometry.width + padding.left + padding.right, geometry.kernelWidth))
  }

  @Test func `padding on every side`() {
    #expect(Padding(2) == Padding(top: 2, bottom: 2, left: 2, right: 2))
    #expect(Padding.none == Padding())
  }
}
