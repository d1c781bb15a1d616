/* A workspace that cannot be opened makes room for another, and stays. */
#include "vai-store.h"

#include "vai-aside.h"
#include "vai-error.h"
#include "vai-output.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* What was written last may stand in the log beside the file only. */
#define LOG_ENDING "-wal"

/* An older one is brought up to date when it is opened. */
static gboolean
can_be_opened (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiStore) store = vai_store_open (path, VAI_STORE_READ_ONLY, &local);

  if (store != NULL || g_error_matches (local, VAI_ERROR, VAI_ERROR_NOT_WRITABLE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
copy_file (const char *from, const char *to, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from), target = g_file_new_for_path (to);
  g_autoptr (GError) local = NULL;

  if (g_file_copy (source, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, &local))
    return TRUE;
  g_unlink (to);
  g_set_error (error, VAI_ERROR,
               g_error_matches (local, G_IO_ERROR, G_IO_ERROR_NO_SPACE) ? VAI_ERROR_NO_SPACE : VAI_ERROR_NOT_WRITABLE,
               _ ("“%s” cannot be copied: %s. Nothing was changed."), from, local->message);
  return FALSE;
}

gboolean
vai_store_put_aside (const char *path, char **aside, GError **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, FALSE);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      name = vai_set_aside (path, LOG_ENDING, error);
      if (name == NULL)
        return FALSE;
    }
  if (aside != NULL)
    *aside = g_steal_pointer (&name);
  return TRUE;
}

gboolean
vai_store_restore (const char *copy, const char *path, char **aside, GError **error)
{
  g_return_val_if_fail (copy != NULL && path != NULL, FALSE);

  g_autofree char *from_log = g_strconcat (copy, LOG_ENDING, NULL), *to_log = g_strconcat (path, LOG_ENDING, NULL);
  g_autofree char *whole = g_strconcat (path, ".restoring", NULL), *log = g_strconcat (whole, LOG_ENDING, NULL);
  gboolean logged = g_file_test (from_log, G_FILE_TEST_EXISTS);
  if (!can_be_opened (copy, error) || !vai_output_check_apart (path, copy, error) || !copy_file (copy, whole, error))
    return FALSE;
  if ((logged && !copy_file (from_log, log, error)) || !vai_store_put_aside (path, aside, error))
    {
      g_unlink (whole);
      g_unlink (log);
      return FALSE;
    }
  return (!logged || vai_rename (log, to_log, error)) && vai_rename (whole, path, error);
}
