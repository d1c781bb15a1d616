/* Loops that an AVX2 processor does in half the steps, and an AVX-512 one in a quarter. */
#pragma once

/* The same numbers with and without: no operation is reordered or fused. Clang 14 gives clones names that other files
   do not find, and has no shuffle of any two vectors; the sanitizers of GCC run before what chooses a clone can. */
#if defined(__x86_64__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define VAI_WIDE __attribute__ ((target_clones ("avx512f", "avx2", "default")))
#else
#define VAI_WIDE
#endif

/* To be called where __builtin_cpu_supports ("avx512f") says so. */
#if defined(__x86_64__) && !defined(__clang__)
#define VAI_WIDER __attribute__ ((target ("avx512f")))
#endif
