#include "vai-currency.h"

#include <string.h>

typedef struct
{
  const char *code;
  const char *sign; /* nullable: codes of several countries share theirs, the first here has it */
} Currency;

static const Currency currencies[]
    = { { "EUR", "€" },  { "USD", "$" },  { "GBP", "£" },  { "CHF", NULL }, { "JPY", "¥" },  { "INR", "₹" },
        { "PLN", NULL }, { "CZK", NULL }, { "SEK", NULL }, { "NOK", NULL }, { "DKK", NULL }, { "HUF", NULL },
        { "RON", NULL }, { "CAD", NULL }, { "AUD", NULL }, { "CNY", NULL }, { "BRL", NULL } };

/* A code in lower case may be a word of any language. */
static gboolean
is_word (const char *word, const char *code)
{
  if (g_str_equal (code, "EUR") && (g_ascii_strcasecmp (word, "eur") == 0 || g_ascii_strcasecmp (word, "euro") == 0))
    return TRUE;
  return g_str_equal (word, code);
}

static gboolean
is_named (char **words, const char *name, const Currency *currency)
{
  gboolean found = currency->sign != NULL && strstr (name, currency->sign) != NULL;

  for (guint i = 0; !found && words[i] != NULL; i++)
    found = is_word (words[i], currency->code);
  return found;
}

static const char *
find_in_name (const char *name)
{
  g_autofree char *spaced = g_strdup (name);
  const char *code = NULL;

  for (char *p = spaced; *p != '\0'; p++)
    if (!g_ascii_isalpha (*p))
      *p = ' ';
  g_auto (GStrv) words = g_strsplit (spaced, " ", -1);
  for (guint i = 0; i < G_N_ELEMENTS (currencies); i++)
    if (is_named (words, name, &currencies[i]))
      {
        if (code != NULL)
          return NULL;
        code = currencies[i].code;
      }
  return code;
}

const char *
vai_currency_find (const char *name, const char *unit)
{
  for (guint i = 0; unit != NULL && i < G_N_ELEMENTS (currencies); i++)
    if (g_ascii_strcasecmp (unit, currencies[i].code) == 0 || g_strcmp0 (unit, currencies[i].sign) == 0)
      return currencies[i].code;
  return find_in_name (name);
}
