/* A table of made-up quotes with every type of column, and a known chance behind each outcome. */
#pragma once

#include "vai-member.h"

typedef struct
{
  VaiTable *table;
  VaiSchema *schema;
  VaiFrame *frame;
  guint8 *won;
  double *truth; /* log-odds that each outcome was drawn from */
  guint32 *rows; /* 0..n-1 */
  gsize n;
} Fixture;

/* @shuffled: the outcomes are a coin's. */
void fixture_init (Fixture *self, gsize n, guint64 seed, gboolean shuffled);
void fixture_clear (Fixture *self);

/* All rows, one thread. */
VaiTraining fixture_training (const Fixture *self);

/* The schema of @table, every column a feature but @ignored (nullable). */
VaiSchema *fixture_schema (VaiTable *table, const char *ignored);

double fixture_auc (const double *scores, const guint8 *won, gsize n);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)
