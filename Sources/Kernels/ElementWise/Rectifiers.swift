/// max(x, 0), and NaN where x is.
@inline(__always)
func relu(_ x: Scalar) -> Scalar { x <= 0 ? 0 : x }

@inline(__always)
func relu(_ x: Lanes) -> Lanes { x.replacing(with: 0, where: x .<= 0) }

/// x above 0, slope · x elsewhere.
@inline(__always)
func leakyReLU(_ x: Scalar, slope: Scalar) -> Scalar { x > 0 ? x : x * slope }

@inline(__always)
func leakyReLU(_ x: Lanes, slope: Scalar) -> Lanes { (x * slope).replacing(with: x, where: x .> 0) }
