import CProcessor

/// The vector instructions that the kernels are compiled for: they decide how fast our loops are, and whether a product is
/// rounded before it is added.
package enum InstructionSet: String, CaseIterable, Sendable {
  /// 512 bits.
  case avx512 = "AVX-512"
  /// 256 bits, with fused multiply-adds.
  case avx2 = "AVX2"
  /// x86-64 without fused multiply-adds: every one of ours is a call of the C library there.
  case sse2 = "SSE2"
  /// 128 bits, of 64-bit Arm.
  case neon = "NEON"
  case unknown

  /// That of this build.
  package static let ofBuild = InstructionSet(rawValue: String(cString: processor_build_instruction_set())) ?? .unknown
}
