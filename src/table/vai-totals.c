#include "vai-totals.h"

#include "vai-cell.h"

#include <string.h>

/* In English, Italian, German, French and Spanish. */
static const char *const labels[]
    = { "total",      "totals",      "grand total",  "grand totals",  "overall total", "sum",
        "sums",       "subtotal",    "sub-total",    "totale",        "totali",        "totale generale",
        "somma",      "subtotale",   "tot",          "tot.",          "summe",         "summen",
        "gesamt",     "gesamtsumme", "endsumme",     "zwischensumme", "somme",         "total général",
        "sous-total", "suma",        "total general" };

/* With a colon or without. */
static gboolean
is_label (const char *text, gsize length)
{
  while (length > 0 && (text[length - 1] == ':' || text[length - 1] == ' '))
    length--;
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (strlen (labels[i]) == length && g_ascii_strncasecmp (text, labels[i], length) == 0)
      return TRUE;
  return FALSE;
}

gboolean
vai_totals_is_row (const char *const *cells, guint n)
{
  gboolean label = FALSE, number = FALSE;
  for (guint i = 0; i < n; i++)
    {
      VaiNumber value;
      const char *text = cells[i];
      gsize length = strlen (text);
      vai_cell_trim (&text, &length);
      if (length == 0)
        continue;
      if (!label && !is_label (text, length))
        return FALSE;
      gboolean here = vai_cell_parse_number (text, length, '.', &value) != VAI_NUMBER_NONE
                      || vai_cell_parse_number (text, length, ',', &value) != VAI_NUMBER_NONE;
      number |= label && here;
      label = TRUE;
    }
  return number;
}
