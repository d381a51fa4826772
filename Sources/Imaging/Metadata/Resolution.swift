/// The pixels per length of a picture on paper, or only their proportion.
package struct Resolution: Equatable, Sendable {
  /// The length that pixels are counted on.
  package enum Unit: Sendable {
    /// None: the numbers are those of the pixels' proportion.
    case none, inch, centimeter, meter
  }

  /// Pixels on a unit; at least 1.
  package let horizontal: Int
  package let vertical: Int
  package let unit: Unit

  /// Nil if a number is none, or says nothing: square pixels are usual.
  package init?(horizontal: Int, vertical: Int, unit: Unit) {
    guard horizontal > 0, vertical > 0, unit != .none || horizontal != vertical else { return nil }
    self.horizontal = horizontal
    self.vertical = vertical
    self.unit = unit
  }

  /// The resolution of a picture whose rows and columns have changed places.
  var transposed: Resolution? { Resolution(horizontal: vertical, vertical: horizontal, unit: unit) }

  /// The fields of JFIF (ITU-T T.871, section 10.1): 0 for proportions, 1 for inches, 2 for centimeters. Nil if a number
  /// has more than 16 bits, or is less than a half.
  var jfif: (unit: UInt8, horizontal: UInt16, vertical: UInt16)? {
    let code: UInt8
    let perUnit: Double
    switch unit {
    case .none: (code, perUnit) = (0, 1)
    case .inch: (code, perUnit) = (1, 1)
    case .centimeter: (code, perUnit) = (2, 1)
    // Files of other programs have rounded inches to meters.
    case .meter where horizontal % 100 == 0 && vertical % 100 == 0: (code, perUnit) = (2, 0.01)
    case .meter: (code, perUnit) = (1, 0.0254)
    }
    func rounded(_ value: Int) -> UInt16? { UInt16(exactly: (Double(value) * perUnit).rounded()) }
    guard let x = rounded(horizontal), let y = rounded(vertical), x > 0, y > 0 else { return nil }
    return (code, x, y)
  }

  /// The fields of PNG's chunk `pHYs` (ISO/IEC 15948, section 11.3.5.3): 0 for proportions, 1 for meters.
  var png: (unit: UInt8, horizontal: UInt32, vertical: UInt32)? {
    let perUnit: Double =
      switch unit {
      case .none, .meter: 1
      case .inch: 1 / 0.0254
      case .centimeter: 100
      }
    func rounded(_ value: Int) -> UInt32? {
      UInt32(exactly: (Double(value) * perUnit).rounded()).flatMap { $0 <= UInt32(Int32.max) ? $0 : nil }
    }
    guard let x = rounded(horizontal), let y = rounded(vertical) else { return nil }
    return (unit == .none ? 0 : 1, x, y)
  }

  /// The unit of EXIF's fractions (CIPA DC-008, section 4.6.4), and their denominator.
  var exifUnit: (code: Int, denominator: Int) {
    switch unit {
    case .none: (1, 1)
    case .inch: (2, 1)
    case .centimeter: (3, 1)
    case .meter: (3, 100)
    }
  }
}
