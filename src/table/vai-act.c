/* Taking the act that a finding proposes. */
#include "vai-audit.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static VaiColumn *
column_new_like (const VaiColumn *from, gsize n_rows)
{
  VaiColumn *self = vai_column_new (from->name, from->type);
  self->n_rows = n_rows;
  self->unit = g_strdup (from->unit);
  self->has_time = from->has_time;
  self->decimals = from->decimals;
  gsize n = MAX (n_rows, 1);
  if (from->numbers != NULL)
    self->numbers = g_new (double, n);
  if (from->codes != NULL)
    self->codes = g_new (gint32, n);
  if (from->times != NULL)
    self->times = g_new (gint64, n);
  return self;
}

static void
copy_cell (VaiColumn *to, gsize to_row, const VaiColumn *from, gsize row)
{
  if (from->numbers != NULL)
    to->numbers[to_row] = from->numbers[row];
  if (from->times != NULL)
    to->times[to_row] = from->times[row];
  if (from->codes == NULL)
    return;
  gint32 code = from->codes[row];
  if (code >= 0)
    {
      gsize length;
      const char *text = vai_dictionary_get (from->dictionary, code, &length);
      code = vai_dictionary_add (to->dictionary, text, length);
    }
  to->codes[to_row] = code;
}

static void
make_empty (VaiColumn *self, gsize row)
{
  if (self->numbers != NULL)
    self->numbers[row] = NAN;
  if (self->times != NULL)
    self->times[row] = VAI_TIME_MISSING;
  if (self->codes != NULL)
    self->codes[row] = VAI_CODE_MISSING;
}

/* Texts get new codes, so that the dictionary holds what is still there and nothing else. */
static VaiColumn *
column_copy_rows (const VaiColumn *from, const GArray *left_out)
{
  VaiColumn *self = column_new_like (from, from->n_rows - (left_out != NULL ? left_out->len : 0));
  gsize to_row = 0;
  guint next = 0;
  for (gsize row = 0; row < from->n_rows; row++)
    {
      if (left_out != NULL && next < left_out->len && g_array_index (left_out, guint32, next) == row)
        {
          next++;
          continue;
        }
      gboolean is_empty = vai_column_is_missing (from, row);
      if (is_empty)
        make_empty (self, to_row);
      else
        copy_cell (self, to_row, from, row);
      self->n_missing += is_empty;
      to_row++;
    }
  return self;
}

static VaiTable *
without_rows (const VaiTable *table, const GArray *left_out)
{
  VaiTable *self = vai_table_new ();
  for (guint i = 0; i < table->columns->len; i++)
    vai_table_add (self, column_copy_rows (vai_table_column (table, i), left_out));
  if (table->lines == NULL)
    return self;
  self->lines = g_new (guint64, MAX (self->n_rows, 1));
  gsize to_row = 0;
  guint next = 0;
  for (gsize row = 0; row < table->n_rows; row++)
    if (next < left_out->len && g_array_index (left_out, guint32, next) == row)
      next++;
    else
      self->lines[to_row++] = table->lines[row];
  return self;
}

/* The same cells, with those that read as @value empty. */
static VaiColumn *
column_without_value (const VaiColumn *from, const char *value)
{
  VaiColumn *self = column_new_like (from, from->n_rows);
  double number = g_ascii_strtod (value, NULL);
  for (gsize row = 0; row < from->n_rows; row++)
    {
      gboolean is_empty = vai_column_is_missing (from, row);
      if (!is_empty && from->codes != NULL)
        is_empty = g_str_equal (vai_dictionary_get (from->dictionary, from->codes[row], NULL), value);
      else if (!is_empty && from->numbers != NULL)
        is_empty = from->numbers[row] == number;
      else if (!is_empty)
        {
          g_autofree char *text = vai_value_dup_text (from, from->times[row]);
          is_empty = g_str_equal (text, value);
        }
      if (is_empty)
        make_empty (self, row);
      else
        copy_cell (self, row, from, row);
      self->n_missing += is_empty;
    }
  return self;
}

static VaiColumn *
column_copy (const VaiColumn *from)
{
  return column_copy_rows (from, NULL);
}

static VaiTable *
without_value (const VaiTable *table, int column, const char *value)
{
  VaiTable *self = vai_table_new ();
  for (guint i = 0; i < table->columns->len; i++)
    {
      const VaiColumn *from = vai_table_column (table, i);
      vai_table_add (self, (int) i == column ? column_without_value (from, value) : column_copy (from));
    }
  if (table->lines != NULL)
    self->lines = g_memdup2 (table->lines, table->n_rows * sizeof *table->lines);
  return self;
}

/* Takes one act on @table, whose reference it takes; gives the table after it. */
static VaiTable *
take_act (VaiProfile *self, VaiTable *table, VaiFinding *finding)
{
  finding->taken = TRUE;
  g_autoptr (VaiTable) before = table;
  g_autoptr (GArray) repeats = NULL;
  switch (finding->act)
    {
    case VAI_ACT_LEAVE_OUT:
      self->columns[finding->column].role = VAI_ROLE_IGNORED;
      self->columns[finding->column].actionable = FALSE;
      break;
    case VAI_ACT_SET_IDENTIFIER:
      self->columns[finding->column].role = VAI_ROLE_IDENTIFIER;
      self->columns[finding->column].actionable = FALSE;
      break;
    case VAI_ACT_MAKE_EMPTY:
      return without_value (table, finding->column, finding->value);
    case VAI_ACT_KEEP_ONE:
      repeats = finding->kind == VAI_FINDING_NEAR_DUPLICATES ? vai_rows_find_near_repeats (self, table)
                                                             : vai_rows_find_repeats (table);
      return without_rows (table, repeats);
    case VAI_ACT_NONE:
      break;
    }
  return g_steal_pointer (&before);
}

gboolean
vai_act_is_done (VaiAct act, VaiRole role)
{
  return (act == VAI_ACT_LEAVE_OUT && role == VAI_ROLE_IGNORED)
         || (act == VAI_ACT_SET_IDENTIFIER && role == VAI_ROLE_IDENTIFIER);
}

gboolean
vai_profile_is_safe_now (const VaiProfile *self, const VaiFinding *finding)
{
  g_return_val_if_fail (self != NULL && finding != NULL, FALSE);
  if (!finding->safe || finding->act == VAI_ACT_NONE)
    return FALSE;
  VaiRole role = finding->column >= 0 ? self->columns[finding->column].role : VAI_ROLE_FEATURE;
  return role != VAI_ROLE_IGNORED && !vai_act_is_done (finding->act, role);
}

static char *
dup_ids (const VaiProfile *self)
{
  GString *ids = g_string_new (NULL);
  for (guint i = 0; i < self->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (self->findings, i);
      if (finding->act != VAI_ACT_NONE)
        g_string_append_printf (ids, "%s“%s”", ids->len > 0 ? ", " : "", finding->id);
    }
  return g_string_free (ids, FALSE);
}

static void
recount (VaiProfile *self, const VaiTable *table)
{
  g_autofree guint8 *outcomes = g_malloc (MAX (table->n_rows, 1));
  vai_profile_map_outcomes (self, table, outcomes);
  self->n_won = self->n_lost = self->n_open = 0;
  for (gsize row = 0; row < table->n_rows; row++)
    if (outcomes[row] == VAI_OUTCOME_WON)
      self->n_won++;
    else if (outcomes[row] == VAI_OUTCOME_LOST)
      self->n_lost++;
    else
      self->n_open++;
}

VaiTable *
vai_profile_act (VaiProfile *self, VaiTable *table, const char *finding_id, GError **error)
{
  g_return_val_if_fail (self != NULL && table != NULL && finding_id != NULL, NULL);
  gboolean all = g_str_equal (finding_id, "safe"), found = all;
  VaiTable *after = vai_table_ref (table);
  for (guint i = 0; i < self->findings->len; i++)
    {
      VaiFinding *finding = g_ptr_array_index (self->findings, i);
      if (all ? !vai_profile_is_safe_now (self, finding) : !g_str_equal (finding->id, finding_id))
        continue;
      found = TRUE;
      after = take_act (self, after, finding);
    }
  if (!found)
    {
      g_autofree char *ids = dup_ids (self);
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                   _ ("There is no finding “%s”. Those with an act are: %s, or “safe” for all safe ones."), finding_id,
                   ids[0] != '\0' ? ids : _ ("none"));
      vai_table_unref (after);
      return NULL;
    }
  if (after != table)
    recount (self, after);
  return after;
}
