#include "vai-import.h"

#include "vai-build.h"
#include "vai-crew.h"
#include "vai-error.h"
#include "vai-import-notes.h"
#include "vai-memory.h"
#include "vai-rows.h"
#include "vai-totals.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* Rows of the sample from which first plans are made. */
#define SAMPLE_ROWS_MAX 2000

/* Rows are estimated from the share of the file that was read; so much more room is reserved. */
#define ESTIMATE_MARGIN 1.05

/* A raw row is kept up to here. */
#define RAW_MAX 4096

/* Rows of one table: dictionary codes are 32 bits. */
#define ROWS_MAX 2000000000

typedef struct
{
  const VaiImportOptions *options;
  VaiProgress *progress;
  VaiRows *rows;
  VaiCrew *crew;
  VaiImport *import;
  VaiBuild *builds; /* owned: n */
  guint n;
  gsize n_rows;
  guint64 *lines; /* owned, nullable */
  gsize lines_capacity;
  guint64 first_line;
  guint64 last_line;     /* of the last row */
  GPtrArray *last_cells; /* of the last row */
  guint64 n_blank, n_padded;
  gsize memory_max;
} Importer;

void
vai_import_options_init (VaiImportOptions *self)
{
  memset (self, 0, sizeof *self);
  vai_dialect_init (&self->dialect);
  self->want_sha256 = TRUE;
}

void
vai_import_options_clear (VaiImportOptions *self)
{
  vai_dialect_clear (&self->dialect);
  g_clear_pointer (&self->types, g_hash_table_unref);
}

static void
free_rejected (VaiRejectedRow *row)
{
  g_free (row->raw);
  g_free (row->reason);
  g_free (row);
}

void
vai_import_free (VaiImport *self)
{
  if (self == NULL)
    return;
  vai_table_unref (self->table);
  vai_dialect_clear (&self->dialect);
  g_ptr_array_unref (self->rejected);
  g_strfreev (self->sheets);
  g_ptr_array_unref (self->notes);
  g_free (self->file_sha256);
  g_free (self);
}

static VaiImport *
new_import (void)
{
  VaiImport *self = g_new0 (VaiImport, 1);
  vai_dialect_init (&self->dialect);
  self->rejected = g_ptr_array_new_with_free_func ((GDestroyNotify) free_rejected);
  self->notes = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
importer_clear (Importer *self)
{
  for (guint i = 0; i < self->n; i++)
    vai_build_clear (&self->builds[i]);
  g_clear_pointer (&self->builds, g_free);
  g_clear_pointer (&self->lines, g_free);
  g_clear_pointer (&self->last_cells, g_ptr_array_unref);
  g_clear_pointer (&self->crew, vai_crew_free);
  g_clear_pointer (&self->rows, vai_rows_free);
  g_clear_pointer (&self->import, vai_import_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Importer, importer_clear)

/* What all columns say about marks and the order of dates. */
static VaiEvidenceHints
gather_hints (Importer *self)
{
  VaiEvidenceHints hints = { .semicolons = vai_rows_get_dialect (self->rows)->delimiter == ';' };
  for (guint i = 0; i < self->n; i++)
    vai_evidence_hint (&self->builds[i].evidence, &hints);
  const VaiDialect *given = &self->options->dialect;
  if (given->decimal_mark != '\0')
    hints.point = given->decimal_mark == '.' ? G_MAXINT64 : 0, hints.comma = G_MAXINT64 - hints.point;
  if (given->date_order == VAI_DATE_ORDER_DMY || given->date_order == VAI_DATE_ORDER_MDY)
    hints.mdy = given->date_order == VAI_DATE_ORDER_MDY ? G_MAXINT64 : 0, hints.dmy = G_MAXINT64 - hints.mdy;
  return hints;
}

static void
set_forced (Importer *self, const char *name, VaiPlan *plan)
{
  gpointer type;
  if (self->options->types == NULL || !g_hash_table_lookup_extended (self->options->types, name, NULL, &type))
    return;
  plan->forced = TRUE;
  plan->type = GPOINTER_TO_INT (type);
}

/* First plans, from the beginning of the file. */
static void
plan_columns (Importer *self)
{
  const VaiTokens *sample = vai_rows_get_sample (self->rows);
  const VaiLayout *layout = vai_rows_get_layout (self->rows);
  self->n = layout->n_columns;
  self->builds = g_new0 (VaiBuild, self->n);
  gsize end = MIN (sample->n_records, layout->first_row + (gsize) SAMPLE_ROWS_MAX);
  for (gsize i = layout->first_row; i < end; i++)
    for (guint j = 0; j < MIN (self->n, sample->records[i].n_fields); j++)
      {
        const VaiField *field = &sample->fields[sample->records[i].first + j];
        vai_evidence_add (&self->builds[j].evidence, sample->text + field->start, field->length, 1);
      }
  VaiEvidenceHints hints = gather_hints (self);
  for (guint j = 0; j < self->n; j++)
    {
      VaiPlan plan = { 0 };
      const char *name = g_ptr_array_index (layout->names, j);
      set_forced (self, name, &plan);
      vai_evidence_decide (&self->builds[j].evidence, &hints, &plan);
      vai_build_init (&self->builds[j], name, &plan);
    }
}

static char *
dup_raw (const char *text, gsize length)
{
  g_autofree char *raw = g_utf8_make_valid (text, MIN (length, RAW_MAX));
  for (char *at = raw; *at != '\0'; at++)
    if (*at == '\0')
      *at = ' ';
  return g_steal_pointer (&raw);
}

static void
keep_rejected (Importer *self, const VaiTokens *tokens, guint64 first_line)
{
  VaiImport *import = self->import;
  for (gsize i = 0; i < tokens->n_rejected; i++)
    {
      const VaiTokenRecord *record = &tokens->rejected[i];
      import->n_rejected++;
      if (import->rejected->len >= VAI_REJECTED_KEPT_MAX)
        continue;
      VaiRejectedRow *row = g_new0 (VaiRejectedRow, 1);
      row->line = first_line + record->line;
      row->raw = dup_raw (tokens->text + record->start, record->end - record->start);
      row->reason = vai_rows_dup_reason (self->rows, record);
      g_ptr_array_add (import->rejected, row);
    }
}

/* Lines are kept only once they do not just count up. */
static void
keep_lines (Importer *self, const VaiTokens *tokens, guint64 first_line)
{
  gsize n = tokens->n_records;
  guint64 begin = first_line + tokens->records[0].line;
  if (self->n_rows == 0)
    self->first_line = begin;
  gboolean regular
      = begin == self->first_line + self->n_rows && tokens->records[n - 1].line - tokens->records[0].line == n - 1;
  if (self->lines == NULL && regular)
    return;
  if (self->n_rows + n > self->lines_capacity)
    {
      gboolean first = self->lines == NULL;
      self->lines_capacity = MAX (self->n_rows + n, self->builds[0].capacity);
      self->lines = g_renew (guint64, self->lines, self->lines_capacity);
      for (gsize i = 0; first && i < self->n_rows; i++)
        self->lines[i] = self->first_line + i;
    }
  for (gsize i = 0; i < n; i++)
    self->lines[self->n_rows + i] = first_line + tokens->records[i].line;
}

static void
keep_last_row (Importer *self, const VaiTokens *tokens, guint64 first_line)
{
  gsize last = tokens->n_records - 1;
  self->last_line = first_line + tokens->records[last].line;
  g_ptr_array_set_size (self->last_cells, 0);
  for (guint i = 0; i < self->n; i++)
    {
      const VaiField *field = &tokens->fields[last * self->n + i];
      g_ptr_array_add (self->last_cells, g_strndup (tokens->text + field->start, field->length));
    }
}

static gboolean
check_memory (Importer *self, GError **error)
{
  gsize bytes = 0;
  for (guint i = 0; i < self->n; i++)
    bytes += vai_build_get_bytes (&self->builds[i]);
  double fraction = CLAMP (vai_rows_get_fraction (self->rows), 1e-9, 1);
  double rows = self->n_rows / fraction;
  double wanted = MAX (bytes, rows * self->n * sizeof (gint32));
  if (wanted <= self->memory_max && self->n_rows <= ROWS_MAX)
    return TRUE;
  g_set_error (
      error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
      _ ("The file has about %.0f rows of %u columns and needs about %.0f MB of memory; there are %.0f MB for it. "
         "Leave out old rows or columns that are not needed."),
      rows, self->n, wanted / 1e6, self->memory_max / 1e6);
  return FALSE;
}

/* Room for all rows, by what was read so far. */
static void
reserve (Importer *self, gsize n_more)
{
  gsize need = self->n_rows + n_more;
  if (self->n == 0 || need <= self->builds[0].capacity)
    return;
  double fraction = CLAMP (vai_rows_get_fraction (self->rows), 1e-6, 1);
  gsize estimate = MAX (need, (gsize) (need / fraction * ESTIMATE_MARGIN));
  if (self->options->rows_max > 0)
    estimate = need;
  for (guint i = 0; i < self->n; i++)
    vai_build_reserve (&self->builds[i], estimate);
}

/* One round of work: the columns of one block, and the reading of the next. */
typedef struct
{
  Importer *importer;
  VaiTokens *tokens; /* the block that is taken */
  VaiTokens *ahead;
  guint64 ahead_line;
  gboolean more;
  GError *error;
} Round;

static void
do_task (guint index, gpointer user_data)
{
  Round *round = user_data;
  Importer *self = round->importer;
  if (index == 0)
    round->more = vai_rows_next (self->rows, round->ahead, &round->ahead_line, &round->error);
  else if (round->tokens->n_records > 0)
    vai_build_append (&self->builds[index - 1], round->tokens, index - 1, self->n);
}

/* What is said of the rows themselves. */
static void
note_block (Importer *self, const VaiTokens *tokens, guint64 first_line)
{
  keep_rejected (self, tokens, first_line);
  self->n_blank += tokens->n_blank;
  self->n_padded += tokens->n_padded;
  if (tokens->n_records == 0)
    return;
  keep_lines (self, tokens, first_line);
  keep_last_row (self, tokens, first_line);
}

/* Takes round->tokens and reads on into round->ahead. */
static void
take_block (Importer *self, Round *round, guint64 first_line, gboolean again)
{
  VaiTokens *tokens = round->tokens;
  if (self->options->rows_max > 0)
    tokens->n_records = MIN (tokens->n_records, self->options->rows_max - self->n_rows);
  reserve (self, tokens->n_records);
  if (!again)
    note_block (self, tokens, first_line);
  vai_crew_run (self->crew, self->n + 1, do_task, round);
  self->n_rows += tokens->n_records;
}

static gboolean
is_enough (const Importer *self)
{
  return self->options->rows_max > 0 && self->n_rows >= self->options->rows_max;
}

/* The whole file into the builds that are not skipped. */
static gboolean
read_rows (Importer *self, gboolean again, GError **error)
{
  g_auto (VaiTokens) even = { 0 };
  g_auto (VaiTokens) odd = { 0 };
  Round round = { .importer = self, .tokens = &even, .ahead = &odd };
  self->n_rows = 0;
  round.more = vai_rows_next (self->rows, round.ahead, &round.ahead_line, &round.error);
  while (round.more && round.error == NULL && !is_enough (self))
    {
      VaiTokens *tokens = round.ahead;
      round.ahead = round.tokens;
      round.tokens = tokens;
      take_block (self, &round, round.ahead_line, again);
      vai_progress_set (self->progress, (again ? 0.6 : 0) + 0.6 * vai_rows_get_fraction (self->rows),
                        _ ("Reading the file…"));
      if (round.error == NULL)
        check_memory (self, &round.error);
    }
  if (round.error != NULL)
    g_propagate_error (error, round.error);
  return round.error == NULL;
}

static void
drop_last_row (Importer *self, gboolean again)
{
  for (guint i = 0; i < self->n; i++)
    {
      const char *text = g_ptr_array_index (self->last_cells, i);
      if (!self->builds[i].skip)
        vai_build_drop_last (&self->builds[i], text, strlen (text));
    }
  self->n_rows--;
}

static void
drop_totals (Importer *self)
{
  if (self->options->rows_max > 0 || self->n_rows < 2)
    return;
  if (!vai_totals_is_row ((const char *const *) self->last_cells->pdata, self->n))
    return;
  self->import->totals_line = self->last_line;
  drop_last_row (self, FALSE);
}

static gboolean
is_same_reading (const VaiPlan *a, const VaiPlan *b)
{
  if (a->type != b->type)
    return FALSE;
  if (a->type == VAI_TYPE_NUMBER)
    return a->decimal == b->decimal;
  return a->type != VAI_TYPE_DATE
         || (a->month_first == b->month_first && a->compact == b->compact && a->serial == b->serial);
}

/* Final plans, from all values. Gives the number of columns that must be read again. */
static guint
settle_plans (Importer *self)
{
  for (guint i = 0; i < self->n; i++)
    if (self->builds[i].column->dictionary != NULL && !self->builds[i].plan.forced)
      vai_build_weigh_dictionary (&self->builds[i]);
  VaiEvidenceHints hints = gather_hints (self);
  guint n_again = 0;
  for (guint i = 0; i < self->n; i++)
    {
      VaiBuild *build = &self->builds[i];
      VaiPlan plan = build->plan;
      vai_evidence_decide (&build->evidence, &hints, &plan);
      gboolean same = is_same_reading (&plan, &build->plan);
      gboolean from_dictionary = !same && build->column->dictionary != NULL;
      if (from_dictionary)
        vai_build_convert (build, &plan);
      build->plan = plan;
      build->skip = same || from_dictionary;
      n_again += !build->skip;
    }
  return n_again;
}

static gboolean
read_again (Importer *self, GError **error)
{
  for (guint i = 0; i < self->n; i++)
    {
      VaiBuild *build = &self->builds[i];
      if (build->skip)
        continue;
      VaiPlan plan = build->plan;
      g_autofree char *name = g_strdup (build->column->name);
      vai_build_clear (build);
      vai_build_init (build, name, &plan);
    }
  if (!vai_rows_start (self->rows, error) || !read_rows (self, TRUE, error))
    return FALSE;
  if (self->import->totals_line > 0)
    drop_last_row (self, TRUE);
  return TRUE;
}

static void
set_marks (Importer *self)
{
  VaiDialect *dialect = &self->import->dialect;
  VaiEvidenceHints hints = gather_hints (self);
  for (guint i = 0; i < self->n; i++)
    {
      const VaiPlan *plan = &self->builds[i].plan;
      const VaiEvidence *evidence = &self->builds[i].evidence;
      if (plan->type == VAI_TYPE_DATE && dialect->date_order == VAI_DATE_ORDER_UNKNOWN)
        {
          gboolean days = evidence->dmy + evidence->mdy + evidence->day_either > 0;
          dialect->date_order = !days               ? VAI_DATE_ORDER_YMD
                                : plan->month_first ? VAI_DATE_ORDER_MDY
                                                    : VAI_DATE_ORDER_DMY;
        }
    }
  if (dialect->decimal_mark == '\0' && hints.point != hints.comma)
    dialect->decimal_mark = hints.point > hints.comma ? '.' : ',';
}

static VaiTable *
make_table (Importer *self)
{
  VaiTable *table = vai_table_new ();
  for (guint i = 0; i < self->n; i++)
    vai_table_add (table, vai_build_finish (&self->builds[i]));
  table->lines = g_steal_pointer (&self->lines);
  if (table->lines != NULL)
    table->lines = g_renew (guint64, table->lines, MAX (self->n_rows, 1));
  table->first_line = self->first_line;
  return table;
}

static gboolean
finish (Importer *self, const char *path, GCancellable *cancellable, GError **error)
{
  VaiImport *import = self->import;
  if (self->n_rows == 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_EMPTY,
                   _ ("“%s” has not a single row that can be read (%" PRIu64 " were rejected)."), path,
                   import->n_rejected);
      return FALSE;
    }
  vai_dialect_clear (&import->dialect);
  vai_dialect_copy (&import->dialect, vai_rows_get_dialect (self->rows));
  set_marks (self);
  import->sheets = vai_rows_dup_sheets (self->rows);
  import->file_size = vai_rows_get_file_size (self->rows);
  g_ptr_array_extend_and_steal (import->notes, vai_rows_dup_notes (self->rows));
  vai_import_note_rows (import->notes, self->n, self->n_blank, self->n_padded, import->totals_line);
  for (guint i = 0; i < self->n; i++)
    vai_import_note_column (import->notes, &self->builds[i]);
  import->table = make_table (self);
  if (self->options->want_sha256 && self->options->rows_max == 0)
    import->file_sha256 = vai_memory_dup_sha256 (path, cancellable, error);
  return import->file_sha256 != NULL || !self->options->want_sha256 || self->options->rows_max > 0;
}

VaiImport *
vai_import_read (const char *path,
                 const VaiImportOptions *options,
                 VaiProgress *progress,
                 GCancellable *cancellable,
                 GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  g_auto (VaiImportOptions) defaults;
  vai_import_options_init (&defaults);
  g_auto (Importer) self = { .options = options != NULL ? options : &defaults, .progress = progress };
  if (vai_cancelled (cancellable, error))
    return NULL;
  self.import = new_import ();
  self.last_cells = g_ptr_array_new_with_free_func (g_free);
  self.memory_max = self.options->memory_max_bytes > 0 ? self.options->memory_max_bytes : vai_memory_available ();
  self.rows = vai_rows_open (path, &self.options->dialect, cancellable, error);
  if (self.rows == NULL)
    return NULL;
  plan_columns (&self);
  self.crew = vai_crew_new (self.options->threads);
  if (!read_rows (&self, FALSE, error))
    return NULL;
  drop_totals (&self);
  if (self.options->rows_max == 0 && settle_plans (&self) > 0 && !read_again (&self, error))
    return NULL;
  if (!finish (&self, path, cancellable, error))
    return NULL;
  vai_progress_set (progress, 1, NULL);
  return g_steal_pointer (&self.import);
}
