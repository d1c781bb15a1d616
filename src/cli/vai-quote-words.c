#include "vai-quote-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

void
vai_entries_add (GArray *entries,
                 const char *name,
                 GOptionArg kind,
                 gpointer target,
                 const char *summary,
                 const char *value)
{
  GOptionEntry entry = { name, 0, 0, kind, target, summary, value };
  g_array_append_val (entries, entry);
}

const GOptionEntry *
vai_entries_end (GArray *entries)
{
  vai_entries_add (entries, NULL, G_OPTION_ARG_NONE, NULL, NULL, NULL);
  return (const GOptionEntry *) (gpointer) entries->data;
}

GArray *
vai_quote_words_entries (VaiQuoteWords *self, VaiWordsExtent extent)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "sheet", G_OPTION_ARG_STRING, &self->sheet,
                   N_ ("Sheet of a workbook; else the one that looks like quotes"), N_ ("NAME"));
  vai_entries_add (entries, "delimiter", G_OPTION_ARG_STRING, &self->delimiter,
                   N_ ("Character between columns, or “tab”; else found"), N_ ("CHAR"));
  vai_entries_add (entries, "encoding", G_OPTION_ARG_STRING, &self->encoding,
                   N_ ("utf-8, utf-16le, utf-16be or windows-1252; else found"), N_ ("NAME"));
  vai_entries_add (entries, "decimal", G_OPTION_ARG_STRING, &self->decimal, N_ ("Decimal mark, “.” or “,”; else found"),
                   N_ ("CHAR"));
  vai_entries_add (entries, "date-order", G_OPTION_ARG_STRING, &self->date_order, N_ ("ymd, dmy or mdy; else found"),
                   N_ ("ORDER"));
  vai_entries_add (entries, "type", G_OPTION_ARG_STRING_ARRAY, &self->types,
                   N_ ("Type of a column: number, category, date or text"), N_ ("COL=TYPE"));
  if (extent == VAI_WORDS_READING)
    return entries;
  vai_entries_add (entries, "outcome", G_OPTION_ARG_STRING, &self->outcome,
                   N_ ("Column that says what became of a quote; else found"), N_ ("COL"));
  vai_entries_add (entries, "won", G_OPTION_ARG_STRING, &self->won, N_ ("Values that mean won"), N_ ("VALUE[,VALUE]"));
  vai_entries_add (entries, "lost", G_OPTION_ARG_STRING, &self->lost, N_ ("Values that mean lost"),
                   N_ ("VALUE[,VALUE]"));
  vai_entries_add (entries, "date", G_OPTION_ARG_STRING, &self->date,
                   N_ ("Column with the date at which a quote was opened"), N_ ("COL"));
  vai_entries_add (entries, "ignore", G_OPTION_ARG_STRING_ARRAY, &self->ignore, N_ ("Columns to leave out"),
                   N_ ("COL[,COL]"));
  vai_entries_add (entries, "role", G_OPTION_ARG_STRING_ARRAY, &self->roles, N_ ("Meaning of a column"),
                   N_ ("ROLE=COL"));
  vai_entries_add (entries, "act", G_OPTION_ARG_STRING_ARRAY, &self->acts,
                   N_ ("Do what a finding of inspect proposes, or all that is safe"), N_ ("FINDING|safe"));
  return entries;
}

void
vai_quote_words_clear (VaiQuoteWords *self)
{
  g_free (self->sheet);
  g_free (self->delimiter);
  g_free (self->encoding);
  g_free (self->decimal);
  g_free (self->date_order);
  g_strfreev (self->types);
  g_free (self->outcome);
  g_free (self->won);
  g_free (self->lost);
  g_free (self->date);
  g_strfreev (self->ignore);
  g_strfreev (self->roles);
  g_strfreev (self->acts);
}

static gboolean
set_usage (GError **error, const char *option, const char *given, const char *allowed)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s cannot be “%s”: it is one of %s."), option, given, allowed);
  return FALSE;
}

static gboolean
read_delimiter (const char *text, char *mark, GError **error)
{
  if (g_strcmp0 (text, "tab") == 0 || g_strcmp0 (text, "\\t") == 0)
    *mark = '\t';
  else if (strlen (text) == 1)
    *mark = text[0];
  else
    return set_usage (error, "--delimiter", text, _ ("one character, or “tab”"));
  return TRUE;
}

static gboolean
read_decimal (const char *text, char *mark, GError **error)
{
  if (!g_str_equal (text, ".") && !g_str_equal (text, ","))
    return set_usage (error, "--decimal", text, "“.”, “,”");
  *mark = text[0];
  return TRUE;
}

static gboolean
read_encoding (const char *text, VaiEncoding *encoding, GError **error)
{
  for (guint i = VAI_ENCODING_UTF8; i <= VAI_ENCODING_WINDOWS_1252; i++)
    if (g_ascii_strcasecmp (vai_encoding_name (i), text) == 0)
      {
        *encoding = i;
        return TRUE;
      }
  return set_usage (error, "--encoding", text, "utf-8, utf-16le, utf-16be, windows-1252");
}

static gboolean
read_date_order (const char *text, VaiDateOrder *order, GError **error)
{
  for (guint i = VAI_DATE_ORDER_YMD; i <= VAI_DATE_ORDER_MDY; i++)
    if (g_ascii_strcasecmp (vai_date_order_name (i), text) == 0)
      {
        *order = i;
        return TRUE;
      }
  return set_usage (error, "--date-order", text, "ymd, dmy, mdy");
}

static gboolean
read_types (GStrv words, GHashTable **types, GError **error)
{
  if (words == NULL)
    return TRUE;
  *types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *column = NULL;
      g_autofree char *name = NULL;
      VaiType type;
      if (!vai_cli_split_pair (words[i], TRUE, "COL=TYPE", &column, &name, error))
        return FALSE;
      if (!vai_type_from_name (name, &type))
        return set_usage (error, "--type", name, "number, category, date, text");
      g_hash_table_insert (*types, g_steal_pointer (&column), GINT_TO_POINTER (type));
    }
  return TRUE;
}

gboolean
vai_quote_words_to_import (const VaiQuoteWords *self, VaiImportOptions *options, GError **error)
{
  g_free (options->dialect.sheet);
  options->dialect.sheet = g_strdup (self->sheet);
  if (self->delimiter != NULL && !read_delimiter (self->delimiter, &options->dialect.delimiter, error))
    return FALSE;
  if (self->decimal != NULL && !read_decimal (self->decimal, &options->dialect.decimal_mark, error))
    return FALSE;
  if (self->encoding != NULL && !read_encoding (self->encoding, &options->dialect.encoding, error))
    return FALSE;
  if (self->date_order != NULL && !read_date_order (self->date_order, &options->dialect.date_order, error))
    return FALSE;
  return read_types (self->types, &options->types, error);
}

static gboolean
read_roles (GStrv words, GHashTable **roles, GError **error)
{
  if (words == NULL)
    return TRUE;
  *roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *column = NULL;
      VaiRole role;
      if (!vai_cli_split_pair (words[i], FALSE, "ROLE=COL", &name, &column, error))
        return FALSE;
      if (!vai_role_from_name (name, &role))
        {
          g_autoptr (GString) all = g_string_new (NULL);
          for (guint j = 0; j < VAI_N_ROLES; j++)
            g_string_append_printf (all, "%s%s", j > 0 ? ", " : "", vai_role_name (j));
          return set_usage (error, "--role", name, all->str);
        }
      if (!g_hash_table_insert (*roles, g_strdup (column), GINT_TO_POINTER (role)))
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is given two roles: give it one."), column);
          return FALSE;
        }
    }
  return TRUE;
}

/* The outcome is named once, and is nothing else. */
static gboolean
check_outcome_words (const VaiQuoteWords *self, GHashTable *roles, GStrv ignored, GError **error)
{
  gboolean second = self->outcome != NULL && g_strcmp0 (self->outcome, self->date) == 0;
  g_autoptr (GList) columns = self->outcome != NULL && roles != NULL ? g_hash_table_get_keys (roles) : NULL;
  for (GList *l = columns; l != NULL; l = l->next)
    {
      gboolean as_outcome = GPOINTER_TO_INT (g_hash_table_lookup (roles, l->data)) == VAI_ROLE_OUTCOME;
      second |= as_outcome != g_str_equal (l->data, self->outcome);
    }
  second |= self->outcome != NULL && ignored != NULL && g_strv_contains ((const char *const *) ignored, self->outcome);
  if (!second)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
               _ ("“%s” is the outcome: no other column can be it, and it can be nothing else."), self->outcome);
  return FALSE;
}

static GStrv
join_lists (GStrv lists)
{
  if (lists == NULL)
    return NULL;
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  for (guint i = 0; lists[i] != NULL; i++)
    {
      g_auto (GStrv) parts = vai_cli_split_list (lists[i]);
      g_strv_builder_addv (all, (const char **) parts);
    }
  return g_strv_builder_end (all);
}

gboolean
vai_quote_words_to_quotes (const VaiQuoteWords *self, const char *path, VaiQuotesOptions *options, GError **error)
{
  if (self->won == NULL && self->lost != NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("--lost needs --won beside it."));
      return FALSE;
    }
  options->path = g_strdup (path);
  options->outcome = g_strdup (self->outcome);
  options->won = vai_cli_split_list (self->won);
  options->lost = vai_cli_split_list (self->lost);
  options->date = g_strdup (self->date);
  options->ignore = join_lists (self->ignore);
  options->acts = g_strdupv (self->acts);
  return read_roles (self->roles, &options->roles, error)
         && check_outcome_words (self, options->roles, options->ignore, error)
         && vai_quote_words_to_import (self, &options->import, error);
}
