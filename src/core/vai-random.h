/* Repeatable random numbers: xoshiro256** seeded by splitmix64 (Blackman and Vigna, 2018). Same seed and stream, same
 * numbers, on every machine and whatever the number of threads: give each task its own stream. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 state[4];
} VaiRandom;

/* Streams of one @seed are independent of each other: one for each task. */
void vai_random_init (VaiRandom *self, guint64 seed, guint64 stream);

/* 64 even bits. */
guint64 vai_random_next (VaiRandom *self);

/* Uniform in [0, 1), 53 bits. */
double vai_random_uniform (VaiRandom *self);

/* Uniform in 0..@bound-1, unbiased; @bound > 0. */
guint32 vai_random_below (VaiRandom *self, guint32 bound);

/* Adds one to @counts[v] for each v of @n calls of vai_random_below(): the same numbers, several times as fast. */
void vai_random_tally (VaiRandom *self, guint32 bound, gsize n, guint32 *counts);

/* Streams that numbers are drawn from together: those of one wait for each other, those of several do not. */
#define VAI_RANDOM_LANES 8

/* vai_random_tally() for each of @streams, with the counts of a value side by side: @counts[v * VAI_RANDOM_LANES +
 * lane].
 */
void vai_random_tally_lanes (VaiRandom streams[VAI_RANDOM_LANES], guint32 bound, gsize n, guint32 *counts);

/* Standard normal. */
double vai_random_normal (VaiRandom *self);

/* Fisher-Yates over @n values. */
void vai_random_shuffle (VaiRandom *self, guint32 *values, gsize n);

G_END_DECLS
