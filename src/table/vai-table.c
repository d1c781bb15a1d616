#include "vai-table.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Names that an error offers; more would not be read. */
#define NEAREST_MAX 3

/* Beyond this many characters of a name a comparison tells nothing more. */
#define NAME_COMPARED_MAX 64

/* To give back the pages of more cells than this takes milliseconds for which nobody has to wait. */
#define CELLS_FREED_AT_ONCE 1000000

VaiTable *
vai_table_new (void)
{
  VaiTable *self = g_new0 (VaiTable, 1);
  g_atomic_ref_count_init (&self->refs);
  self->columns = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_column_free);
  return self;
}

VaiTable *
vai_table_ref (VaiTable *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static gpointer
free_table (gpointer data)
{
  VaiTable *self = data;

  g_ptr_array_unref (self->columns);
  g_free (self->lines);
  g_free (self);
  return NULL;
}

void
vai_table_unref (VaiTable *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;
  g_autoptr (GThread) thread = self->n_rows * self->columns->len > CELLS_FREED_AT_ONCE
                                   ? g_thread_try_new ("free", free_table, self, NULL)
                                   : NULL;
  if (thread == NULL)
    free_table (self);
}

void
vai_table_add (VaiTable *self, VaiColumn *column)
{
  g_return_if_fail (column != NULL);
  g_return_if_fail (self->columns->len == 0 || column->n_rows == self->n_rows);
  self->n_rows = column->n_rows;
  g_ptr_array_add (self->columns, column);
}

/* Without case and surrounding blanks. */
static char *
fold (const char *name)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));
  return g_utf8_casefold (stripped, -1);
}

int
vai_table_find (const VaiTable *self, const char *name)
{
  g_return_val_if_fail (name != NULL, -1);
  for (guint i = 0; i < self->columns->len; i++)
    if (g_str_equal (vai_table_column (self, i)->name, name))
      return i;
  g_autofree char *wanted = fold (name);
  int found = -1;
  for (guint i = 0; i < self->columns->len; i++)
    {
      g_autofree char *folded = fold (vai_table_column (self, i)->name);
      if (!g_str_equal (folded, wanted))
        continue;
      if (found >= 0)
        return -1;
      found = i;
    }
  return found;
}

/* Levenshtein distance of the first bytes of two names. */
static guint
distance (const char *a, const char *b)
{
  guint row[NAME_COMPARED_MAX + 1];
  guint n = MIN (strlen (b), NAME_COMPARED_MAX);
  for (guint j = 0; j <= n; j++)
    row[j] = j;
  for (guint i = 0; a[i] != '\0' && i < NAME_COMPARED_MAX; i++)
    {
      guint diagonal = row[0];
      row[0] = i + 1;
      for (guint j = 0; j < n; j++)
        {
          guint above = row[j + 1];
          row[j + 1] = MIN (MIN (above, row[j]) + 1, diagonal + (a[i] != b[j]));
          diagonal = above;
        }
    }
  return row[n];
}

/* The nearest names there are, quoted and joined by commas. */
static char *
dup_nearest (const VaiTable *self, const char *name)
{
  g_autofree char *wanted = fold (name);
  g_autofree guint *distances = g_new (guint, self->columns->len);
  for (guint i = 0; i < self->columns->len; i++)
    {
      g_autofree char *folded = fold (vai_table_column (self, i)->name);
      gboolean inside = strstr (folded, wanted) != NULL || strstr (wanted, folded) != NULL;
      distances[i] = inside ? 1 : distance (wanted, folded);
    }
  GString *text = g_string_new (NULL);
  for (guint shown = 0; shown < MIN (NEAREST_MAX, self->columns->len); shown++)
    {
      guint best = 0;
      for (guint i = 1; i < self->columns->len; i++)
        if (distances[i] < distances[best])
          best = i;
      distances[best] = G_MAXUINT;
      g_string_append (text, shown == 0 ? "" : ", ");
      /* Translators: a name in a list of names. */
      g_string_append_printf (text, _ ("“%s”"), vai_table_column (self, best)->name);
    }
  return g_string_free (text, FALSE);
}

int
vai_table_require (const VaiTable *self, const char *name, GError **error)
{
  int found = vai_table_find (self, name);
  if (found >= 0)
    return found;
  g_autofree char *nearest = dup_nearest (self, name);
  g_set_error (error, VAI_ERROR, VAI_ERROR_NO_COLUMN, _ ("There is no column “%s”. The nearest names are: %s."), name,
               nearest);
  return -1;
}
