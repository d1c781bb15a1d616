#include "vai-audit.h"

#include "vai-format.h"
#include "vai-time.h"

#include <math.h>
#include <string.h>

static const char *const kind_names[VAI_N_FINDINGS] = {
  [VAI_FINDING_CONSTANT] = "constant",
  [VAI_FINDING_EMPTY] = "empty",
  [VAI_FINDING_MOSTLY_MISSING] = "mostly-missing",
  [VAI_FINDING_IDENTIFIER] = "identifier",
  [VAI_FINDING_DUPLICATE_ROWS] = "duplicate-rows",
  [VAI_FINDING_NEAR_DUPLICATES] = "near-duplicates",
  [VAI_FINDING_DUPLICATE_COLUMN] = "duplicate-column",
  [VAI_FINDING_RARE_VALUES] = "rare-values",
  [VAI_FINDING_OUTLIERS] = "outliers",
  [VAI_FINDING_PLACEHOLDER] = "placeholder",
  [VAI_FINDING_CLASS_BALANCE] = "class-balance",
  [VAI_FINDING_MIXED_TYPES] = "mixed-types",
  [VAI_FINDING_NOT_OF_TYPE] = "not-of-type",
  [VAI_FINDING_LEAK_VALUE] = "leak-value",
  [VAI_FINDING_LEAK_FILLED] = "leak-filled",
  [VAI_FINDING_LEAK_DATE] = "leak-date",
  [VAI_FINDING_LEAK_WORDS] = "leak-words",
  [VAI_FINDING_LEAK_STRENGTH] = "leak-strength",
  [VAI_FINDING_LEAK_MEANING] = "leak-meaning",
};

const char *
vai_finding_kind_name (VaiFindingKind kind)
{
  g_return_val_if_fail (kind < VAI_N_FINDINGS, NULL);
  return kind_names[kind];
}

const char *
vai_act_name (VaiAct act)
{
  static const char *const names[] = { "none", "leave-out", "make-empty", "keep-one", "set-identifier" };
  g_return_val_if_fail (act < G_N_ELEMENTS (names), NULL);
  return names[act];
}

const char *
vai_outcome_name (VaiOutcome outcome)
{
  static const char *const names[] = { "open", "won", "lost", "unknown" };
  g_return_val_if_fail (outcome < G_N_ELEMENTS (names), NULL);
  return names[outcome];
}

const char *
vai_severity_name (VaiSeverity severity)
{
  static const char *const names[] = { "info", "warning", "leak" };
  g_return_val_if_fail (severity < G_N_ELEMENTS (names), NULL);
  return names[severity];
}

/* Leaks are safe to leave out, and so is what cannot tell anything; a warning needs a person. */
static gboolean
is_safe (VaiFindingKind kind, VaiSeverity severity, VaiAct act)
{
  switch (kind)
    {
    case VAI_FINDING_CONSTANT:
    case VAI_FINDING_EMPTY:
    case VAI_FINDING_IDENTIFIER:
    case VAI_FINDING_PLACEHOLDER:
      return act != VAI_ACT_NONE;
    default:
      return severity == VAI_SEVERITY_LEAK && act == VAI_ACT_LEAVE_OUT;
    }
}

VaiFinding *
vai_finding_add (VaiAudit *audit,
                 VaiFindingKind kind,
                 VaiSeverity severity,
                 int column,
                 const char *value,
                 VaiAct act,
                 gsize n_rows,
                 char *sentence)
{
  VaiFinding *finding = g_new0 (VaiFinding, 1);
  const char *name = column >= 0 ? vai_table_column (audit->table, column)->name : NULL;
  gboolean value_in_id = value != NULL && (kind == VAI_FINDING_PLACEHOLDER || kind == VAI_FINDING_CLASS_BALANCE);
  finding->id = g_strconcat (kind_names[kind], name != NULL ? ":" : "", name != NULL ? name : "",
                             value_in_id ? "=" : "", value_in_id ? value : "", NULL);
  finding->kind = kind;
  finding->severity = severity;
  finding->column = column;
  finding->value = g_strdup (value);
  finding->sentence = sentence;
  finding->act = act;
  finding->safe = is_safe (kind, severity, act);
  finding->n_rows = n_rows;
  g_ptr_array_add (audit->profile->findings, finding);
  return finding;
}

char *
vai_share_dup_text (gsize part, gsize whole)
{
  return vai_format_probability (whole > 0 ? (double) part / whole : 0);
}

char *
vai_value_dup_text (const VaiColumn *column, double value)
{
  if (column->type == VAI_TYPE_DATE)
    return vai_time_format ((gint64) value, FALSE);
  if (column->type == VAI_TYPE_NUMBER)
    {
      char digits[G_ASCII_DTOSTR_BUF_SIZE];
      return g_strdup (g_ascii_formatd (digits, sizeof digits, "%.12g", value));
    }
  return g_strdup (vai_dictionary_get (column->dictionary, (gint32) value, NULL));
}

char *
vai_value_dup_words (const VaiColumn *column, double value)
{
  if (column->type == VAI_TYPE_DATE)
    return vai_format_date ((gint64) value);
  if (column->type == VAI_TYPE_NUMBER)
    return vai_format_value (value, column->decimals);
  return vai_value_dup_text (column, value);
}
