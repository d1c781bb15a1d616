#include "vai-records.h"

#include "vai-rows.h"

#include <string.h>

struct _VaiRecords
{
  VaiRows *rows; /* owned */
  VaiTokens tokens;
  guint64 first_line;
  gsize next_kept, next_rejected;
  gboolean ended;
  /* The fields of the record that was given last. */
  GPtrArray *fields; /* of char*, owned */
  GArray *lengths;   /* of gsize */
  char *reason;      /* owned, nullable */
  /* A rejected record is cut anew. */
  VaiTokens again;
  char *again_text; /* owned */
};

VaiRecords *
vai_records_open (const char *path, const VaiDialect *dialect, GCancellable *cancellable, GError **error)
{
  g_autoptr (VaiRecords) self = g_new0 (VaiRecords, 1);
  self->fields = g_ptr_array_new_with_free_func (g_free);
  self->lengths = g_array_new (FALSE, FALSE, sizeof (gsize));
  self->rows = vai_rows_open (path, dialect, cancellable, error);
  if (self->rows == NULL)
    return NULL;
  vai_rows_set_plain (self->rows);
  return g_steal_pointer (&self);
}

void
vai_records_free (VaiRecords *self)
{
  if (self == NULL)
    return;
  vai_rows_free (self->rows);
  vai_tokens_clear (&self->tokens);
  vai_tokens_clear (&self->again);
  g_ptr_array_unref (self->fields);
  g_array_unref (self->lengths);
  g_free (self->reason);
  g_free (self->again_text);
  g_free (self);
}

const GPtrArray *
vai_records_get_names (VaiRecords *self)
{
  return vai_rows_get_layout (self->rows)->names;
}

static void
set_fields (VaiRecords *self, const VaiTokens *tokens, const VaiField *fields, guint n_fields)
{
  g_ptr_array_set_size (self->fields, 0);
  g_array_set_size (self->lengths, 0);
  for (guint i = 0; i < n_fields; i++)
    {
      gsize length = fields[i].length;
      char *text = g_malloc (length + 1);
      memcpy (text, tokens->text + fields[i].start, length);
      text[length] = '\0';
      g_ptr_array_add (self->fields, text);
      g_array_append_val (self->lengths, length);
    }
}

static void
give (VaiRecords *self, VaiRecord *record, guint64 line)
{
  *record = (VaiRecord){
    .line = line,
    .n_fields = self->fields->len,
    .fields = (const char *const *) self->fields->pdata,
    .lengths = (const gsize *) (void *) self->lengths->data,
    .rejected = self->reason,
  };
}

static void
give_rejected (VaiRecords *self, const VaiTokenRecord *rejected, VaiRecord *record)
{
  gsize length = rejected->end - rejected->start;
  VaiTokenRules rules = vai_rows_get_rules (self->rows);
  g_free (self->again_text);
  self->again_text = g_memdup2 (self->tokens.text + rejected->start, length);
  vai_tokens_cut (&self->again, &rules, self->again_text, length, TRUE);
  const VaiTokenRecord *whole = self->again.records;
  gboolean any = self->again.n_records > 0;
  set_fields (self, &self->again, any ? self->again.fields + whole->first : NULL, any ? whole->n_fields : 0);
  self->reason = vai_rows_dup_reason (self->rows, rejected);
  give (self, record, self->first_line + rejected->line);
}

/* The next record of the present block, kept or rejected, in the order of the file. */
static gboolean
next_of_block (VaiRecords *self, VaiRecord *record)
{
  const VaiTokens *tokens = &self->tokens;
  const VaiTokenRecord *rejected
      = self->next_rejected < tokens->n_rejected ? &tokens->rejected[self->next_rejected] : NULL;
  g_clear_pointer (&self->reason, g_free);
  if (rejected != NULL && rejected->first <= self->next_kept)
    {
      self->next_rejected++;
      give_rejected (self, rejected, record);
      return TRUE;
    }
  if (self->next_kept >= tokens->n_records)
    return FALSE;
  guint n = vai_rows_get_layout (self->rows)->n_columns;
  const VaiTokenRecord *kept = &tokens->records[self->next_kept];
  set_fields (self, tokens, tokens->fields + self->next_kept * n, n);
  self->next_kept++;
  give (self, record, self->first_line + kept->line);
  return TRUE;
}

static gboolean
next_block (VaiRecords *self, GError **error)
{
  self->next_kept = self->next_rejected = 0;
  while (vai_rows_next (self->rows, &self->tokens, &self->first_line, error))
    if (self->tokens.n_records + self->tokens.n_rejected > 0)
      return TRUE;
  self->tokens.n_records = self->tokens.n_rejected = 0;
  self->ended = TRUE;
  return FALSE;
}

gboolean
vai_records_next (VaiRecords *self, VaiRecord *record, GError **error)
{
  while (!self->ended)
    {
      if (next_of_block (self, record))
        return TRUE;
      if (!next_block (self, error))
        return FALSE;
    }
  return FALSE;
}
