#include "vai-score-output.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _VaiScoreOutput
{
  VaiTableWriter *writer;
  guint n_columns;  /* of the input */
  guint n_features; /* with a contribution each; 0: none asked for */
};

static const char *const added_names[] = {
  "win_probability", "probability_low", "probability_high", "confidence", "verdict", "note",
};

/* Every name that is added, as a set. */
static GHashTable *
collect_added (const VaiSchema *schema, gboolean contributions)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (added_names); i++)
    g_hash_table_add (names, g_strdup (added_names[i]));
  if (!contributions)
    return names;
  for (guint i = 0; i < schema->features->len; i++)
    g_hash_table_add (names, g_strconcat ("contribution:", vai_schema_feature (schema, i)->name, NULL));
  g_hash_table_add (names, g_strdup ("contribution:base"));
  g_hash_table_add (names, g_strdup ("contribution:calibration"));
  return names;
}

/* The scripts that read the output count on the added names, so the input's column gives way: a file that was scored
 * before can be scored again. @taken grows by every name given out. */
static char *
free_name (GHashTable *taken, const char *name)
{
  char *free = g_strdup (name);
  for (guint n = 1; g_hash_table_contains (taken, free); n++)
    {
      g_free (free);
      free = n == 1 ? g_strdup_printf ("%s (input)", name) : g_strdup_printf ("%s (input %u)", name, n);
    }
  g_hash_table_add (taken, g_strdup (free));
  return free;
}

static gboolean
write_header (VaiScoreOutput *self,
              const VaiTable *table,
              const VaiSchema *schema,
              gboolean contributions,
              GPtrArray *renamed,
              GError **error)
{
  g_autoptr (GHashTable) taken = collect_added (schema, contributions);
  for (guint i = 0; i < table->columns->len; i++)
    {
      const char *name = vai_table_column (table, i)->name;
      g_autofree char *written = free_name (taken, name);
      if (!g_str_equal (name, written))
        g_ptr_array_add (renamed, g_strdup (name));
      if (!vai_table_writer_text (self->writer, written, -1, error))
        return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (added_names); i++)
    if (!vai_table_writer_text (self->writer, added_names[i], -1, error))
      return FALSE;
  for (guint i = 0; contributions && i < schema->features->len; i++)
    {
      g_autofree char *name = g_strconcat ("contribution:", vai_schema_feature (schema, i)->name, NULL);
      if (!vai_table_writer_text (self->writer, name, -1, error))
        return FALSE;
    }
  if (contributions
      && (!vai_table_writer_text (self->writer, "contribution:base", -1, error)
          || !vai_table_writer_text (self->writer, "contribution:calibration", -1, error)))
    return FALSE;
  return vai_table_writer_end_row (self->writer, error);
}

VaiScoreOutput *
vai_score_output_new (const char *path,
                      const VaiTable *table,
                      const VaiSchema *schema,
                      gboolean contributions,
                      GPtrArray *renamed,
                      GError **error)
{
  g_autoptr (VaiScoreOutput) self = g_new0 (VaiScoreOutput, 1);
  self->writer = vai_table_writer_new (path, error);
  if (self->writer == NULL)
    return NULL;
  self->n_columns = table->columns->len;
  self->n_features = contributions ? schema->features->len : 0;
  return write_header (self, table, schema, contributions, renamed, error) ? g_steal_pointer (&self) : NULL;
}

static gboolean
write_score (VaiTableWriter *writer, const VaiScore *score, GError **error)
{
  const double numbers[] = {
    score != NULL ? score->win_probability : NAN,
    score != NULL ? score->low : NAN,
    score != NULL ? score->high : NAN,
    score != NULL ? score->confidence : NAN,
  };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (!vai_table_writer_number (writer, numbers[i], error))
      return FALSE;
  return vai_table_writer_text (writer, score != NULL ? vai_verdict_name (score->verdict) : "", -1, error);
}

static gboolean
write_note (VaiTableWriter *writer, const VaiScoreRow *row, GError **error)
{
  if (row->reason == NULL && row->surplus == NULL)
    return vai_table_writer_text (writer, "", 0, error);
  g_autoptr (GString) note = g_string_new (row->reason);
  if (row->surplus != NULL)
    {
      g_string_append (note, note->len > 0 ? ". " : "");
      g_string_append_printf (note, _ ("Cells beyond the header: %s"), row->surplus);
    }
  return vai_table_writer_text (writer, note->str, note->len, error);
}

/* The scorer's row has the base last; the step of the calibration comes after it. */
static gboolean
write_contributions (VaiScoreOutput *self, const VaiScore *score, const double *contributions, GError **error)
{
  for (guint i = 0; i <= self->n_features; i++)
    if (!vai_table_writer_number (self->writer, score != NULL ? contributions[i] : NAN, error))
      return FALSE;
  return vai_table_writer_number (self->writer, score != NULL ? score->calibration : NAN, error);
}

gboolean
vai_score_output_row (VaiScoreOutput *self,
                      const VaiScoreRow *row,
                      const VaiScore *score,
                      const double *contributions,
                      GError **error)
{
  for (guint i = 0; i < self->n_columns; i++)
    if (!vai_table_writer_text (self->writer, row->cells[i], row->lengths[i], error))
      return FALSE;
  if (!write_score (self->writer, score, error) || !write_note (self->writer, row, error))
    return FALSE;
  if (self->n_features > 0 && !write_contributions (self, score, contributions, error))
    return FALSE;
  return vai_table_writer_end_row (self->writer, error);
}

VaiOutput *
vai_score_output_finish (VaiScoreOutput *self, GError **error)
{
  return vai_table_writer_finish (self->writer, error);
}

void
vai_score_output_free (VaiScoreOutput *self)
{
  if (self == NULL)
    return;
  vai_table_writer_free (self->writer);
  g_free (self);
}
