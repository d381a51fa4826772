import Foundation
import Synchronization

// Element-wise kernels of one argument. The element's function is written inside the closure that threads call, so that
// it is inlined into the loop: one that is passed in would be called for every element.

/// out[i] = body(x[i]) for a range of elements.
@inline(__always)
private func map(_ range: Range<Int>, _ x: Source, _ out: Destination, _ body: (Scalar) -> Scalar) {
  for i in range { out[i] = body(x[i]) }
}

/// - Parameter cost: The approximate cost of an element, in additions.
@inline(__always)
private func parallelElements(_ count: Int, cost: Int = 1, _ body: (Range<Int>) -> Void) {
  parallelRanges(count, grain: elementGrain / cost, body)
}

/// out = x * factor + offset.
package func affine(_ count: Int, _ x: Source, factor: Scalar, offset: Scalar, into out: Destination) {
  parallelElements(count) { map($0, x, out) { $0 * factor + offset } }
}

package func exponential(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count) { map($0, x, out) { exponential($0) } }
}

package func hyperbolicTangent(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count, cost: 16) { map($0, x, out) { Foundation.tanh($0) } }
}

package func sigmoid(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count) { map($0, x, out) { sigmoid($0) } }
}

package func elu(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count) { map($0, x, out) { elu($0) } }
}

/// x · Φ(x), where Φ is the standard normal distribution function (Hendrycks and Gimpel, 2016).
package func gelu(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count, cost: 16) { map($0, x, out) { $0 * normalDistribution($0) } }
}

/// Φ(x) + x · φ(x), where φ is the density of Φ: the derivative of `gelu`.
package func geluDerivative(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count, cost: 16) {
    map($0, x, out) { normalDistribution($0) + $0 * exponential(-0.5 * $0 * $0) * 0.398_942_280_401_432_68 }
  }
}

/// Φ(x) = (1 + erf(x / √2)) / 2.
@inline(__always)
private func normalDistribution(_ x: Scalar) -> Scalar { 0.5 * (1 + Foundation.erf(x * 0.707_106_781_186_547_52)) }

/// max(x, 0); NaN where x is NaN.
package func relu(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count) { map($0, x, out) { relu($0) } }
}

package func leakyReLU(_ count: Int, _ x: Source, slope: Scalar, into out: Destination) {
  parallelElements(count) { map($0, x, out) { leakyReLU($0, slope: slope) } }
}

/// 1 where x > 0, `slope` elsewhere: the derivative of `leakyReLU`.
package func leakyReLUDerivative(_ count: Int, _ x: Source, slope: Scalar, into out: Destination) {
  parallelElements(count) { map($0, x, out) { $0 > 0 ? 1 : slope } }
}

package func absoluteValue(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count) { map($0, x, out) { $0.magnitude } }
}

/// -1, 0 or 1.
package func sign(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count) { map($0, x, out) { $0 > 0 ? 1 : ($0 < 0 ? -1 : 0) } }
}

/// The natural logarithm.
package func logarithm(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count, cost: 16) { map($0, x, out) { Foundation.log($0) } }
}

package func squareRoot(_ count: Int, _ x: Source, into out: Destination) {
  parallelElements(count) { map($0, x, out) { $0.squareRoot() } }
}

package func clamp(_ count: Int, _ x: Source, _ lower: Scalar, _ upper: Scalar, into out: Destination) {
  parallelElements(count) { map($0, x, out) { $0 < lower ? lower : ($0 > upper ? upper : $0) } }
}

/// 1 inside [lower, upper], 0 outside: the derivative of `clamp`.
package func inside(_ count: Int, _ x: Source, _ lower: Scalar, _ upper: Scalar, into out: Destination) {
  parallelElements(count) { map($0, x, out) { $0 >= lower && $0 <= upper ? 1 : 0 } }
}

package func fill(_ count: Int, _ value: Scalar, into out: Destination) {
  parallelRanges(count, grain: elementGrain) { range in
    for i in range { out[i] = value }
  }
}

/// False if any element is infinite or NaN. Looks at each element, because a product can hide a NaN behind a zero.
package func allFinite(_ count: Int, _ x: Source) -> Bool {
  let isBroken = Atomic<Bool>(false)
  parallelRanges(count, grain: elementGrain) { range in
    var broken: Int32 = 0
    for i in range { broken &+= x[i].isFinite ? 0 : 1 }
    if broken != 0 { isBroken.store(true, ordering: .relaxed) }
  }
  return !isBroken.load(ordering: .relaxed)
}

/// True if all elements are `value`.
package func allEqual(_ count: Int, _ x: Source, _ value: Scalar) -> Bool {
  var others = 0
  for i in 0..<count { others &+= x[i] == value ? 0 : 1 }
  return others == 0
}

#if DoublePrecision
  @inline(__always)
  func exponential(_ x: Scalar) -> Scalar { Foundation.exp(x) }

  /// The same for eight elements.
  @inline(__always)
  func exponential(_ x: Lanes) -> Lanes {
    var powers = x
    for lane in powers.indices { powers[lane] = exponential(x[lane]) }
    return powers
  }
#else
  /// e^x within 2 units in the last place, as a polynomial that vectorizes: Cephes' `expf` coefficients on ±ln 2 / 2,
  /// with the power of two added to the exponent's bits.
  ///
  /// The argument is clamped so that results are normal numbers: below -87.3 the result is 1.2e-38, above 88.3 it is
  /// 2e38. NaN gives NaN.
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

  /// The same for eight elements, bit for bit.
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
    // The last bit of 1.5 · 2²³ has the value 1: the sum's lowest bits are the power as an integer.
    let bits = unsafeBitCast(power + 12_582_912, to: SIMD8<Int32>.self)
    return fraction * unsafeBitCast((bits &+ 127) &<< 23, to: Lanes.self)
  }
#endif

@inline(__always)
func sigmoid(_ x: Scalar) -> Scalar { 1 / (1 + exponential(-x)) }

@inline(__always)
func sigmoid(_ x: Lanes) -> Lanes { 1 / (1 + exponential(-x)) }

/// x where x > 0, e^x - 1 elsewhere (Clevert et al., 2016, with alpha = 1).
@inline(__always)
func elu(_ x: Scalar) -> Scalar { x > 0 ? x : exponential(x) - 1 }

@inline(__always)
func elu(_ x: Lanes) -> Lanes { (exponential(x) - 1).replacing(with: x, where: x .> 0) }
