/// One of the three products that a convolution and its differentiation take.
package enum ConvolutionPass: String, CaseIterable, Sendable {
  case forward
  case inputGradient = "input gradient"
  case filterGradient = "filter gradient"
}

/// An algorithm of convolutions and their gradients.
package enum ConvolutionAlgorithm: String, CaseIterable, Sendable {
  /// Matrix products with the input's patches.
  case im2col
  /// Winograd's minimal filtering.
  case winograd = "Winograd"
}

extension ConvolutionMethod {
  /// The algorithm that a convolution and its differentiation take at present.
  package static func algorithm(of geometry: ConvolutionGeometry) -> ConvolutionAlgorithm {
    usesWinograd(geometry) ? .winograd : .im2col
  }
}
