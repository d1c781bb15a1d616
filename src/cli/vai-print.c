#include "vai-print.h"

#include "vai-error.h"
#include "vai-json-build.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#define CELL_CHARACTERS_MAX 48

gboolean
vai_print_json (JsonBuilder *builder, GError **error)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  return vai_print_json_node (root, error);
}

gboolean
vai_print_json_node (JsonNode *root, GError **error)
{
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_root (generator, root);
  g_autofree char *text = json_generator_to_data (generator, NULL);
  if (fputs (text, stdout) >= 0 && fputc ('\n', stdout) >= 0 && fflush (stdout) == 0)
    return TRUE;
  vai_error_set_errno (error, errno, TRUE, _ ("Cannot write to standard output"));
  return FALSE;
}

gboolean
vai_print_json_member (const char *name, const char *value, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_text (builder, name, value);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

void
vai_json_add_whole (JsonBuilder *builder, const GPtrArray *faults, const GError *error)
{
  gboolean told = faults != NULL && faults->len > 0;
  vai_json_add_flag (builder, "whole", !told && error == NULL);
  json_builder_set_member_name (builder, "problems");
  json_builder_begin_array (builder);
  for (guint i = 0; told && i < faults->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (faults, i));
  if (!told && error != NULL)
    json_builder_add_string_value (builder, error->message);
  json_builder_end_array (builder);
}

gboolean
vai_print_unwhole (const GPtrArray *faults, GError *damage, gboolean json, GError **error)
{
  static const VaiError of_the_file[] = { VAI_ERROR_DAMAGED, VAI_ERROR_FOREIGN, VAI_ERROR_EMPTY };
  gboolean damaged = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (of_the_file); i++)
    damaged |= g_error_matches (damage, VAI_ERROR, of_the_file[i]);
  g_autoptr (GError) owned = damage;
  if (json && damaged)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();
      json_builder_begin_object (builder);
      vai_json_add_whole (builder, faults, damage);
      json_builder_end_object (builder);
      if (!vai_print_json (builder, error))
        return FALSE;
    }
  g_propagate_error (error, g_steal_pointer (&owned));
  return FALSE;
}

const char *
vai_print_outcome_word (const char *name)
{
  static const char *const words[][2] = {
    { "won", N_ ("won") },
    { "lost", N_ ("lost") },
    { "open", N_ ("open") },
    { "none", N_ ("open") },
  };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i][0], name) == 0)
      return _ (words[i][1]);
  return _ ("not known");
}

struct _VaiGrid
{
  char *alignment;  /* owned */
  GPtrArray *lines; /* of GStrv, owned; the first is the header */
};

static void
add_line (VaiGrid *self, va_list cells)
{
  g_autoptr (GStrvBuilder) line = g_strv_builder_new ();
  for (const char *cell = va_arg (cells, const char *); cell != NULL; cell = va_arg (cells, const char *))
    {
      g_autofree char *valid = g_utf8_make_valid (cell, -1);
      for (char *at = valid; *at != '\0'; at++)
        if (*at == '\n' || *at == '\r' || *at == '\t')
          *at = ' ';
      if (g_utf8_strlen (valid, -1) > CELL_CHARACTERS_MAX)
        {
          g_autofree char *head = g_utf8_substring (valid, 0, CELL_CHARACTERS_MAX - 1);
          g_autofree char *cut = g_strconcat (head, "…", NULL);
          g_strv_builder_add (line, cut);
        }
      else
        g_strv_builder_add (line, valid);
    }
  g_ptr_array_add (self->lines, g_strv_builder_end (line));
}

VaiGrid *
vai_grid_new (const char *alignment, ...)
{
  VaiGrid *self = g_new0 (VaiGrid, 1);
  self->alignment = g_strdup (alignment);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  va_list cells;
  va_start (cells, alignment);
  add_line (self, cells);
  va_end (cells);
  return self;
}

void
vai_grid_add (VaiGrid *self, ...)
{
  va_list cells;
  va_start (cells, self);
  add_line (self, cells);
  va_end (cells);
}

static void
print_cell (const char *cell, guint width, gboolean right, gboolean last)
{
  guint blanks = width - g_utf8_strlen (cell, -1);
  g_print ("%*s%s%*s", right ? (int) blanks : 0, "", cell, right || last ? 0 : (int) blanks, "");
  if (!last)
    g_print ("  ");
}

void
vai_grid_print (VaiGrid *self)
{
  guint n = strlen (self->alignment);
  g_autofree guint *widths = g_new0 (guint, n);
  for (guint i = 0; i < self->lines->len; i++)
    {
      GStrv line = g_ptr_array_index (self->lines, i);
      for (guint j = 0; j < n && line[j] != NULL; j++)
        widths[j] = MAX (widths[j], (guint) g_utf8_strlen (line[j], -1));
    }
  for (guint i = 0; i < self->lines->len; i++)
    {
      GStrv line = g_ptr_array_index (self->lines, i);
      g_print ("  ");
      for (guint j = 0; j < n && line[j] != NULL; j++)
        print_cell (line[j], widths[j], self->alignment[j] == 'r', line[j + 1] == NULL);
      g_print ("\n");
    }
}

void
vai_grid_free (VaiGrid *self)
{
  g_ptr_array_unref (self->lines);
  g_free (self->alignment);
  g_free (self);
}

void
vai_print_line (const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_print ("%s\n", text);
}
