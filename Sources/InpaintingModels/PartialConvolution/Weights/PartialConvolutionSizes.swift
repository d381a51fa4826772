package import Support
package import Tensors

/// The width and the depth of networks whose weights are in a file.
extension PartialConvolutionConfiguration {
  package static func settings(
    ofShapes shape: (_ network: String, _ parameter: String) -> Shape?
  ) -> [(key: String, value: JSONValue?)] {
    func filter(_ level: Int) -> Shape? { shape("generator", "encoder.\(level).convolution.weight") }
    var configuration = PartialConvolutionConfiguration()
    let levels = (0..<8).prefix { filter($0) != nil }.count
    if levels >= 2 { configuration.levels = levels }
    // The deepest layer must confirm the first one, or the published width is expected.
    let published = configuration.width
    if let width = filter(0)?.last, (1...512).contains(width) { configuration.width = width }
    let last = configuration.levels - 1
    let kernel = kernel(ofLevel: last)
    let confirmed: Shape = [
      kernel, kernel, configuration.channels(enteringLevel: last), configuration.channels(enteringLevel: last + 1),
    ]
    if filter(last) != confirmed { configuration.width = published }
    return [("width", JSONValue(configuration.width)), ("levels", JSONValue(configuration.levels))]
  }
}
