#include "vai-report-private.h"

#include "vai-format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CHART_WIDTH 640

/* Paper white and the light palette everywhere: what is seen is what prints. */
static const char style[]
    = "body{font:16px/1.5 Cantarell,\"Adwaita Sans\",\"DejaVu Sans\",sans-serif;color:#2e2e33;background:#fff;margin:0 "
      "auto;max-width:42em;padding:2em 1em}\n"
      "h1{font-size:1.75em;line-height:1.2;margin:.3em 0}h2{font-size:1.25em;margin:1.8em 0 "
      ".4em}h3{font-size:1.05em;margin:1.2em 0 .3em}\n"
      ".note,figcaption,.figures span{color:#5e5c64;font-size:.875em}.lead{font-size:1.2em}\n"
      ".figures{display:flex;flex-wrap:wrap;gap:1em 2.5em;border-bottom:1px solid #e3e2e0;padding:0 0 "
      "1em;margin:0;list-style:none}\n"
      ".figures b{display:block;font-size:1.6em;line-height:1.3}figure{margin:1em 0}figure "
      "svg{max-width:100%;height:auto;display:block}\n"
      ".wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.875em;margin:.6em "
      "0}caption{text-align:left;font-weight:bold;padding:.4em 0}\n"
      "th,td{text-align:left;padding:.3em .8em .3em 0;border-bottom:1px solid "
      "#e3e2e0;vertical-align:top;overflow-wrap:anywhere}\n"
      "h1,li,p,figcaption{overflow-wrap:anywhere}\n"
      "@media "
      "print{body{max-width:none;padding:0;font-size:11pt}h2,h3{break-after:avoid}figure,tr{break-inside:avoid}details{"
      "display:none}}\n";

static void
add_element (GString *html, const char *tag, const char *attributes, const char *text)
{
  g_autofree char *safe = vai_format_markup (text);
  g_string_append_printf (html, "<%s%s>%s</%s>\n", tag, attributes, safe, tag);
}

static void
add_table (GString *html, const char *caption, const GPtrArray *rows)
{
  g_string_append (html, "<div class=\"wide\"><table>\n");
  if (*caption != '\0')
    add_element (html, "caption", "", caption);
  for (guint r = 0; r < rows->len; r++)
    {
      g_string_append (html, r == 0 ? "<thead><tr>" : r == 1 ? "<tbody><tr>" : "<tr>");
      GStrv cells = g_ptr_array_index (rows, r);
      for (guint c = 0; cells[c] != NULL; c++)
        {
          gboolean head = r == 0 || c == 0;
          add_element (html, head ? "th" : "td", r == 0 ? " scope=\"col\"" : c == 0 ? " scope=\"row\"" : "", cells[c]);
        }
      g_string_append (html, r == 0 ? "</tr></thead>\n" : "</tr>\n");
    }
  g_string_append (html, rows->len > 1 ? "</tbody></table></div>\n" : "</table></div>\n");
}

/* The data of the chart, folded away: what the picture shows, for those who cannot see it. */
static void
add_chart_table (GString *html, const VaiChart *chart)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  guint n_columns = vai_chart_get_n_columns (chart);
  for (guint r = 0; r <= vai_chart_get_n_rows (chart); r++)
    {
      GStrv cells = g_new0 (char *, n_columns + 1);
      for (guint c = 0; c < n_columns; c++)
        cells[c] = g_strdup (r == 0 ? vai_chart_get_header (chart, c) : vai_chart_get_cell (chart, r - 1, c));
      g_ptr_array_add (rows, cells);
    }
  g_string_append (html, "<details>");
  add_element (html, "summary", "", _ ("Show as table"));
  add_table (html, vai_chart_get_title (chart), rows);
  g_string_append (html, "</details>\n");
}

static gboolean
add_chart (GString *html, const VaiBlock *block, GError **error)
{
  int height = vai_chart_get_natural_height (block->chart, CHART_WIDTH);
  g_autoptr (GBytes) svg = vai_chart_to_svg (block->chart, CHART_WIDTH, height, error);
  if (svg == NULL)
    return FALSE;
  g_autofree char *text = g_strndup (g_bytes_get_data (svg, NULL), g_bytes_get_size (svg));
  /* Inside a page there is no XML declaration. */
  const char *tag = strstr (text, "<svg");
  g_string_append_printf (html, "<figure>\n%s", tag != NULL ? tag : text);
  add_element (html, "figcaption", "", block->text);
  add_chart_table (html, block->chart);
  g_string_append (html, "</figure>\n");
  return TRUE;
}

static void
add_figures (GString *html, const VaiBlock *block)
{
  g_string_append (html, "<ul class=\"figures\">\n");
  for (guint i = 0; i < block->rows->len; i++)
    {
      GStrv cells = g_ptr_array_index (block->rows, i);
      g_autofree char *value = vai_format_markup (cells[0]), *label = vai_format_markup (cells[1]);
      g_string_append_printf (html, "<li><b>%s</b> <span>%s</span></li>\n", value, label);
    }
  g_string_append (html, "</ul>\n");
}

static gboolean
add_block (GString *html, const VaiBlock *block, GError **error)
{
  switch (block->kind)
    {
    case VAI_BLOCK_HEADING:
      add_element (html, "h2", "", block->text);
      break;
    case VAI_BLOCK_SUBHEADING:
      add_element (html, "h3", "", block->text);
      break;
    case VAI_BLOCK_LEAD:
      add_element (html, "p", " class=\"lead\"", block->text);
      break;
    case VAI_BLOCK_BULLET:
      add_element (html, "li", "", block->text);
      break;
    case VAI_BLOCK_FIGURES:
      add_figures (html, block);
      break;
    case VAI_BLOCK_TABLE:
      add_table (html, block->text, block->rows);
      break;
    case VAI_BLOCK_CHART:
      return add_chart (html, block, error);
    case VAI_BLOCK_PARAGRAPH:
    default:
      add_element (html, "p", "", block->text);
    }
  return TRUE;
}

/* "it" of "it_IT.UTF-8"; English where the language is not named. */
static char *
language (void)
{
  const char *const *names = g_get_language_names ();
  g_auto (GStrv) parts = g_strsplit_set (names[0], "_.@", 2);
  return g_strdup (g_str_equal (parts[0], "C") || g_str_equal (parts[0], "POSIX") ? "en" : parts[0]);
}

GBytes *
vai_report_to_html (const VaiReport *self, GError **error)
{
  g_autofree char *title = vai_format_markup (self->title), *code = language (), *safe_code = vai_format_markup (code);
  g_autoptr (GString) html = g_string_new (NULL);
  g_string_append_printf (html,
                          "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
                          "name=\"generator\" content=\"ValutAI\">\n"
                          "<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n",
                          safe_code, title, style);
  if (self->note != NULL)
    add_element (html, "p", " class=\"note\"", self->note);
  g_string_append_printf (html, "<h1>%s</h1>\n", title);
  gboolean in_list = FALSE;
  for (guint i = 0; i < self->blocks->len; i++)
    {
      const VaiBlock *block = g_ptr_array_index (self->blocks, i);
      gboolean bullet = block->kind == VAI_BLOCK_BULLET;
      if (bullet != in_list)
        g_string_append (html, bullet ? "<ul>\n" : "</ul>\n");
      in_list = bullet;
      if (!add_block (html, block, error))
        return NULL;
    }
  g_string_append (html, in_list ? "</ul>\n</main>\n</body>\n</html>\n" : "</main>\n</body>\n</html>\n");
  return g_string_free_to_bytes (g_steal_pointer (&html));
}
