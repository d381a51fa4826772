import Kernels

/// The element types of safetensors files, by the names they have in the header.
package enum SafeTensorsType: String, CaseIterable, Sendable {
  case boolean = "BOOL"
  case unsigned8 = "U8"
  case signed8 = "I8"
  case float8E5M2 = "F8_E5M2"
  case float8E4M3 = "F8_E4M3"
  case signed16 = "I16"
  case unsigned16 = "U16"
  case float16 = "F16"
  case brainFloat16 = "BF16"
  case signed32 = "I32"
  case unsigned32 = "U32"
  case float32 = "F32"
  case signed64 = "I64"
  case unsigned64 = "U64"
  case float64 = "F64"
  case complex64 = "C64"

  /// The type that `Scalar` is written as.
  package static var scalar: SafeTensorsType { MemoryLayout<Scalar>.size == 8 ? .float64 : .float32 }

  /// Bytes an element.
  package var size: Int {
    switch self {
    case .boolean, .unsigned8, .signed8, .float8E5M2, .float8E4M3: 1
    case .signed16, .unsigned16, .float16, .brainFloat16: 2
    case .signed32, .unsigned32, .float32: 4
    case .signed64, .unsigned64, .float64, .complex64: 8
    }
  }

  /// True if elements can be read as scalars; not so the 8-bit floats and complex numbers.
  package var isReadable: Bool {
    ![.float8E5M2, .float8E4M3, .complex64].contains(self)
  }
}

extension SafeTensorsType {
  /// Turns little-endian elements into scalars; integers that `Scalar` cannot hold are rounded, and so are doubles.
  ///
  /// - Precondition: the type is readable, and `bytes` holds as many elements as `scalars`.
  func convert(_ bytes: UnsafeRawBufferPointer, to scalars: UnsafeMutableBufferPointer<Scalar>) {
    precondition(bytes.count == scalars.count * size, "SafeTensorsType: \(bytes.count) bytes for \(scalars.count)")
    func each<Bits: FixedWidthInteger>(_ type: Bits.Type, _ scalar: (Bits) -> Scalar) {
      for index in scalars.indices {
        let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
        scalars[index] = scalar(Bits(littleEndian: bits))
      }
    }
    switch self {
    case .boolean: each(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .unsigned8: each(UInt8.self) { Scalar($0) }
    case .signed8: each(Int8.self) { Scalar($0) }
    case .signed16: each(Int16.self) { Scalar($0) }
    case .unsigned16: each(UInt16.self) { Scalar($0) }
    case .signed32: each(Int32.self) { Scalar($0) }
    case .unsigned32: each(UInt32.self) { Scalar($0) }
    case .signed64: each(Int64.self) { Scalar($0) }
    case .unsigned64: each(UInt64.self) { Scalar($0) }
    case .float16: each(UInt16.self) { Scalar(SafeTensorsType.halfPrecision($0)) }
    case .brainFloat16: each(UInt16.self) { Scalar(Float(bitPattern: UInt32($0) << 16)) }
    case .float32: each(UInt32.self) { Scalar(Float(bitPattern: $0)) }
    case .float64: each(UInt64.self) { Scalar(Double(bitPattern: $0)) }
    case .float8E5M2, .float8E4M3, .complex64: preconditionFailure("SafeTensorsType: \(rawValue) is not readable")
    }
  }

  /// The number that 16 bits mean in IEEE 754 half precision. The standard library's `Float16` is missing on some
  /// platforms.
  static func halfPrecision(_ bits: UInt16) -> Float {
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    let sign = UInt32(bits & 0x8000) << 16
    switch exponent {
    case 0:
      // Zero and the numbers below 2^-14, whose unit is 2^-24.
      let magnitude = Float(fraction) * 0x1p-24
      return sign == 0 ? magnitude : -magnitude
    case 31:
      return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
      return Float(bitPattern: sign | UInt32(exponent + 112) << 23 | fraction << 13)
    }
  }
}
