/* The tables, written once for both databases. The words that differ are translated here; what differs by more than a
 * word stands between “-- only sqlite” or “-- only postgres” and “-- both”. */
#include "vai-database-private.h"

#include <gio/gio.h>
#include <string.h>

#define FOLDER "/com/valutai/server/migrations"

static gboolean
replace_word (const GMatchInfo *match, GString *out, gpointer data)
{
  g_autofree char *word = g_match_info_fetch (match, 0);
  g_autofree char *column = g_match_info_fetch_named (match, "column");
  if (strcmp (word, "INTEGER") == 0)
    g_string_append (out, "BIGINT");
  else if (strcmp (word, "BLOB") == 0)
    g_string_append (out, "BYTEA");
  else if (strcmp (word, "REAL") == 0)
    g_string_append (out, "DOUBLE PRECISION");
  else if (column != NULL && *column != '\0')
    /* No function of ours: it would be looked into with each change of such a row. What is no JSON fails here too. */
    g_string_append_printf (out, "%s::jsonb IS NOT NULL", column);
  return FALSE; /* STRICT and WITHOUT ROWID are nothing there */
}

static char *
translate_words (const char *sql)
{
  g_autoptr (GRegex) words
      = g_regex_new ("\\b(INTEGER|BLOB|REAL)\\b|json_valid\\((?<column>\\w+)\\)| STRICT\\b|, WITHOUT ROWID\\b",
                     G_REGEX_OPTIMIZE, 0, NULL);
  return g_regex_replace_eval (words, sql, -1, 0, 0, replace_word, NULL, NULL);
}

/* The lines of @text that are for this database. */
static char *
choose_lines (const char *text, gboolean postgres)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *chosen = g_string_new (NULL);
  const char *mine = postgres ? "-- only postgres" : "-- only sqlite";
  gboolean on = TRUE;
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "-- only "))
      on = strcmp (lines[i], mine) == 0;
    else if (strcmp (lines[i], "-- both") == 0)
      on = TRUE;
    else if (on)
      g_string_append_printf (chosen, "%s\n", lines[i]);
  return g_string_free (chosen, FALSE);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char **
make_steps (gboolean postgres)
{
  g_auto (GStrv) names = g_resources_enumerate_children (FOLDER, 0, NULL);
  g_assert (names != NULL);
  qsort (names, g_strv_length (names), sizeof *names, compare_names);
  GStrvBuilder *steps = g_strv_builder_new ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (FOLDER "/", names[i], NULL);
      g_autoptr (GBytes) bytes = g_resources_lookup_data (path, 0, NULL);
      g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_autofree char *mine = choose_lines (text, postgres);
      g_autofree char *step = postgres ? translate_words (mine) : g_strdup (mine);
      g_strv_builder_add (steps, step);
    }
  char **made = g_strv_builder_end (steps);
  g_strv_builder_unref (steps);
  return made;
}

const char *const *
vai_database_get_steps (gboolean postgres)
{
  static gsize once[2];
  static char **steps[2];
  if (g_once_init_enter (&once[postgres]))
    {
      steps[postgres] = make_steps (postgres);
      g_once_init_leave (&once[postgres], 1);
    }
  return (const char *const *) steps[postgres];
}
