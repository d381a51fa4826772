// The one-dimensional transforms of Winograd's minimal filtering F(4, 3): four outputs of a filter with three taps from
// six inputs and six multiplications (Lavin and Gray, 2016, section 4.3; points 0, ±1, ±2 and infinity). In two
// dimensions each is applied to columns and to rows. All loops run along channels.

/// Values a transform takes apart: x[0]…x[5] are six rows of `count` channels.
typealias Row = UnsafeMutablePointer<Scalar>

enum WinogradTransforms {
  /// Six inputs, from so many places, to six values: Bᵀ x.
  @inline(__always)
  static func input(
    _ count: Int, _ x0: Source, _ x1: Source, _ x2: Source, _ x3: Source, _ x4: Source, _ x5: Source, into y: Row,
    stride: Int
  ) {
    let (y0, y1, y2) = (y, y + stride, y + 2 * stride)
    let (y3, y4, y5) = (y + 3 * stride, y + 4 * stride, y + 5 * stride)
    for c in 0..<count {
      let (a, b, d) = (x4[c] - 4 * x2[c], x3[c] - 4 * x1[c], x4[c] - x2[c])
      let e = 2 * (x3[c] - x1[c])
      y0[c] = 4 * x0[c] - 5 * x2[c] + x4[c]
      y1[c] = a + b
      y2[c] = a - b
      y3[c] = d + e
      y4[c] = d - e
      y5[c] = 4 * x1[c] - 5 * x3[c] + x5[c]
    }
  }

  /// Six products to four outputs: Aᵀ m.
  @inline(__always)
  static func output(_ count: Int, _ m: Source, stride m6: Int, into y: Row, stride: Int) {
    let (m0, m1, m2) = (m, m + m6, m + 2 * m6)
    let (m3, m4, m5) = (m + 3 * m6, m + 4 * m6, m + 5 * m6)
    let (y0, y1, y2, y3) = (y, y + stride, y + 2 * stride, y + 3 * stride)
    for c in 0..<count {
      let (a, b) = (m1[c] + m2[c], m1[c] - m2[c])
      let (d, e) = (m3[c] + m4[c], m3[c] - m4[c])
      y0[c] = m0[c] + a + d
      y1[c] = b + 2 * e
      y2[c] = a + 4 * d
      y3[c] = b + 8 * e + m5[c]
    }
  }

  /// Four cotangents of outputs to six of products: A y.
  @inline(__always)
  static func outputAdjoint(
    _ count: Int, _ y0: Source, _ y1: Source, _ y2: Source, _ y3: Source, into m: Row, stride: Int
  ) {
    let (m0, m1, m2) = (m, m + stride, m + 2 * stride)
    let (m3, m4, m5) = (m + 3 * stride, m + 4 * stride, m + 5 * stride)
    for c in 0..<count {
      let (a, b) = (y0[c] + y2[c], y1[c] + y3[c])
      let (d, e) = (y0[c] + 4 * y2[c], 2 * y1[c] + 8 * y3[c])
      m0[c] = y0[c]
      m1[c] = a + b
      m2[c] = a - b
      m3[c] = d + e
      m4[c] = d - e
      m5[c] = y3[c]
    }
  }

  /// Three taps to six values: G w.
  @inline(__always)
  static func filter(_ count: Int, _ w0: Source, _ w1: Source, _ w2: Source, into u: Row, stride: Int) {
    let (u0, u1, u2) = (u, u + stride, u + 2 * stride)
    let (u3, u4, u5) = (u + 3 * stride, u + 4 * stride, u + 5 * stride)
    for c in 0..<count {
      let a = (w0[c] + w2[c]) / -6
      let b = w1[c] / -6
      let d = w0[c] / 24 + w2[c] / 6
      let e = w1[c] / 12
      u0[c] = w0[c] / 4
      u1[c] = a + b
      u2[c] = a - b
      u3[c] = d + e
      u4[c] = d - e
      u5[c] = w2[c]
    }
  }

  /// Six cotangents of transformed taps to three of taps: Gᵀ u.
  @inline(__always)
  static func filterAdjoint(_ count: Int, _ u: Source, stride u6: Int, into w: Row, stride: Int) {
    let (u0, u1, u2) = (u, u + u6, u + 2 * u6)
    let (u3, u4, u5) = (u + 3 * u6, u + 4 * u6, u + 5 * u6)
    let (w0, w1, w2) = (w, w + stride, w + 2 * stride)
    for c in 0..<count {
      let a = (u1[c] + u2[c]) / -6
      let d = u3[c] + u4[c]
      w0[c] = u0[c] / 4 + a + d / 24
      w1[c] = (u1[c] - u2[c]) / -6 + (u3[c] - u4[c]) / 12
      w2[c] = a + d / 6 + u5[c]
    }
  }
}
