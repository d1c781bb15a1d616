#include "vai-output.h"

#include "vai-error.h"
#include "vai-failpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One command writes a handful of files at once. */
#define OPEN_OUTPUTS_MAX 16

struct _VaiOutput
{
  char *path;      /* owned */
  char *temporary; /* owned; NULL after commit */
  char *old;       /* owned, nullable: a second name of what was there before a commit that may be reverted */
  FILE *file;
  guint slot, old_slot;
  gboolean prepared;
  gboolean was_absent; /* when it was committed revocably */
};

static char *open_temporaries[OPEN_OUTPUTS_MAX];

static guint
claim_slot (char *temporary)
{
  for (guint i = 0; i < OPEN_OUTPUTS_MAX; i++)
    if (g_atomic_pointer_compare_and_exchange (&open_temporaries[i], NULL, temporary))
      return i;
  return OPEN_OUTPUTS_MAX;
}

static void
release_slot (guint slot)
{
  if (slot < OPEN_OUTPUTS_MAX)
    g_atomic_pointer_set (&open_temporaries[slot], NULL);
}

void
vai_output_remove_all_temporaries (void)
{
  for (guint i = 0; i < OPEN_OUTPUTS_MAX; i++)
    {
      const char *temporary = g_atomic_pointer_get (&open_temporaries[i]);
      if (temporary != NULL)
        unlink (temporary);
    }
}

gboolean
vai_output_check_apart (const char *path, const char *input, GError **error)
{
  struct stat info, read;
  if (input == NULL || stat (path, &info) != 0 || stat (input, &read) != 0 || info.st_dev != read.st_dev
      || info.st_ino != read.st_ino)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
               _ ("“%s” would be written over what is read: choose another name for the output."), path);
  return FALSE;
}

/* *@mode becomes that of the file which is there; 0: there is none. */
static gboolean
check_target (const char *path, mode_t *mode, GError **error)
{
  struct stat info;
  *mode = 0;
  if (stat (path, &info) != 0)
    return TRUE;
  *mode = info.st_mode & 0777;
  if (S_ISREG (info.st_mode) && access (path, W_OK) != 0)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("Cannot write “%s”"), path);
      return FALSE;
    }
  if (S_ISREG (info.st_mode))
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE,
               _ ("“%s” is not an ordinary file: choose the name of a file that may be written."), path);
  return FALSE;
}

VaiOutput *
vai_output_new (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  mode_t mode;
  if (!check_target (path, &mode, error))
    return NULL;
  g_autofree char *target = realpath (path, NULL);
  if (target == NULL)
    target = g_strdup (path);
  g_autofree char *temporary = g_strconcat (target, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_RDWR | O_CLOEXEC, mode != 0 ? mode : 0666);
  if (fd < 0)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("Cannot write “%s”"), path);
      return NULL;
    }
  /* The umask may have taken some of what the file had. A file system without permissions may refuse to give them. */
  if (mode != 0 && fchmod (fd, mode) != 0)
    g_debug ("the permissions of “%s” cannot be kept", path);
  VaiOutput *self = g_new0 (VaiOutput, 1);
  self->path = g_steal_pointer (&target);
  self->temporary = g_steal_pointer (&temporary);
  self->slot = claim_slot (self->temporary);
  self->file = fdopen (fd, "w+");
  return self;
}

FILE *
vai_output_get_file (VaiOutput *self)
{
  return self->file;
}

const char *
vai_output_get_temporary_path (VaiOutput *self)
{
  return self->temporary;
}

/* 0 or an errno value. */
static int
flush_and_sync (FILE *file)
{
  int failed = vai_failpoint ("output-write");
  if (failed != 0)
    return failed;
  if (fflush (file) != 0 || ferror (file))
    return errno != 0 ? errno : EIO;
  failed = vai_failpoint ("output-sync");
  if (failed != 0)
    return failed;
  return fsync (fileno (file)) == 0 ? 0 : errno;
}

gboolean
vai_output_prepare (VaiOutput *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->temporary != NULL, FALSE);
  int failed = self->prepared ? 0 : flush_and_sync (self->file);
  if (failed != 0)
    vai_error_set_errno (error, failed, TRUE, _ ("Cannot write “%s”"), self->path);
  self->prepared = failed == 0;
  return self->prepared;
}

gboolean
vai_output_commit (VaiOutput *self, GError **error)
{
  if (!vai_output_prepare (self, error))
    return FALSE;
  int failed = vai_failpoint ("output-rename");
  if (failed == 0 && g_rename (self->temporary, self->path) != 0)
    failed = errno;
  if (failed != 0)
    {
      vai_error_set_errno (error, failed, TRUE, _ ("Cannot write “%s”"), self->path);
      return FALSE;
    }
  release_slot (self->slot);
  g_clear_pointer (&self->temporary, g_free);
  return TRUE;
}

gboolean
vai_output_commit_revocably (VaiOutput *self, GError **error)
{
  if (!vai_output_prepare (self, error))
    return FALSE;
  g_autofree char *old = g_strconcat (self->temporary, ".old", NULL);
  if (link (self->path, old) == 0)
    {
      self->old = g_steal_pointer (&old);
      self->old_slot = claim_slot (self->old);
    }
  else
    self->was_absent = errno == ENOENT;
  return vai_output_commit (self, error);
}

void
vai_output_revert (VaiOutput *self)
{
  g_return_if_fail (self != NULL);
  if (self->temporary != NULL)
    return;
  /* What cannot be brought back stays as the new file, which is whole. */
  if (self->old != NULL)
    g_rename (self->old, self->path);
  else if (self->was_absent)
    g_unlink (self->path);
}

void
vai_output_free (VaiOutput *self)
{
  if (self == NULL)
    return;
  if (self->file != NULL)
    fclose (self->file);
  if (self->old != NULL)
    {
      g_unlink (self->old);
      release_slot (self->old_slot);
    }
  g_free (self->old);
  if (self->temporary != NULL)
    {
      g_unlink (self->temporary);
      release_slot (self->slot);
    }
  g_free (self->temporary);
  g_free (self->path);
  g_free (self);
}

VaiOutput *
vai_output_new_with_bytes (const char *path, const void *data, gsize size, GError **error)
{
  g_autoptr (VaiOutput) output = vai_output_new (path, error);
  if (output == NULL)
    return NULL;
  if (fwrite (data, 1, size, output->file) != size)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("Cannot write “%s”"), path);
      return NULL;
    }
  return vai_output_prepare (output, error) ? g_steal_pointer (&output) : NULL;
}

gboolean
vai_output_write_bytes (const char *path, const void *data, gsize size, GError **error)
{
  g_autoptr (VaiOutput) output = vai_output_new_with_bytes (path, data, size, error);
  return output != NULL && vai_output_commit (output, error);
}
