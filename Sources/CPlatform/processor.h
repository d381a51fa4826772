#pragma once

// What only a C compiler's predefined macros and cpuid tell. The functions are compiled into their caller, with its
// instruction set.

#include <stdbool.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/// The widest vector instructions that the calling module is compiled for.
static inline const char *processor_build_instruction_set(void) {
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__FMA__)
  return "AVX-512";
#elif defined(__AVX2__) && defined(__FMA__)
  return "AVX2";
#elif defined(__x86_64__)
  return "SSE2";
#elif defined(__aarch64__)
  return "NEON";
#else
  return "unknown";
#endif
}

/// True if the calling module is compiled for AVX-512.
static inline bool processor_build_has_avx512(void) {
#if defined(__AVX512F__) && defined(__AVX512VL__) && defined(__FMA__)
  return true;
#else
  return false;
#endif
}

/// AMD's family of the processor that runs this, such as 25 for Zen 3 and Zen 4; 0 if it is another maker's.
static inline unsigned processor_amd_family(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  if (!__get_cpuid(0, &a, &b, &c, &d)) return 0;
  // "AuthenticAMD"
  if (b != 0x68747541 || d != 0x69746e65 || c != 0x444d4163) return 0;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return 0;
  return ((a >> 8) & 0xf) + ((a >> 20) & 0xff);
#else
  return 0;
#endif
}
