import Testing

@testable import Kernels

/// The ways in which a convolution may be computed.
struct Products: CustomTestStringConvertible, Sendable {
  let method: ConvolutionMethod
  let backEnd: GEMM.BackEnd

  static let exact = Products(method: .exact, backEnd: .packed)
  static let all = [
    exact, Products(method: .fast, backEnd: .packed), Products(method: .fast, backEnd: .openBLAS),
  ]

  var testDescription: String { method == .exact ? "exact" : "fast, \(backEnd.rawValue)" }

  /// Runs `body` with them.
  func use<Result>(_ body: () throws -> Result) rethrows -> Result {
    try ConvolutionMethod.$ofTask.withValue(method) { try GEMM.$ofTask.withValue(backEnd, operation: body) }
  }
}
