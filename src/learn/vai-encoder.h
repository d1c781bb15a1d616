/* From frame rows to the numbers a learner takes. Private to learn. Fitted on training rows alone. Every encoded column
 * knows the features it comes from, so that what a learner says of it can be said of them. */
#pragma once

#include "vai-member.h"

G_BEGIN_DECLS

#define VAI_CODED_ORIGINS_MAX 3

typedef enum
{
  VAI_CODING_NUMBER,     /* a number, or a date in days after the earliest training date */
  VAI_CODING_ABSENT,     /* 1 when missing, else 0 */
  VAI_CODING_VALUE,      /* 1 when the category is one value, else 0 */
  VAI_CODING_LEVELS,     /* a number for each category value: pooled rare values, target statistic, count */
  VAI_CODING_MONTH,      /* 1..12 */
  VAI_CODING_WEEKDAY,    /* 0 Monday .. 6 */
  VAI_CODING_AGE,        /* days from the second origin to the first */
  VAI_CODING_LENGTH,     /* of a text, in characters */
  VAI_CODING_TOKEN,      /* 1 when the text has the word, else 0 */
  VAI_CODING_DIFFERENCE, /* first less second origin */
  VAI_CODING_RATIO,      /* first by second origin */
  VAI_CODING_SIGNED,     /* the difference, turned when the third origin is not its value: a dealer's side */
  VAI_N_CODINGS
} VaiCoding;

typedef struct
{
  VaiCoding coding;
  guint n_origins;
  guint origins[VAI_CODED_ORIGINS_MAX]; /* features; what the column contributes is shared equally between them */
  int monotone;
  double from;    /* dates: day 0 */
  gint32 value;   /* VALUE, SIGNED: the code */
  double *levels; /* LEVELS: by code of the schema; owned */
  guint n_levels;
  double missing;                /* VALUE, LEVELS: what stands for a missing value */
  double unseen;                 /* VALUE, LEVELS: and for one that no training row had */
  char *token;                   /* TOKEN: owned, lower case */
  gboolean scaled;               /* linear: the rest of this struct applies, and missing is 0 after it */
  gboolean log;                  /* log (1 + x - low) */
  double low, high, mean, scale; /* kept within low..high, then log, then (x - mean) / scale */
} VaiCodedColumn;

typedef struct
{
  VaiSchema *schema; /* owned reference */
  GArray *columns;   /* of VaiCodedColumn */
} VaiEncoder;

typedef enum
{
  VAI_ENCODER_TREES,
  VAI_ENCODER_ADDITIVE, /* as trees, but every column has one origin */
  VAI_ENCODER_LINEAR,
} VaiEncoderKind;

/* @matrix receives training rows × columns, row by row, to free with g_free(). Training rows get their target
 * statistics from rows of other inner folds; vai_encoder_apply() gives those of all training rows. */
VaiEncoder *vai_encoder_fit (VaiEncoderKind kind, const VaiTraining *training, float **matrix);
void vai_encoder_free (VaiEncoder *self);

static inline guint
vai_encoder_width (const VaiEncoder *self)
{
  return self->columns->len;
}

static inline VaiCodedColumn *
vai_encoder_column (const VaiEncoder *self, guint index)
{
  return &g_array_index (self->columns, VaiCodedColumn, index);
}

/* @n rows of @frame, from the @from-th of @rows (NULL: of the frame), into @out: n × width, row by row. */
void
vai_encoder_apply (const VaiEncoder *self, const VaiFrame *frame, const guint32 *rows, gsize from, gsize n, float *out);

/* One column of it, every @stride-th place of @out. */
void vai_encoder_apply_column (const VaiEncoder *self,
                               const VaiCodedColumn *column,
                               const VaiFrame *frame,
                               const guint32 *rows,
                               gsize from,
                               gsize n,
                               guint stride,
                               float *out);

/* Adds @contributions of encoded columns to those of their features. */
void vai_encoder_share (const VaiEncoder *self, const double *contributions, double *features);

JsonNode *vai_encoder_to_json (const VaiEncoder *self);
VaiEncoder *vai_encoder_from_json (JsonNode *node, VaiSchema *schema, GError **error);

/* For vai_encoder_fit() and the reader. Frees what @data, a VaiCodedColumn, owns. */
void vai_coded_column_clear (gpointer data);
VaiEncoder *vai_encoder_alloc (VaiSchema *schema);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiEncoder, vai_encoder_free)

G_END_DECLS
