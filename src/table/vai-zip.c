#include "vai-zip.h"

#include "vai-error.h"

#include <inttypes.h>
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>

#define BLOCK_BYTES (128 * 1024)

typedef struct archive Archive;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_read_free)

struct _VaiZip
{
  char *path;        /* owned */
  guint64 file_size; /* bytes */
  GPtrArray *names;  /* of char*, as they stand in the file */
};

struct _VaiZipPart
{
  Archive *archive;
  GCancellable *cancellable; /* owned, nullable */
  char *path;                /* owned, of the zip file */
  guint64 n_read;
  guint64 size;  /* as the file says, 0: unknown; never trusted for an allocation */
  guint64 n_max; /* more is refused */
};

static void
set_damaged (const char *path, Archive *archive, GError **error)
{
  g_autofree char *reason = archive != NULL ? g_strdup (archive_error_string (archive)) : NULL;
  if (reason != NULL)
    g_strchomp (reason);
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("“%s” is damaged or cut off: open it in the program that made it and save it again. (%s)"), path,
               reason != NULL ? reason : _ ("not a whole zip file"));
}

static Archive *
open_archive (const char *path, GError **error)
{
  g_autoptr (Archive) archive = archive_read_new ();
  archive_read_support_format_zip_seekable (archive);
  if (archive_read_open_filename (archive, path, BLOCK_BYTES) == ARCHIVE_OK)
    return g_steal_pointer (&archive);
  set_damaged (path, archive, error);
  return NULL;
}

/* The next entry; FALSE at the end, or with @error. */
static gboolean
next_entry (Archive *archive, const char *path, struct archive_entry **entry, GError **error)
{
  int result = archive_read_next_header (archive, entry);
  if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
    return TRUE;
  if (result != ARCHIVE_EOF)
    set_damaged (path, archive, error);
  return FALSE;
}

static gboolean
read_names (VaiZip *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (Archive) archive = open_archive (self->path, error);
  if (archive == NULL)
    return FALSE;
  GError *failed = NULL;
  struct archive_entry *entry;
  while (next_entry (archive, self->path, &entry, &failed))
    {
      const char *name = archive_entry_pathname (entry);
      if (vai_cancelled (cancellable, error))
        return FALSE;
      if (self->names->len >= VAI_ZIP_PARTS_MAX)
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                       _ ("“%s” has more than %d parts inside: this is no ordinary workbook."), self->path,
                       VAI_ZIP_PARTS_MAX);
          return FALSE;
        }
      if (name != NULL)
        g_ptr_array_add (self->names, g_strdup (name));
    }
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

VaiZip *
vai_zip_open (const char *path, GCancellable *cancellable, GError **error)
{
  struct stat info;
  if (stat (path, &info) != 0)
    {
      vai_error_set_errno (error, errno, FALSE, _ ("Cannot read “%s”"), path);
      return NULL;
    }
  g_autoptr (VaiZip) self = g_new0 (VaiZip, 1);
  self->path = g_strdup (path);
  self->file_size = info.st_size;
  self->names = g_ptr_array_new_with_free_func (g_free);
  if (!read_names (self, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
vai_zip_free (VaiZip *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->names);
  g_free (self->path);
  g_free (self);
}

/* Some writers use the other slash. */
static gboolean
names_equal (const char *a, const char *b)
{
  for (; *a != '\0' && *b != '\0'; a++, b++)
    {
      char x = *a == '\\' ? '/' : g_ascii_tolower (*a);
      char y = *b == '\\' ? '/' : g_ascii_tolower (*b);
      if (x != y)
        return FALSE;
    }
  return *a == *b;
}

const char *
vai_zip_find (VaiZip *self, const char *name)
{
  name += strspn (name, "/");
  for (guint i = 0; i < self->names->len; i++)
    {
      const char *candidate = g_ptr_array_index (self->names, i);
      if (names_equal (candidate + strspn (candidate, "/"), name))
        return candidate;
    }
  return NULL;
}

static void
set_missing (VaiZip *self, const char *name, GError **error)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("“%s” is damaged: its part “%s” is missing. Open it in the program that made it and save it again."),
               self->path, name);
}

VaiZipPart *
vai_zip_open_part (VaiZip *self, const char *name, GCancellable *cancellable, GError **error)
{
  const char *found = vai_zip_find (self, name);
  if (found == NULL)
    {
      set_missing (self, name, error);
      return NULL;
    }
  g_autoptr (Archive) archive = open_archive (self->path, error);
  if (archive == NULL)
    return NULL;
  GError *failed = NULL;
  struct archive_entry *entry;
  while (next_entry (archive, self->path, &entry, &failed))
    if (g_strcmp0 (archive_entry_pathname (entry), found) == 0)
      {
        VaiZipPart *part = g_new0 (VaiZipPart, 1);
        part->archive = g_steal_pointer (&archive);
        part->path = g_strdup (self->path);
        part->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
        part->size = archive_entry_size_is_set (entry) ? MAX (archive_entry_size (entry), 0) : 0;
        part->n_max = MAX (VAI_ZIP_RATIO_FREE_BYTES, self->file_size * VAI_ZIP_RATIO_MAX);
        part->n_max = MIN (part->n_max, VAI_ZIP_PART_BYTES_MAX);
        return part;
      }
  if (failed == NULL)
    set_missing (self, name, error);
  else
    g_propagate_error (error, failed);
  return NULL;
}

gssize
vai_zip_part_read (VaiZipPart *self, void *buffer, gsize size, GError **error)
{
  if (vai_cancelled (self->cancellable, error))
    return -1;
  la_ssize_t n = archive_read_data (self->archive, buffer, size);
  if (n < 0)
    {
      set_damaged (self->path, self->archive, error);
      return -1;
    }
  self->n_read += n;
  if (self->n_read > self->n_max)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE,
                   _ ("“%s” unpacks to more than %" PRIu64 " MB, far more than its size on disk: it was not "
                      "read further."),
                   self->path, self->n_max >> 20);
      return -1;
    }
  return n;
}

double
vai_zip_part_get_fraction (VaiZipPart *self)
{
  return self->size > 0 ? MIN (1.0, (double) self->n_read / (double) self->size) : 0;
}

void
vai_zip_part_free (VaiZipPart *self)
{
  if (self == NULL)
    return;
  archive_read_free (self->archive);
  g_clear_object (&self->cancellable);
  g_free (self->path);
  g_free (self);
}
