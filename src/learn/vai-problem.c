#include "vai-problem.h"

#include "vai-error.h"
#include "vai-groups.h"
#include "vai-model.h"
#include "vai-outcome-words.h"
#include "vai-remark.h"
#include "vai-trainer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

void
vai_problem_free (VaiProblem *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->frame, vai_frame_free);
  g_clear_pointer (&self->schema, vai_schema_unref);
  g_free (self->table_rows);
  g_free (self->won);
  g_free (self->groups);
  g_free (self->opened);
  g_free (self->closed);
  g_clear_pointer (&self->ignored, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_free (self);
}

static void
find_decided (VaiProblem *self, const VaiProfile *profile)
{
  const VaiTable *table = self->table;
  g_autofree guint8 *outcomes = g_new (guint8, MAX (table->n_rows, 1));
  vai_profile_map_outcomes (profile, table, outcomes);
  self->table_rows = g_new (guint32, MAX (table->n_rows, 1));
  self->won = g_new (guint8, MAX (table->n_rows, 1));
  for (gsize row = 0; row < table->n_rows; row++)
    {
      if (outcomes[row] != VAI_OUTCOME_WON && outcomes[row] != VAI_OUTCOME_LOST)
        continue;
      self->table_rows[self->n] = row;
      self->won[self->n++] = outcomes[row] == VAI_OUTCOME_WON;
      self->n_won += outcomes[row] == VAI_OUTCOME_WON;
    }
  self->n_open = table->n_rows - self->n;
}

/* How many rows are missing, in the words of the refusal. */
static gboolean
check_counts (const VaiProblem *self, GError **error)
{
  gsize n = self->n, least = MIN (self->n_won, n - self->n_won);
  if (n == 0)
    g_set_error_literal (error, VAI_ERROR, VAI_ERROR_NO_OUTCOME,
                         _ ("No quote in this table is decided: all are open. Say which values mean won and lost."));
  else if (least == 0)
    g_set_error (error, VAI_ERROR, VAI_ERROR_ONE_CLASS,
                 self->n_won > 0
                     ? _ ("All %u decided quotes are won; what makes a quote lost cannot be learned from them. "
                          "Add lost quotes, or say which values mean lost.")
                     : _ ("All %u decided quotes are lost; what makes a quote won cannot be learned from them. "
                          "Add won quotes, or say which values mean won."),
                 (guint) n);
  else if (n < VAI_TRAIN_ROWS_MIN)
    g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_FEW,
                 _ ("Decided quotes: %u. At least %u are needed to learn from: add %u more."), (guint) n,
                 VAI_TRAIN_ROWS_MIN, (guint) (VAI_TRAIN_ROWS_MIN - n));
  else if (least < VAI_TRAIN_CLASS_MIN)
    g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_FEW,
                 self->n_won == least ? _ ("Won quotes: %u. At least %u are needed to learn from: add %u more.")
                                      : _ ("Lost quotes: %u. At least %u are needed to learn from: add %u more."),
                 (guint) least, VAI_TRAIN_CLASS_MIN, (guint) (VAI_TRAIN_CLASS_MIN - least));
  else
    return TRUE;
  return FALSE;
}

static gint64 *
read_times (const VaiProblem *self, const VaiProfile *profile, VaiRole role)
{
  for (guint c = 0; c < self->table->columns->len; c++)
    {
      const VaiColumn *column = vai_table_column (self->table, c);
      if (profile->columns[c].role != role || column->type == VAI_TYPE_CATEGORY || column->type == VAI_TYPE_TEXT)
        continue;
      gint64 *times = g_new (gint64, self->n);
      for (gsize i = 0; i < self->n; i++)
        {
          guint32 row = self->table_rows[i];
          /* A number orders as well as a date does. */
          times[i] = vai_column_is_missing (column, row)    ? VAI_TIME_MISSING
                     : column->type == VAI_TYPE_DATE        ? column->times[row]
                     : fabs (column->numbers[row]) < 0x1p62 ? (gint64) column->numbers[row]
                                                            : VAI_TIME_MISSING;
        }
      return times;
    }
  return NULL;
}

static VaiType
type_of_role (const VaiTable *table, const VaiProfile *profile, VaiRole role)
{
  for (guint c = 0; c < table->columns->len; c++)
    if (profile->columns[c].role == role)
      return vai_table_column (table, c)->type;
  return VAI_N_TYPES;
}

/* A closing date says nothing beside an opening that is a number of another kind. */
static gboolean
same_clock (const VaiTable *table, const VaiProfile *profile)
{
  VaiType opened = type_of_role (table, profile, VAI_ROLE_OPENED_DATE);
  return opened == VAI_N_TYPES || opened == type_of_role (table, profile, VAI_ROLE_CLOSED_DATE);
}

static VaiRemarkKind
reason_of_finding (const VaiProfile *profile, guint column)
{
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      if (finding->column != (int) column || finding->act != VAI_ACT_LEAVE_OUT)
        continue;
      if (finding->severity == VAI_SEVERITY_LEAK)
        return VAI_REMARK_IGNORED_LEAK;
      if (finding->kind == VAI_FINDING_IDENTIFIER)
        return VAI_REMARK_IGNORED_NAMES_QUOTE;
      if (finding->kind == VAI_FINDING_DUPLICATE_COLUMN)
        return VAI_REMARK_IGNORED_REPEATS_COLUMN;
    }
  return VAI_REMARK_IGNORED_BY_YOU;
}

/* VAI_N_REMARKS: it is learned from, or is the outcome. */
static VaiRemarkKind
reason_of (const VaiProblem *self, const VaiProfile *profile, guint column)
{
  const VaiColumn *data = vai_table_column (self->table, column);
  VaiRole role = profile->columns[column].role;
  if (role == VAI_ROLE_OUTCOME || vai_schema_find (self->schema, data->name) >= 0)
    return VAI_N_REMARKS;
  if (data->n_missing == data->n_rows)
    return VAI_REMARK_IGNORED_EMPTY;
  if (role == VAI_ROLE_IGNORED)
    return reason_of_finding (profile, column);
  if (role == VAI_ROLE_IDENTIFIER)
    return VAI_REMARK_IGNORED_IDENTIFIER;
  if (role == VAI_ROLE_CLOSED_DATE)
    return VAI_REMARK_IGNORED_CLOSING;
  return VAI_REMARK_IGNORED_CONSTANT;
}

static void
list_ignored (VaiProblem *self, const VaiProfile *profile)
{
  for (guint c = 0; c < self->table->columns->len; c++)
    {
      VaiRemarkKind reason = reason_of (self, profile, c);
      if (reason != VAI_N_REMARKS)
        vai_remarks_add (self->ignored, reason, vai_table_column (self->table, c)->name, 0, 0);
    }
}

/* A leak that is still learned from: the figures will look better than the model is. */
static void
warn_of_leaks (VaiProblem *self, const VaiProfile *profile)
{
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      if (finding->severity != VAI_SEVERITY_LEAK || finding->column < 0)
        continue;
      const char *name = vai_table_column (self->table, finding->column)->name;
      if (vai_schema_find (self->schema, name) >= 0)
        vai_remarks_add (self->warnings, VAI_REMARK_LEAK_KEPT, name, 0, 0);
    }
}

/* Quotes that no one called won or lost, though they may well be: a word forgotten in --won would cost them all. */
static void
warn_of_set_aside (VaiProblem *self, const VaiProfile *profile)
{
  for (guint i = 0; i < profile->outcome_values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (profile->outcome_values, i);
      VaiOutcomeReading reading = vai_outcome_read (value->value);
      gboolean decided = !reading.weak && (reading.outcome == VAI_OUTCOME_WON || reading.outcome == VAI_OUTCOME_LOST);
      if (value->outcome != VAI_OUTCOME_UNKNOWN && !(value->outcome == VAI_OUTCOME_OPEN && decided))
        continue;
      vai_remarks_add (self->warnings, VAI_REMARK_SET_ASIDE, value->value, value->count, 0);
    }
}

/* The column of dates may be one of numbers, which order as well; of text nothing can be made. */
static void
warn_of_dates (VaiProblem *self, const VaiProfile *profile)
{
  for (guint c = 0; c < self->table->columns->len; c++)
    {
      const VaiColumn *column = vai_table_column (self->table, c);
      if (profile->columns[c].role != VAI_ROLE_OPENED_DATE || column->type == VAI_TYPE_DATE)
        continue;
      vai_remarks_add (self->warnings,
                       column->type == VAI_TYPE_NUMBER ? VAI_REMARK_DATES_NUMBERS : VAI_REMARK_DATES_UNREAD,
                       column->name, 0, 0);
    }
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static gboolean
set_monotone (VaiProblem *self, GHashTable *monotone, GError **error)
{
  if (monotone == NULL)
    return TRUE;
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (monotone), compare_texts);
  for (GList *name = names; name != NULL; name = name->next)
    {
      int column = vai_table_require (self->table, name->data, error);
      if (column < 0)
        return FALSE;
      int feature = vai_schema_find (self->schema, vai_table_column (self->table, column)->name);
      if (feature < 0 || vai_schema_feature (self->schema, feature)->type != VAI_TYPE_NUMBER)
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                       _ ("“%s” cannot push one way only: that is for columns of numbers which are learned from."),
                       (const char *) name->data);
          return FALSE;
        }
      vai_schema_feature (self->schema, feature)->monotone
          = GPOINTER_TO_INT (g_hash_table_lookup (monotone, name->data)) > 0 ? 1 : -1;
    }
  return TRUE;
}

static int
find_identifier (const VaiTable *table, const VaiProfile *profile)
{
  for (guint c = 0; c < table->columns->len; c++)
    if (profile->columns[c].role == VAI_ROLE_IDENTIFIER)
      return c;
  return -1;
}

VaiProblem *
vai_problem_new (const VaiTable *table,
                 const VaiProfile *profile,
                 gboolean by_date,
                 GHashTable *monotone,
                 GError **error)
{
  g_autoptr (VaiProblem) self = g_new0 (VaiProblem, 1);
  self->table = table;
  self->ignored = vai_remarks_new ();
  self->warnings = vai_remarks_new ();
  find_decided (self, profile);
  if (!check_counts (self, error))
    return NULL;
  self->schema = vai_schema_new (table, profile, self->table_rows, self->n, error);
  if (self->schema == NULL || !set_monotone (self, monotone, error))
    return NULL;
  for (guint f = 0; f < self->schema->features->len; f++)
    {
      VaiFeature *feature = vai_schema_feature (self->schema, f);
      /* The day itself tells times apart among past quotes and says nothing of later ones, which all lie beyond it. In
       * shuffled folds it flatters: on one set of 3,272 quotes it gave gradient boosting 0.013 of AUC. */
      feature->parts_only = by_date && feature->type == VAI_TYPE_DATE && feature->role == VAI_ROLE_OPENED_DATE;
    }
  self->frame = vai_frame_new_from_table (self->schema, table, self->table_rows, self->n);
  self->groups = g_new (guint32, self->n);
  self->n_groups = vai_groups_find (table, profile, self->table_rows, self->n, self->won, self->groups, self->warnings);
  self->opened = read_times (self, profile, VAI_ROLE_OPENED_DATE);
  self->closed = same_clock (table, profile) ? read_times (self, profile, VAI_ROLE_CLOSED_DATE) : NULL;
  self->identifier = find_identifier (table, profile);
  list_ignored (self, profile);
  warn_of_set_aside (self, profile);
  if (by_date)
    warn_of_dates (self, profile);
  warn_of_leaks (self, profile);
  return g_steal_pointer (&self);
}

/* Values go into a checksum in pieces of about this size: one by one the calls take longer than the hashing. */
#define HASH_PIECE 8192

static void
hash_doubles (GChecksum *checksum, const double *values, gsize n)
{
  double piece[HASH_PIECE / sizeof (double)];
  for (gsize from = 0; from < n; from += G_N_ELEMENTS (piece))
    {
      gsize count = MIN (n - from, G_N_ELEMENTS (piece));
      for (gsize i = 0; i < count; i++)
        piece[i] = isnan (values[from + i]) ? (double) NAN : values[from + i];
      g_checksum_update (checksum, (const guchar *) piece, count * sizeof *piece);
    }
}

static void
hash_texts (GChecksum *checksum, const VaiFrame *frame, guint feature)
{
  g_autoptr (GString) piece = g_string_sized_new (HASH_PIECE);
  for (guint row = 0; row < frame->n_rows; row++)
    {
      g_autofree char *text = vai_frame_dup_text (frame, row, feature);
      g_string_append_len (piece, text, strlen (text) + 1);
      if (piece->len < HASH_PIECE && row + 1 < frame->n_rows)
        continue;
      g_checksum_update (checksum, (const guchar *) piece->str, piece->len);
      g_string_truncate (piece, 0);
    }
}

char *
vai_problem_fingerprint (const VaiProblem *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint f = 0; f < self->frame->n_features; f++)
    {
      const VaiFeature *feature = vai_schema_feature (self->schema, f);
      const VaiFrameColumn *column = &self->frame->columns[f];
      g_checksum_update (checksum, (const guchar *) feature->name, strlen (feature->name) + 1);
      g_checksum_update (checksum, (const guchar *) &(guint8){ column->type }, 1);
      if (column->numbers != NULL)
        hash_doubles (checksum, column->numbers, self->n);
      else
        hash_texts (checksum, self->frame, f);
    }
  g_checksum_update (checksum, self->won, self->n);
  if (self->opened != NULL)
    g_checksum_update (checksum, (const guchar *) self->opened, self->n * sizeof (gint64));
  if (self->closed != NULL)
    g_checksum_update (checksum, (const guchar *) self->closed, self->n * sizeof (gint64));
  return g_strdup (g_checksum_get_string (checksum));
}
