#include "vai-import-notes.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

void
vai_import_note_rows (GPtrArray *notes, guint n_columns, guint64 n_blank, guint64 n_padded, guint64 totals_line)
{
  if (n_columns == 1)
    g_ptr_array_add (notes,
                     g_strdup (_ ("It has one column only. Is it a table? If it is, say what divides its columns.")));
  if (n_blank > 0)
    g_ptr_array_add (notes, g_strdup_printf (ngettext ("%" PRIu64 " empty row was left out.",
                                                       "%" PRIu64 " empty rows were left out.", n_blank),
                                             n_blank));
  if (n_padded > 0)
    g_ptr_array_add (
        notes, g_strdup_printf (ngettext ("%" PRIu64 " row lacks cells at its end: they count as empty.",
                                          "%" PRIu64 " rows lack cells at their end: they count as empty.", n_padded),
                                n_padded));
  if (totals_line > 0)
    g_ptr_array_add (notes, g_strdup_printf (_ ("Line %" PRIu64 " is a totals row: it was left out."), totals_line));
}

static char *
dup_examples (const VaiBuild *build)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < VAI_BUILD_EXAMPLES && build->examples[i] != NULL; i++)
    {
      gboolean said = FALSE;
      for (guint before = 0; before < i; before++)
        said |= g_str_equal (build->examples[before], build->examples[i]);
      if (said)
        continue;
      g_autofree char *valid = g_utf8_make_valid (build->examples[i], -1);
      g_string_append (text, i == 0 ? "" : ", ");
      g_string_append_printf (text, _ ("“%s”"), valid);
    }
  return g_string_free (text, FALSE);
}

void
vai_import_note_column (GPtrArray *notes, const VaiBuild *build)
{
  const char *name = build->column->name;
  gint64 misfits = vai_evidence_count_misfits (&build->evidence, &build->plan);
  g_autofree char *examples = dup_examples (build);
  if (misfits > 0 && build->plan.type == VAI_TYPE_NUMBER)
    g_ptr_array_add (
        notes,
        g_strdup_printf (ngettext ("“%s”: %" PRId64 " of %" PRId64 " values is no number and counts as missing (%s).",
                                   "“%s”: %" PRId64 " of %" PRId64 " values are no numbers and count as missing (%s).",
                                   misfits),
                         name, misfits, build->evidence.n, examples));
  if (misfits > 0 && build->plan.type == VAI_TYPE_DATE)
    g_ptr_array_add (
        notes,
        g_strdup_printf (ngettext ("“%s”: %" PRId64 " of %" PRId64 " values is no date and counts as missing (%s).",
                                   "“%s”: %" PRId64 " of %" PRId64 " values are no dates and count as missing (%s).",
                                   misfits),
                         name, misfits, build->evidence.n, examples));
  if (build->plan.type != VAI_TYPE_DATE || !build->plan.doubtful)
    return;
  if (build->plan.month_first)
    g_ptr_array_add (notes,
                     g_strdup_printf (_ ("“%s”: no date tells day from month; they were read month first."), name));
  else
    g_ptr_array_add (notes,
                     g_strdup_printf (_ ("“%s”: no date tells day from month; they were read day first."), name));
}
