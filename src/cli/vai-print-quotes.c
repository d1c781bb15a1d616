#include "vai-print-quotes.h"

#include "vai-format.h"
#include "vai-json-build.h"
#include "vai-quotes-json.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

/* Rows that cannot be read are shown up to so many; inspect --rejected writes all. */
#define REJECTED_SHOWN_MAX 5
#define OUTCOMES_SHOWN_MAX 12

static void
json_rejected (JsonBuilder *builder, const GPtrArray *rejected)
{
  json_builder_set_member_name (builder, "rejected");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rejected->len && i < 100; i++)
    {
      const VaiRejectedRow *row = g_ptr_array_index (rejected, i);
      json_builder_begin_object (builder);
      vai_json_add_integer (builder, "line", row->line);
      vai_json_add_text (builder, "reason", row->reason);
      vai_json_add_text (builder, "raw", row->raw);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
json_import (JsonBuilder *builder, const VaiImport *import)
{
  json_builder_set_member_name (builder, "dialect");
  json_builder_add_value (builder, vai_dialect_to_json (&import->dialect));
  vai_json_add_integer (builder, "file_size", import->file_size);
  vai_json_add_text (builder, "file_sha256", import->file_sha256);
  vai_json_add_integer (builder, "rejected_rows", import->n_rejected);
  json_rejected (builder, import->rejected);
  vai_json_add_integer (builder, "totals_line", import->totals_line);
  vai_json_add_texts (builder, "sheets", (const char *const *) import->sheets);
  json_builder_set_member_name (builder, "notes");
  json_builder_begin_array (builder);
  for (guint i = 0; import->notes != NULL && i < import->notes->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (import->notes, i));
  json_builder_end_array (builder);
}

static void
json_columns (JsonBuilder *builder, const VaiTable *table, const VaiProfile *profile)
{
  json_builder_set_member_name (builder, "columns");
  json_builder_begin_array (builder);
  for (guint i = 0; i < table->columns->len; i++)
    {
      const VaiColumn *column = vai_table_column (table, i);
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "name", column->name);
      vai_json_add_text (builder, "type", vai_type_name (column->type));
      vai_json_add_text (builder, "role", vai_role_name (profile->columns[i].role));
      vai_json_add_real (builder, "role_certainty", profile->columns[i].role_certainty);
      vai_json_add_flag (builder, "actionable", profile->columns[i].actionable);
      vai_json_add_integer (builder, "missing", column->n_missing);
      vai_json_add_text (builder, "unit", column->unit);
      if (column->dictionary != NULL)
        vai_json_add_integer (builder, "distinct", vai_dictionary_get_size (column->dictionary));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
json_outcome (JsonBuilder *builder, const VaiTable *table, const VaiProfile *profile)
{
  json_builder_set_member_name (builder, "outcome");
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "column",
                     profile->outcome >= 0 ? vai_table_column (table, profile->outcome)->name : NULL);
  vai_json_add_integer (builder, "won", profile->n_won);
  vai_json_add_integer (builder, "lost", profile->n_lost);
  vai_json_add_integer (builder, "open", profile->n_open);
  json_builder_set_member_name (builder, "values");
  json_builder_begin_array (builder);
  for (guint i = 0; i < profile->outcome_values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (profile->outcome_values, i);
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "value", value->value);
      vai_json_add_integer (builder, "rows", value->count);
      vai_json_add_text (builder, "outcome", vai_outcome_name (value->outcome));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

void
vai_json_quotes (JsonBuilder *builder, const VaiQuotes *quotes)
{
  vai_json_add_integer (builder, "rows", quotes->table->n_rows);
  if (quotes->import != NULL)
    json_import (builder, quotes->import);
  json_columns (builder, quotes->table, quotes->profile);
  json_outcome (builder, quotes->table, quotes->profile);
  vai_json_add_integer (builder, "duplicate_rows", quotes->profile->n_duplicate_rows);
  json_builder_set_member_name (builder, "findings");
  json_builder_add_value (builder, vai_findings_to_json (quotes));
}

static void
print_import (const VaiImport *import)
{
  const VaiDialect *dialect = &import->dialect;
  g_autoptr (GString) line = g_string_new (vai_format_name (dialect->format));
  if (dialect->gzip)
    g_string_append (line, ", gzip");
  if (dialect->sheet != NULL)
    g_string_append_printf (line, _ (", sheet “%s”"), dialect->sheet);
  if (dialect->encoding != VAI_ENCODING_UNKNOWN)
    g_string_append_printf (line, ", %s", vai_encoding_name (dialect->encoding));
  if (dialect->delimiter == '\t')
    g_string_append (line, _ (", columns divided by tabs"));
  else if (dialect->delimiter != '\0')
    g_string_append_printf (line, _ (", columns divided by “%c”"), dialect->delimiter);
  if (dialect->decimal_mark != '\0')
    g_string_append_printf (line, _ (", decimal mark “%c”"), dialect->decimal_mark);
  if (dialect->date_order != VAI_DATE_ORDER_UNKNOWN)
    g_string_append_printf (line, _ (", dates %s"), vai_date_order_name (dialect->date_order));
  vai_print_line (_ ("Written as: %s"), line->str);
  for (guint i = 0; import->notes != NULL && i < import->notes->len; i++)
    vai_print_line ("%s", (char *) g_ptr_array_index (import->notes, i));
  for (guint i = 0; i < import->rejected->len && i < REJECTED_SHOWN_MAX; i++)
    {
      const VaiRejectedRow *row = g_ptr_array_index (import->rejected, i);
      vai_print_line (_ ("Line %" PRIu64 " cannot be read: %s"), row->line, row->reason);
    }
  if (import->n_rejected > REJECTED_SHOWN_MAX)
    vai_print_line (_ ("In all %" PRIu64 " lines cannot be read; --rejected FILE writes them."), import->n_rejected);
}

static void
print_columns (const VaiTable *table, const VaiProfile *profile)
{
  g_autoptr (VaiGrid) grid = vai_grid_new ("lllr", _ ("Column"), _ ("Type"), _ ("Role"), _ ("Filled"), NULL);
  for (guint i = 0; i < table->columns->len; i++)
    {
      const VaiColumn *column = vai_table_column (table, i);
      g_autofree char *filled
          = vai_format_probability (table->n_rows == 0 ? 0 : 1 - (double) column->n_missing / (double) table->n_rows);
      vai_grid_add (grid, column->name, vai_type_name (column->type), vai_role_name (profile->columns[i].role), filled,
                    NULL);
    }
  g_print ("\n");
  vai_grid_print (grid);
}

static void
print_outcome (const VaiTable *table, const VaiProfile *profile)
{
  g_print ("\n");
  if (profile->outcome < 0)
    {
      vai_print_line ("%s", _ ("No column says what became of a quote: name one with --outcome COL."));
      return;
    }
  vai_print_line (_ ("Outcome: “%s”: %zu won, %zu lost, %zu open or not known."),
                  vai_table_column (table, profile->outcome)->name, profile->n_won, profile->n_lost, profile->n_open);
  for (guint i = 0; i < profile->outcome_values->len && i < OUTCOMES_SHOWN_MAX; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (profile->outcome_values, i);
      vai_print_line ("  %s: %zu, %s", *value->value != '\0' ? value->value : _ ("(empty)"), value->count,
                      vai_print_outcome_word (vai_outcome_name (value->outcome)));
    }
}

static void
print_findings (const VaiProfile *profile)
{
  g_print ("\n");
  if (profile->findings->len == 0)
    {
      vai_print_line ("%s", _ ("Nothing stands out."));
      return;
    }
  vai_print_line ("%s", _ ("Worth a look before training:"));
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      const char *sign = finding->severity == VAI_SEVERITY_LEAK      ? "!!"
                         : finding->severity == VAI_SEVERITY_WARNING ? "! "
                                                                     : "  ";
      vai_print_line ("%s %s", sign, finding->sentence);
      VaiRole role = finding->column >= 0 ? profile->columns[finding->column].role : VAI_ROLE_FEATURE;
      if (finding->act != VAI_ACT_NONE && !vai_act_is_done (finding->act, role))
        vai_print_line ("     --act \"%s\"  (%s)", finding->id, vai_act_name (finding->act));
    }
}

void
vai_print_quotes (const VaiQuotes *quotes)
{
  g_autofree char *rows = vai_format_count (quotes->table->n_rows);
  vai_print_line (_ ("Rows: %s, columns: %u."), rows, quotes->table->columns->len);
  if (quotes->import != NULL)
    print_import (quotes->import);
  print_columns (quotes->table, quotes->profile);
  print_outcome (quotes->table, quotes->profile);
  print_findings (quotes->profile);
}
