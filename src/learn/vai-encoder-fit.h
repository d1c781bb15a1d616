/* What the parts of an encoding's fit share. Private to vai-encoder-*.c. */
#pragma once

#include "vai-encoder.h"

G_BEGIN_DECLS

typedef struct
{
  VaiEncoderKind kind;
  const VaiTraining *training;
  VaiEncoder *encoder;
  GPtrArray *out_of_fold; /* by column: float* of each training row's own value, or NULL: as any row's */
  double base_rate;
} VaiFit;

/* The new column, valid until the next. */
VaiCodedColumn *vai_fit_add_column (VaiFit *fit, VaiCoding coding, guint feature);

/* Adds the smoothed log-odds of each value less those of all rows. @counts: rows by code. */
void vai_fit_target_statistic (VaiFit *fit, guint feature, const gsize *counts, guint n_codes);

/* Adds differences and ratios of numbers on one scale: a price against its reference. */
void vai_fit_pairs (VaiFit *fit);

/* A raw value as a linear column takes it. */
double vai_encoder_scale (const VaiCodedColumn *column, double x);

G_END_DECLS
