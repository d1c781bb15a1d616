/* What a stored dataset is, read from its row: for the list and for its page. */
#pragma once

#include "vai-store.h"

G_BEGIN_DECLS

/* Decided quotes below which no model is worth its name. */
#define VAI_DECIDED_MIN 60

typedef struct
{
  guint64 n_won, n_lost, n_open;
  gboolean has_counts; /* FALSE: stored without them */
  gboolean has_opened;
  gint64 opened_first, opened_last; /* seconds */
  guint n_columns, n_ignored;
  guint n_leaks; /* that were not acted upon */
} VaiDatasetFacts;

void vai_dataset_facts_read (const VaiDatasetRow *row, VaiDatasetFacts *facts);

/* Won and lost, as far as is known. */
guint64 vai_dataset_facts_decided (const VaiDatasetFacts *facts, const VaiDatasetRow *row);

/* Those that the acts on the findings left, as far as is known. */
guint64 vai_dataset_facts_quotes (const VaiDatasetFacts *facts, const VaiDatasetRow *row);

G_END_DECLS
