#pragma once

// mremap is variadic, so Swift cannot call it.

#if defined(__linux__)
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

/// Moves whole pages of memory to another address, whose own are released. Returns false if the system refuses.
static inline bool pages_move(void *from, size_t bytes, void *to) {
  return mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to;
}
#endif
