/* Loops that an AVX2 processor does in half the steps. */
#pragma once

/* The same numbers with and without: no operation is reordered or fused. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define VAI_WIDE __attribute__ ((target_clones ("avx2", "default")))
#else
#define VAI_WIDE
#endif
