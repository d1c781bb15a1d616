#include "vai-report-private.h"

#include <string.h>

/* Marks inside a line are for eyes that read the source. */
static char *
plain (const char *text)
{
  GString *out = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++)
    {
      if ((p[0] == '*' && p[1] == '*') || (p[0] == '\\' && p[1] != '\0'))
        p++;
      if (p[0] == '*' && p > text && p[-1] == '*')
        continue;
      if (p[0] != '`')
        g_string_append_c (out, *p);
    }
  return g_strstrip (g_string_free (out, FALSE));
}

static gboolean
is_rule_row (const char *line)
{
  return strspn (line, "|-: ") == strlen (line);
}

static void
add_row (VaiReport *self, VaiBlock **table, const char *line)
{
  if (is_rule_row (line))
    return;
  if (*table == NULL)
    *table = vai_report_add (self, VAI_BLOCK_TABLE, "");
  g_autofree char *inner = g_strstrip (g_strdup (line));
  gsize length = strlen (inner);
  if (length > 1 && inner[length - 1] == '|')
    inner[length - 1] = '\0';
  GStrv cells = g_strsplit (inner + 1, "|", -1);
  for (guint i = 0; cells[i] != NULL; i++)
    {
      char *cell = plain (cells[i]);
      g_free (cells[i]);
      cells[i] = cell;
    }
  g_ptr_array_add ((*table)->rows, cells);
}

void
vai_report_add_markdown (VaiReport *self, const char *markdown)
{
  g_auto (GStrv) lines = g_strsplit (markdown, "\n", -1);
  g_autoptr (GString) paragraph = g_string_new (NULL);
  VaiBlock *table = NULL;
  for (guint i = 0;; i++)
    {
      const char *line = lines[i] != NULL ? lines[i] : "";
      gboolean special = *line == '\0' || *line == '#' || *line == '|' || g_str_has_prefix (line, "- ");
      if (special && paragraph->len > 0)
        {
          vai_report_add (self, VAI_BLOCK_PARAGRAPH, paragraph->str);
          g_string_truncate (paragraph, 0);
        }
      if (lines[i] == NULL)
        return;
      if (*line != '|')
        table = NULL;
      g_autofree char *text = plain (line
                                     + (*line == '#'                    ? strspn (line, "# ")
                                        : g_str_has_prefix (line, "- ") ? 2
                                                                        : 0));
      if (*line == '|')
        add_row (self, &table, line);
      else if (g_str_has_prefix (line, "# "))
        continue; /* its title: the report has given it one */
      else if (*line == '#')
        vai_report_add (self, VAI_BLOCK_SUBHEADING, text);
      else if (special && *line != '\0')
        vai_report_add (self, VAI_BLOCK_BULLET, text);
      else if (*line != '\0')
        g_string_append_printf (paragraph, "%s%s", paragraph->len > 0 ? " " : "", text);
    }
}
