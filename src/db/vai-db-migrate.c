#include "vai-db-private.h"

#include "vai-error.h"

#include <glib/gi18n-lib.h>

/* Larger than SQLite's 4096: chunks of columns are hundreds of KiB, and a long chain of small overflow pages reads at
 * half the speed. */
#define PAGE_SIZE_BYTES 16384

typedef struct
{
  gint64 application_id;
  gint64 version;
  gint64 n_objects; /* tables and indexes; 0 in a file that was just made */
} Identity;

static gboolean
read_identity (VaiDb *self, Identity *identity, GError **error)
{
  return vai_db_query_integer (self, "PRAGMA application_id", &identity->application_id, error)
         && vai_db_query_integer (self, "PRAGMA user_version", &identity->version, error)
         && vai_db_query_integer (self, "SELECT count(*) FROM sqlite_schema", &identity->n_objects, error);
}

static gboolean
is_new (const Identity *identity)
{
  return identity->application_id == 0 && identity->version == 0 && identity->n_objects == 0;
}

static gboolean
check_identity (VaiDb *self, const VaiDbLadder *ladder, const Identity *identity, GError **error)
{
  guint newest = g_strv_length ((GStrv) ladder->steps);
  if (is_new (identity) && !self->read_only)
    return TRUE;
  if (identity->application_id != ladder->application_id)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_FOREIGN, _ ("“%s” is no %s: it is a database of another program."),
                   self->path, ladder->kind);
      return FALSE;
    }
  if (identity->version > newest)
    {
      g_set_error (
          error, VAI_ERROR, VAI_ERROR_NEWER,
          _ ("“%s” was written by a newer version of ValutAI (format %d, this one reads up to %u): update ValutAI."),
          self->path, (int) identity->version, newest);
      return FALSE;
    }
  if (identity->version < 1)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("“%s” has no format version: the file is damaged."),
                   self->path);
      return FALSE;
    }
  if (self->read_only && identity->version < newest)
    {
      g_set_error (
          error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE,
          _ ("“%s” is of an older format and must be brought up to date: open it once where it can be written."),
          self->path);
      return FALSE;
    }
  return TRUE;
}

/* One step in one transaction. Another program may have taken it while this one waited for the lock. */
static gboolean
take_step (VaiDb *self, const VaiDbLadder *ladder, guint step, GError **error)
{
  if (!vai_db_begin (self, error))
    return FALSE;
  gint64 version = 0;
  g_autofree char *stamp
      = g_strdup_printf ("PRAGMA application_id=%d; PRAGMA user_version=%u", ladder->application_id, step);
  gboolean done = vai_db_query_integer (self, "PRAGMA user_version", &version, error);
  if (done && version < step)
    done = vai_db_exec (self, ladder->steps[step - 1], error) && vai_db_exec (self, stamp, error);
  if (done)
    return vai_db_commit (self, error);
  vai_db_rollback (self);
  return FALSE;
}

static gboolean
copy_before (VaiDb *self, gint64 version, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.v%d.backup", self->path, (int) version);
  if (vai_db_backup (self, path, error))
    return TRUE;
  g_prefix_error (error, "%s", _ ("The file must be copied before it is brought up to date. "));
  return FALSE;
}

gboolean
vai_db_climb (VaiDb *self, const VaiDbLadder *ladder, GError **error)
{
  Identity identity;
  if (!read_identity (self, &identity, error) || !check_identity (self, ladder, &identity, error))
    return FALSE;
  if (self->read_only)
    return TRUE;
  /* What can only be said of a file without pages. Purged data must give their place back. */
  g_autofree char *sql = g_strdup_printf ("PRAGMA page_size=%u; PRAGMA auto_vacuum=INCREMENTAL",
                                          ladder->page_bytes > 0 ? ladder->page_bytes : PAGE_SIZE_BYTES);
  if (is_new (&identity) && !vai_db_exec (self, sql, error))
    return FALSE;
  /* Only now: a file that is refused stays as it was. */
  if (!vai_db_exec (self, "PRAGMA journal_mode=WAL", error))
    return FALSE;
  guint newest = g_strv_length ((GStrv) ladder->steps);
  if (!is_new (&identity) && identity.version < newest && !copy_before (self, identity.version, error))
    return FALSE;
  for (guint step = identity.version + 1; step <= newest; step++)
    if (!take_step (self, ladder, step, error))
      return FALSE;
  return TRUE;
}
