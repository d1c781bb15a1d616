#include "vai-sheet-backend.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* So much of each sheet is looked at; the rest is reckoned from the share of the sheet that it was. */
#define SAMPLE_ROWS 2000
#define SAMPLE_CELLS 200000
/* A header stands within the first rows, below titles and notes. */
#define HEADER_ROWS 30
/* Wider tables are no more a table than this. */
#define COLUMNS_COUNTED 64

typedef enum
{
  GROUP_TEXT,
  GROUP_NUMBER,
  GROUP_DATE,
  N_GROUPS
} Group;

/* How a row looks. */
typedef struct
{
  guint n_filled, n_text;
} RowLook;

typedef struct
{
  GArray *rows;    /* of RowLook */
  GArray *columns; /* of guint[N_GROUPS]: kinds of the cells below the first rows of text */
  gsize n_cells;
  double fraction; /* of the sheet that was seen; 1: all */
} Sample;

static Group
group_of (VaiCellKind kind)
{
  if (kind == VAI_CELL_DATE)
    return GROUP_DATE;
  return kind == VAI_CELL_NUMBER ? GROUP_NUMBER : GROUP_TEXT;
}

static void
see_row (Sample *self, const VaiSheetRow *row)
{
  RowLook look = { 0 };
  for (guint i = 0; i < row->n_cells; i++)
    {
      VaiCellKind kind = row->cells[i].kind;
      if (kind == VAI_CELL_EMPTY)
        continue;
      look.n_filled++;
      look.n_text += kind == VAI_CELL_TEXT;
      while (self->columns->len < (i + 1) * N_GROUPS && i < COLUMNS_COUNTED)
        {
          guint none = 0;
          g_array_append_val (self->columns, none);
        }
      if (i < COLUMNS_COUNTED && kind != VAI_CELL_ERROR)
        g_array_index (self->columns, guint, i * N_GROUPS + group_of (kind))++;
    }
  g_array_append_val (self->rows, look);
  self->n_cells += row->n_cells;
}

static gboolean
take_sample (Sample *self, VaiSheetBackend *backend, guint index, GError **error)
{
  GError *failed = NULL;
  VaiSheetRow row;
  if (!backend->start (backend, index, error))
    return FALSE;
  while (self->rows->len < SAMPLE_ROWS && self->n_cells < SAMPLE_CELLS)
    {
      if (!backend->next_row (backend, &row, &failed))
        {
          if (failed == NULL)
            return TRUE;
          g_propagate_error (error, failed);
          return FALSE;
        }
      see_row (self, &row);
    }
  self->fraction = backend->get_fraction (backend);
  return TRUE;
}

/* The first of the widest rows of text among the first; -1 when none looks like a header. */
static int
find_header (const Sample *self)
{
  guint n = MIN (self->rows->len, HEADER_ROWS);
  guint widest = 0;
  for (guint i = 0; i < n; i++)
    {
      const RowLook *look = &g_array_index (self->rows, RowLook, i);
      if (look->n_filled >= 2 && look->n_text * 5 >= look->n_filled * 4)
        widest = MAX (widest, look->n_filled);
    }
  for (guint i = 0; i < n && widest > 0; i++)
    {
      const RowLook *look = &g_array_index (self->rows, RowLook, i);
      if (look->n_text * 5 >= look->n_filled * 4 && look->n_filled * 10 >= widest * 7)
        return i;
    }
  return -1;
}

/* Mean share of the commonest kind of cell of each column: near 1 in a table, less where totals and notes stand about.
 */
static double
get_consistency (const Sample *self)
{
  double sum = 0;
  guint n = 0;
  for (guint i = 0; i + N_GROUPS <= self->columns->len; i += N_GROUPS)
    {
      const guint *counts = &g_array_index (self->columns, guint, i);
      guint all = counts[GROUP_TEXT] + counts[GROUP_NUMBER] + counts[GROUP_DATE];
      guint most = MAX (counts[GROUP_TEXT], MAX (counts[GROUP_NUMBER], counts[GROUP_DATE]));
      if (all == 0)
        continue;
      sum += (double) most / all;
      n++;
    }
  return n > 0 ? sum / n : 0;
}

/* 0: nothing in it. */
static double
score_of (const Sample *self)
{
  int header = find_header (self);
  guint n_columns = 1;
  if (header >= 0)
    n_columns = g_array_index (self->rows, RowLook, header).n_filled;
  double n_rows = 0;
  for (guint i = header + 1; i < self->rows->len; i++)
    {
      const RowLook *look = &g_array_index (self->rows, RowLook, i);
      n_rows += look->n_filled >= MAX (MIN (n_columns, 2), n_columns / 8);
    }
  if (self->fraction > 0 && self->fraction < 1)
    n_rows /= self->fraction;
  double consistency = get_consistency (self);
  double likeness = header >= 0 ? 1 : 0.2;
  return n_rows * sqrt (MIN (n_columns, COLUMNS_COUNTED)) * consistency * consistency * likeness;
}

static double
look_at (VaiSheetBackend *backend, guint index, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (RowLook));
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (guint));
  Sample sample = { rows, columns, 0, 1 };
  return take_sample (&sample, backend, index, error) ? score_of (&sample) : -1;
}

int
vai_sheet_backend_choose (VaiSheetBackend *self, GError **error)
{
  const GPtrArray *sheets = self->sheets;
  g_autoptr (GError) first_failed = NULL;
  double best_score = 0;
  int best = -1;
  for (guint i = 0; i < sheets->len; i++)
    {
      g_autoptr (GError) failed = NULL;
      const VaiSheetName *sheet = g_ptr_array_index (sheets, i);
      gboolean best_hidden = best >= 0 && ((VaiSheetName *) g_ptr_array_index (sheets, best))->hidden;
      double score = look_at (self, i, &failed);
      if (g_error_matches (failed, VAI_ERROR, VAI_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&failed));
          return -1;
        }
      if (failed != NULL && first_failed == NULL)
        first_failed = g_steal_pointer (&failed);
      if (score > 0
          && (best < 0 || (best_hidden && !sheet->hidden) || (score > best_score && best_hidden == sheet->hidden)))
        {
          best_score = score;
          best = i;
        }
    }
  if (best < 0 && first_failed != NULL)
    g_propagate_error (error, g_steal_pointer (&first_failed));
  else if (best < 0)
    g_set_error (error, VAI_ERROR, VAI_ERROR_EMPTY, _ ("No sheet of this file holds a table."));
  return best;
}
