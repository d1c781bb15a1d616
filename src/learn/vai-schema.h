/* What a model knows of its columns: names, types, roles, the values that were seen. Made from the training table once,
 * stored in the model file, and used to read any later table by column name. */
#pragma once

#include "vai-dialect.h"
#include "vai-profile.h"
#include "vai-table.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define VAI_CODE_UNSEEN (-2) /* a category value that no training row had */

/* Quantiles of the seen numbers: 0, 1, 5, 25, 50, 75, 95, 99, 100 %. */
#define VAI_N_SEEN_QUANTILES 9

typedef struct
{
  char *name; /* owned */
  VaiType type;
  VaiRole role;
  gboolean actionable; /* a rep can change it */
  gboolean parts_only; /* dates, while training: the day itself is not learned, for every later quote lies beyond it */
  int monotone;        /* -1 may only lower the chance as it grows, +1 may only raise it, 0 free */
  char *unit;          /* owned, nullable */
  guint decimals;
  VaiDictionary *values;             /* categories: those of the training rows; owned */
  gsize *counts;                     /* of each value */
  double seen[VAI_N_SEEN_QUANTILES]; /* numbers; dates in days since the epoch; NaN when all are missing */
  GArray *grid; /* of double, ascending: distinct seen numbers, thinned to at most 64 by quantiles */
  gsize n_missing;
  GStrv
      empty_values; /* owned, nullable: what an act made empty before training, and so is empty in every later table */
} VaiFeature;

typedef struct
{
  gatomicrefcount refs;
  GPtrArray *features; /* of VaiFeature, owned */
  char *outcome;       /* owned */
  GStrv won, lost;     /* owned */
  char *opened_date;   /* owned, nullable */
  char *closed_date;   /* owned, nullable */
  char *identifier;    /* owned, nullable */
  VaiDateOrder date_order;
} VaiSchema;

/* Features are the columns whose role in @profile is neither ignored, outcome, identifier nor a date of closing; the
 * opening date is a feature only by its parts. @rows are the decided rows. Error NO_FEATURES. */
VaiSchema *
vai_schema_new (const VaiTable *table, const VaiProfile *profile, const guint32 *rows, gsize n_rows, GError **error);
VaiSchema *vai_schema_ref (VaiSchema *self);
void vai_schema_unref (VaiSchema *self);

static inline VaiFeature *
vai_schema_feature (const VaiSchema *self, guint index)
{
  return g_ptr_array_index (self->features, index);
}

/* What stands after its numbers: its unit, or the percent sign of its name. NULL when neither says. */
const char *vai_feature_unit (const VaiFeature *self);

/* -1 when there is none. */
int vai_schema_find (const VaiSchema *self, const char *name);

/* A value as dictionaries of a schema hold it: a NUL inside becomes U+2400. Free with g_free(). */
char *vai_schema_clean_value (const char *text, gsize length);

JsonNode *vai_schema_to_json (const VaiSchema *self);
VaiSchema *vai_schema_from_json (JsonNode *node, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiSchema, vai_schema_unref)

G_END_DECLS
