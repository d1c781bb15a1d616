/* What is to be learned, out of a table and its profile: the decided rows, their outcomes, their groups and dates. */
#pragma once

#include "vai-frame.h"
#include "vai-profile.h"

G_BEGIN_DECLS

typedef struct
{
  const VaiTable *table;
  VaiSchema *schema;
  VaiFrame *frame; /* of the decided rows, in the order of the table */
  gsize n, n_won, n_open;
  guint32 *table_rows; /* row of the table of each decided row */
  guint8 *won;
  guint32 *groups; /* duplicates and rows of one identifier share a group: 0..n_groups-1 */
  guint n_groups;
  gint64 *opened;      /* nullable; VAI_TIME_MISSING where not known */
  gint64 *closed;      /* nullable */
  int identifier;      /* column of the table; -1: none */
  GPtrArray *ignored;  /* of VaiRemark */
  GPtrArray *warnings; /* of VaiRemark */
} VaiProblem;

/* @by_date: to be tested on later quotes, so the opening day itself is no feature, only its parts. @monotone is
 * nullable: column name → -1 or +1. Errors: NO_OUTCOME, ONE_CLASS, TOO_FEW, NO_FEATURES, NO_COLUMN. */
VaiProblem *vai_problem_new (const VaiTable *table,
                             const VaiProfile *profile,
                             gboolean by_date,
                             GHashTable *monotone,
                             GError **error);
void vai_problem_free (VaiProblem *self);

/* sha256, hex, of features, outcomes and dates of the decided rows as they were read. Free with g_free(). */
char *vai_problem_fingerprint (const VaiProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiProblem, vai_problem_free)

G_END_DECLS
