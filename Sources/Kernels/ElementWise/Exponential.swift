import Foundation

#if DoublePrecision
  @inline(__always)
  func exponential(_ x: Scalar) -> Scalar { Foundation.exp(x) }

  /// The same of eight numbers.
  @inline(__always)
  func exponential(_ x: Lanes) -> Lanes {
    var powers = x
    for lane in powers.indices { powers[lane] = exponential(x[lane]) }
    return powers
  }
#else
  /// e^x within 2 units in the last place, as a polynomial that vectorizes: Cephes' `expf` coefficients on
  /// [-ln 2 / 2, ln 2 / 2], and the power of two put into the exponent's bits.
  ///
  /// The argument is held within the range of normal numbers: below -87.3 the result is 1.2e-38, above 88.3 it is 2e38.
  /// NaN gives NaN.
  @inline(__always)
  func exponential(_ x: Scalar) -> Scalar {
    let held: Scalar = x < -87.33654 ? -87.33654 : (x > 88.37626 ? 88.37626 : x)
    let power = (held * 1.442695041).rounded(.toNearestOrEven)
    let rest = (held - power * 0.693359375).addingProduct(power, 2.12194440e-4)
    var series: Scalar = 1.9875691500e-4
    series = Scalar(1.3981999507e-3).addingProduct(series, rest)
    series = Scalar(8.3334519073e-3).addingProduct(series, rest)
    series = Scalar(4.1665795894e-2).addingProduct(series, rest)
    series = Scalar(1.6666665459e-1).addingProduct(series, rest)
    series = Scalar(5.0000001201e-1).addingProduct(series, rest)
    let fraction = (rest + 1).addingProduct(series, rest * rest)
    let exponent = Int32(power.isNaN ? 0 : power)
    return fraction * Scalar(bitPattern: UInt32(bitPattern: (exponent &+ 127) &<< 23))
  }

  /// The same of eight numbers, bit for bit.
  @inline(__always)
  func exponential(_ x: Lanes) -> Lanes {
    let aboveLeast = x.replacing(with: -87.33654, where: x .< -87.33654)
    let held = aboveLeast.replacing(with: 88.37626, where: aboveLeast .> 88.37626)
    let power = (held * 1.442695041).rounded(.toNearestOrEven)
    let rest = (held - power * 0.693359375).addingProduct(power, 2.12194440e-4)
    var series = Lanes(repeating: 1.9875691500e-4)
    series = Lanes(repeating: 1.3981999507e-3).addingProduct(series, rest)
    series = Lanes(repeating: 8.3334519073e-3).addingProduct(series, rest)
    series = Lanes(repeating: 4.1665795894e-2).addingProduct(series, rest)
    series = Lanes(repeating: 1.6666665459e-1).addingProduct(series, rest)
    series = Lanes(repeating: 5.0000001201e-1).addingProduct(series, rest)
    let fraction = (rest + 1).addingProduct(series, rest * rest)
    // 1.5 · 2²³ has its last place at 1: the sum's lowest bits are the power as an integer.
    let bits = unsafeBitCast(power + 12_582_912, to: SIMD8<Int32>.self)
    return fraction * unsafeBitCast((bits &+ 127) &<< 23, to: Lanes.self)
  }
#endif

@inline(__always)
func sigmoid(_ x: Scalar) -> Scalar { 1 / (1 + exponential(-x)) }

@inline(__always)
func sigmoid(_ x: Lanes) -> Lanes { 1 / (1 + exponential(-x)) }

/// x above 0, e^x - 1 below (Clevert et al., 2016, with alpha = 1).
@inline(__always)
func elu(_ x: Scalar) -> Scalar { x > 0 ? x : exponential(x) - 1 }

@inline(__always)
func elu(_ x: Lanes) -> Lanes { (exponential(x) - 1).replacing(with: x, where: x .> 0) }
