#include "vai-audit.h"

#include <string.h>

/* PostgreSQL gives a query's rows all at once; this many are some megabytes. */
#define SLICE 10000

char *
vai_audit_hash (const char *prev_hash,
                gint64 seq,
                const char *actor_id,
                const char *action,
                const char *subject,
                const char *detail,
                gint64 created_at)
{
  /* Each field with its length, so that no two entries run into the same text. */
  const char *fields[] = { prev_hash, actor_id, action, subject, detail };
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, seq, created_at);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i] == NULL)
      g_string_append (text, "\n-");
    else
      g_string_append_printf (text, "\n%" G_GSIZE_FORMAT ":%s", strlen (fields[i]), fields[i]);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text->str, (gssize) text->len);
}

void
vai_audit_add (VaiTransaction *transaction,
               const char *actor_id,
               const char *action,
               const char *subject,
               gint64 now,
               const char *format,
               ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  vai_transaction_lock (transaction, "audit_head", "head");
  g_autofree char *prev = vai_transaction_dup_text (transaction, "SELECT hash FROM audit_head WHERE id = 'head'");
  gint64 seq = 1 + vai_transaction_get_integer (transaction, 0, "SELECT seq FROM audit_head WHERE id = 'head'");
  g_autofree char *hash = vai_audit_hash (prev != NULL ? prev : "", seq, actor_id, action, subject, detail, now);
  vai_transaction_run (transaction,
                       "INSERT INTO audit (seq, prev_hash, hash, actor_id, action, subject, detail, created_at) "
                       "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                       VAI_INTEGER (seq), VAI_TEXT (prev), VAI_TEXT (hash), VAI_TEXT (actor_id), VAI_TEXT (action),
                       VAI_TEXT (subject), VAI_TEXT (detail), VAI_INTEGER (now));
  vai_transaction_run (transaction, "UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 'head'", VAI_INTEGER (seq),
                       VAI_TEXT (hash));
}

/* How far the chain was followed. */
typedef struct
{
  gint64 seq;
  char *hash;
} Chain;

/* Follows the next entries; gives their number, or -1 at one that does not belong there, whose number is the next. */
static gint64
follow_slice (VaiTransaction *transaction, Chain *chain)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT seq, prev_hash, hash, actor_id, action, subject, detail, created_at FROM audit "
                               "WHERE seq > $1 ORDER BY seq LIMIT $2",
                               VAI_INTEGER (chain->seq > 0 ? chain->seq : G_MININT64), VAI_INTEGER (SLICE));
  gint64 n = 0;
  for (; vai_rows_next (rows); n++)
    {
      g_autofree char *hash = vai_audit_hash (chain->hash, vai_rows_get_integer (rows, 0), vai_rows_get_text (rows, 3),
                                              vai_rows_get_text (rows, 4), vai_rows_get_text (rows, 5),
                                              vai_rows_get_text (rows, 6), vai_rows_get_integer (rows, 7));
      if (vai_rows_get_integer (rows, 0) != chain->seq + 1 || g_strcmp0 (vai_rows_get_text (rows, 1), chain->hash) != 0
          || g_strcmp0 (vai_rows_get_text (rows, 2), hash) != 0)
        return -1;
      chain->seq++;
      g_free (chain->hash);
      chain->hash = g_steal_pointer (&hash);
    }
  return n;
}

gint64
vai_audit_verify (VaiTransaction *transaction, gint64 *n_entries)
{
  Chain chain = { 0, g_strdup ("") };
  gint64 n;
  do
    n = follow_slice (transaction, &chain);
  while (n == SLICE);
  g_free (chain.hash);
  if (n < 0)
    return chain.seq + 1;
  *n_entries = chain.seq;
  /* Entries cut off at the end leave a chain that holds: the head knows better. */
  return vai_transaction_get_integer (transaction, 0, "SELECT seq FROM audit_head WHERE id = 'head'") == chain.seq
             ? 0
             : chain.seq + 1;
}
