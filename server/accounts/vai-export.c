#include "vai-export.h"

#include "vai-error.h"
#include "vai-json-build.h"
#include "vai-server.h"
#include "vai-user.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* PostgreSQL gives a query's rows all at once. */
#define PAGE_ROWS 500
#define PAGE_ROWS_LARGE 32 /* of up to 256 KiB */

#define KEYS_MAX 3

#define RETRY_SECONDS "10"

#define WRITING_MAX 2 /* workers that are kept from everybody else */

/* Columns end in # for numbers, ? for flags; the first @n_keys say which row is which, and are their order. None: there
 * are never more than a few. @from goes behind FROM, with $1 for her id, or for that of one of her devices. Where there
 * may be many, the columns of = and the keys begin an index: a page does not walk over those before it. */
typedef struct
{
  const char *member, *columns;
  guint n_keys, page_rows;
  const char *from;
  gboolean by_device;
} Part;

static const Part parts[] = {
  { "sessions", "created_at# id ip_address user_agent device_id updated_at# expires_at# revoked_at#", 2, PAGE_ROWS,
    "session WHERE user_id = $1" },
  { "backup_codes", "used_at#", 0, PAGE_ROWS, "backup_code WHERE user_id = $1 ORDER BY code_hash" },
  { "transactions", "created_at# id type amount# balance# description operation_type resource_id", 2, PAGE_ROWS,
    "credit_transaction WHERE user_id = $1" },
  { "grants", "id source amount# remaining# expires_at# created_at#", 1, PAGE_ROWS, "\"grant\" WHERE user_id = $1" },
  { "purchases", "created_at# id package_id amount# currency credits# state updated_at#", 2, PAGE_ROWS,
    "purchase WHERE user_id = $1" },
  { "refunds", "created_at# id amount# reason state", 2, PAGE_ROWS,
    "refund WHERE payment_id IN (SELECT payment_id FROM payment_claw WHERE user_id = $1)" },
  { "subscriptions", "id package_id status period_end# ends_at_period_end? created_at#", 1, PAGE_ROWS,
    "subscription WHERE user_id = $1" },
  { "devices", "created_at# id name public_key status used# returned# not_after#", 2, PAGE_ROWS,
    "device WHERE user_id = $1" },
  { "operations", "epoch# seq# hash device_id op_kind units# cost# charged# created_at#", 3, PAGE_ROWS,
    "device_entry WHERE device_id = $1", TRUE },
  { "models", "created_at# id name algorithm fingerprint", 2, PAGE_ROWS, "published_model WHERE user_id = $1" },
  { "library", "id kind schema# rev# deleted? meta blobs updated_by_device created_at# updated_at#", 1, PAGE_ROWS_LARGE,
    "sync_object WHERE user_id = $1" },
  { "library_history", "object_id id reason rev# meta updated_by_device created_at#", 2, PAGE_ROWS_LARGE,
    "object_history WHERE user_id = $1" },
  { "files", "hash size#", 1, PAGE_ROWS, "user_blob WHERE user_id = $1" },
  { "ledger_accounts", "id kind balance#", 1, PAGE_ROWS, "ledger_account WHERE user_id = $1" },
};

/* ── The file ── */

static void
write_value (FILE *file, JsonBuilder *builder)
{
  g_autoptr (JsonNode) value = json_builder_get_root (builder);
  g_autofree char *text = json_to_string (value, FALSE);
  fputs (text, file);
}

/* A part on its way into the file. */
typedef struct
{
  FILE *file;
  VaiTransaction *transaction;
  const Part *part;
  GStrv names; /* of its columns */
  char *marks; /* of each */
  gboolean begun;
  guint n_rows;            /* of her, or of one device */
  VaiValue last[KEYS_MAX]; /* keys of the last row of the page before; texts belong to it */
} Writing;

static void
clear_keys (VaiValue *keys)
{
  for (guint i = 0; i < KEYS_MAX; i++)
    if (keys[i].kind == VAI_VALUE_TEXT)
      g_free ((char *) keys[i].text);
}

static void
writing_clear (Writing *self)
{
  g_strfreev (self->names);
  g_free (self->marks);
  clear_keys (self->last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

static void
read_keys (const Writing *self, VaiRows *rows, VaiValue *keys)
{
  clear_keys (keys);
  for (guint i = 0; i < self->part->n_keys; i++)
    keys[i] = self->marks[i] == '#' ? VAI_INTEGER (vai_rows_get_integer (rows, (int) i))
                                    : VAI_TEXT (g_strdup (vai_rows_get_text (rows, (int) i)));
}

static void
write_row (Writing *self, VaiRows *rows)
{
  g_autoptr (JsonBuilder) builder = vai_json_new_object ();
  for (int i = 0; self->names[i] != NULL; i++)
    if (vai_rows_is_null (rows, i))
      vai_json_add_text (builder, self->names[i], NULL);
    else if (self->marks[i] == '#')
      vai_json_add_integer (builder, self->names[i], vai_rows_get_integer (rows, i));
    else if (self->marks[i] == '?')
      vai_json_add_flag (builder, self->names[i], vai_rows_get_integer (rows, i) != 0);
    else
      vai_json_add_text (builder, self->names[i], vai_rows_get_text (rows, i));
  json_builder_end_object (builder);
  fputs (self->begun ? "," : "", self->file);
  self->begun = TRUE;
  self->n_rows++;
  write_value (self->file, builder);
}

static char *
dup_sql (const Writing *self)
{
  const Part *part = self->part;
  g_autofree char *columns = g_strjoinv (", ", self->names);
  g_autoptr (GString) keys = g_string_new (NULL), values = g_string_new (NULL);
  for (guint i = 0; i < part->n_keys; i++)
    {
      g_string_append_printf (keys, "%s%s", i > 0 ? ", " : "", self->names[i]);
      g_string_append_printf (values, "%s$%u", i > 0 ? ", " : "", i + 2);
    }
  if (part->n_keys == 0)
    return g_strdup_printf ("SELECT %s FROM %s", columns, part->from);
  if (self->n_rows == 0)
    return g_strdup_printf ("SELECT %s FROM %s ORDER BY %s LIMIT %u", columns, part->from, keys->str, part->page_rows);
  return g_strdup_printf ("SELECT %s FROM %s AND (%s) > (%s) ORDER BY %s LIMIT %u", columns, part->from, keys->str,
                          values->str, keys->str, part->page_rows);
}

/* FALSE when it was the last one. */
static gboolean
write_page (Writing *self, const char *id)
{
  VaiValue values[KEYS_MAX + 2] = { VAI_TEXT (id) }, last[KEYS_MAX] = { 0 };
  guint n_before = self->n_rows, n_keys = self->part->n_keys;
  if (n_before > 0)
    memcpy (values + 1, self->last, n_keys * sizeof *values);
  g_autofree char *sql = dup_sql (self);
  VaiRows *rows = vai_transaction_query_values (self->transaction, sql, values);
  while (!ferror (self->file) && vai_rows_next (rows))
    {
      write_row (self, rows);
      read_keys (self, rows, last);
    }
  vai_rows_free (rows);
  clear_keys (self->last);
  memcpy (self->last, last, sizeof last);
  return n_keys > 0 && self->n_rows - n_before == self->part->page_rows;
}

/* FALSE when the server stops. */
static gboolean
write_rows (Writing *self, VaiServer *server, const char *id)
{
  self->n_rows = 0;
  do
    if (g_atomic_int_get (&server->draining))
      return FALSE;
  while (write_page (self, id));
  return TRUE;
}

static GPtrArray *
read_devices (VaiTransaction *transaction, const char *user_id)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT id FROM device WHERE user_id = $1 ORDER BY id", VAI_TEXT (user_id));
  while (vai_rows_next (rows))
    g_ptr_array_add (ids, g_strdup (vai_rows_get_text (rows, 0)));
  return ids;
}

static gboolean
write_part (FILE *file, VaiCall *call, VaiTransaction *transaction, const Part *part)
{
  g_auto (GStrv) columns = g_strsplit (part->columns, " ", -1);
  guint n = g_strv_length (columns);
  g_auto (Writing) writing = { file, transaction, part, g_new0 (char *, n + 1), g_new (char, n) };
  for (guint i = 0; i < n; i++)
    {
      gsize length = strcspn (columns[i], "#?");
      writing.names[i] = g_strndup (columns[i], length);
      writing.marks[i] = columns[i][length];
    }
  fprintf (file, ",\"%s\":[", part->member);
  gboolean done = TRUE;
  if (part->by_device)
    {
      g_autoptr (GPtrArray) ids = read_devices (transaction, call->user_id);
      for (guint i = 0; done && i < ids->len; i++)
        done = write_rows (&writing, call->server, ids->pdata[i]);
    }
  else
    done = write_rows (&writing, call->server, call->user_id);
  fputc (']', file);
  return done;
}

/* Not now, and not because of her. */
static VaiReply *
refuse_now (const char *why)
{
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL, "%s", why);
  vai_reply_set_header (reply, "Retry-After", RETRY_SECONDS);
  return reply;
}

static VaiReply *
write_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  FILE *file = data;
  g_autoptr (VaiUser) user = vai_user_find (transaction, call->user_id);
  if (user == NULL)
    return vai_user_refuse_gone ();
  rewind (file);
  fprintf (file, "{\"exported_at\":%" G_GINT64_FORMAT ",\"account\":", call->now);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  vai_user_write (user, builder);
  write_value (file, builder);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (!write_part (file, call, transaction, &parts[i]))
      return refuse_now ("This server is stopping: ask again.");
  fputc ('}', file);
  return vai_reply_new_nothing ();
}

/* ── One at a time, of few ── */

static GMutex lock;
static GHashTable *running; /* of ids of persons */
static guint n_writing;     /* of them, those whose file is not whole yet */

/* NULL, or the refusal. */
static VaiReply *
begin (const char *user_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (running == NULL)
    running = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_hash_table_contains (running, user_id))
    {
      VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_TOO_MANY, NULL, "Your data is on its way to you already.");
      vai_reply_set_header (reply, "Retry-After", RETRY_SECONDS);
      return reply;
    }
  if (n_writing == WRITING_MAX)
    return refuse_now ("Others take their data along: try again.");
  n_writing++;
  g_hash_table_add (running, g_strdup (user_id));
  return NULL;
}

static void
end_writing (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  n_writing--;
}

static void
end (const char *user_id)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_hash_table_remove (running, user_id);
}

typedef struct
{
  char *user_id;
  GMappedFile *map;
} Sending;

static void
sending_free (gpointer data)
{
  Sending *self = data;
  g_mapped_file_unref (self->map);
  end (self->user_id);
  g_free (self->user_id);
  g_free (self);
}

/* The file as the body of an answer, which reads it from the disk while it leaves. */
static VaiReply *
send_file (VaiCall *call, int fd, GError **error)
{
  GMappedFile *map = g_mapped_file_new_from_fd (fd, FALSE, error);
  if (map == NULL)
    return NULL;
  Sending *sending = g_new (Sending, 1);
  *sending = (Sending){ g_strdup (call->user_id), map };
  GBytes *body = g_bytes_new_with_free_func (g_mapped_file_get_contents (map), g_mapped_file_get_length (map),
                                             sending_free, sending);
  VaiReply *reply = vai_reply_new_bytes (200, "application/json", body);
  vai_reply_set_header (reply, "Content-Disposition", "attachment; filename=\"valutai-account.json\"");
  return reply;
}

/* In the data folder, beside what it is made of: a temporary folder may be in memory. It has no name, and is gone when
 * nobody reads it. */
static FILE *
open_file (VaiServer *server, GError **error)
{
  g_autofree char *path = g_build_filename (vai_server_config_get_text (server->config, "data"), "export-XXXXXX", NULL);
  int fd = g_mkstemp (path);
  if (fd >= 0)
    g_unlink (path);
  else
    vai_error_set_errno (error, errno, TRUE, "Cannot write “%s”", path);
  return fd >= 0 ? fdopen (fd, "w") : NULL;
}

/* NULL: a refusal is to be made of @error, and the next one may begin. */
static VaiReply *
write_and_send (VaiCall *call, GError **error)
{
  FILE *file = open_file (call->server, error);
  if (file == NULL)
    return NULL;
  errno = 0;
  VaiReply *reply = vai_call_read (call, write_work, file);
  if (reply->status == 204)
    {
      vai_reply_free (reply);
      if (fflush (file) == 0 && !ferror (file) && ftruncate (fileno (file), ftello (file)) == 0)
        reply = send_file (call, fileno (file), error);
      else
        {
          vai_error_set_errno (error, errno != 0 ? errno : EIO, TRUE, "Cannot write the export");
          reply = NULL;
        }
    }
  fclose (file);
  return reply;
}

VaiReply *
vai_export_person (VaiCall *call)
{
  VaiReply *refusal = begin (call->user_id);
  if (refusal != NULL)
    return refusal;
  g_autoptr (GError) error = NULL;
  VaiReply *reply = write_and_send (call, &error);
  end_writing ();
  if (reply != NULL && reply->status == 200)
    return reply;
  end (call->user_id);
  return reply != NULL ? reply : vai_call_refuse_error (call, error);
}
