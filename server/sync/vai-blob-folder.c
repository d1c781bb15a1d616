/* Files in a folder: FOLDER/ab/HASH, and FOLDER/uploads/ID while they grow. A file is whole and synced before it gets
 * its name. */
#include "vai-blob-store-private.h"

#include "vai-error.h"
#include "vai-failpoint.h"
#include "vai-output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES (1024 * 1024)

typedef struct
{
  VaiBlobStore base;
  char *path;
} Folder;

static char *
upload_path (VaiBlobStore *store, const char *id)
{
  return g_build_filename (((Folder *) store)->path, "uploads", id, NULL);
}

static char *
shelf_path (VaiBlobStore *store, const char *hash)
{
  char shelf[3] = { hash[0], hash[1], '\0' };
  return g_build_filename (((Folder *) store)->path, shelf, NULL);
}

/* Names in @path last. */
static gboolean
sync_folder (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean done = fd >= 0 && fsync (fd) == 0;
  if (!done)
    vai_error_set_errno (error, errno, TRUE, "Cannot sync the folder of files");
  if (fd >= 0)
    close (fd);
  return done;
}

/* ── Growing ── */

static gboolean
write_all (int fd, const char *data, gsize size, gint64 offset)
{
  while (size > 0)
    {
      ssize_t n = pwrite (fd, data, size, offset);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      offset += n;
      size -= (gsize) n;
    }
  return TRUE;
}

static int
sync_file (int fd)
{
  int failure = vai_failpoint ("blob-sync");
  if (failure != 0)
    errno = failure;
  return failure != 0 ? -1 : fdatasync (fd);
}

static gboolean
folder_put_chunk (VaiBlobStore *store, const char *id, gint64 offset, GBytes *chunk, GError **error)
{
  g_autofree char *path = upload_path (store, id);
  gsize size;
  const char *data = g_bytes_get_data (chunk, &size);
  int fd = g_open (path, O_WRONLY | O_CLOEXEC | (offset == 0 ? O_CREAT : 0), 0600);
  if (fd < 0)
    {
      vai_error_set_errno (error, errno, TRUE, "Cannot keep a piece of a file");
      return FALSE;
    }
  gboolean written = write_all (fd, data, size, offset);
  gboolean synced = written && sync_file (fd) == 0;
  int failure = errno;
  close (fd);
  if (written && !synced)
    unlink (path); /* what a failed sync has left of the pieces before is not known */
  if (!synced)
    {
      vai_error_set_errno (error, failure, TRUE, "Cannot keep a piece of a file");
      return FALSE;
    }
  g_autofree char *folder = upload_path (store, "");
  return offset > 0 || sync_folder (folder, error);
}

/* Copies what is behind @fd to @file; TRUE when these were @size bytes with the hash @hash. What is checked is what is
 * written: another request of the same person may still write into the pieces. */
static gboolean
copy_checked (int fd, FILE *file, const char *hash, gint64 size)
{
  crypto_hash_sha256_state state;
  guint8 sum[crypto_hash_sha256_BYTES];
  char text[2 * crypto_hash_sha256_BYTES + 1];
  g_autofree guint8 *buffer = g_malloc (READ_BYTES);
  gint64 total = 0;
  ssize_t n;
  crypto_hash_sha256_init (&state);
  while (total <= size && (n = read (fd, buffer, READ_BYTES)) > 0)
    {
      crypto_hash_sha256_update (&state, buffer, (gsize) n);
      fwrite (buffer, 1, (gsize) n, file); /* its failure is told by the commit */
      total += n;
    }
  crypto_hash_sha256_final (&state, sum);
  sodium_bin2hex (text, sizeof text, sum, sizeof sum);
  return n == 0 && total == size && strcmp (text, hash) == 0;
}

static gboolean
copy_to_shelf (VaiBlobStore *store, int fd, const char *hash, gint64 size, GError **error)
{
  g_autofree char *shelf = shelf_path (store, hash);
  g_autofree char *path = g_build_filename (shelf, hash, NULL);
  gboolean made = g_mkdir (shelf, 0700) == 0;
  g_autoptr (VaiOutput) output = vai_output_new (path, error);
  if (output == NULL)
    return FALSE;
  if (!copy_checked (fd, vai_output_get_file (output), hash, size))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, "What was sent is not the file %s.", hash);
      return FALSE;
    }
  return vai_output_commit (output, error) && sync_folder (shelf, error)
         && (!made || sync_folder (((Folder *) store)->path, error));
}

static gboolean
folder_finish (VaiBlobStore *store, const char *id, const char *hash, gint64 size, GError **error)
{
  g_autofree char *path = upload_path (store, id);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    {
      vai_error_set_errno (error, errno, FALSE, "The pieces of a file are lost");
      return FALSE;
    }
  gboolean done = copy_to_shelf (store, fd, hash, size, error);
  close (fd);
  return done;
}

static void
folder_discard (VaiBlobStore *store, const char *id, gint64 size)
{
  g_autofree char *path = upload_path (store, id);
  unlink (path);
}

static void
folder_sweep (VaiBlobStore *store, gint64 age_ms)
{
  g_autofree char *path = upload_path (store, "");
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = upload_path (store, name);
      GStatBuf info;
      if (g_stat (file, &info) == 0 && g_get_real_time () / 1000 - (gint64) info.st_mtime * 1000 > age_ms)
        unlink (file);
    }
}

/* ── There ── */

static GBytes *
folder_read (VaiBlobStore *store, const char *hash, gint64 offset, gint64 size, GError **error)
{
  g_autofree char *shelf = shelf_path (store, hash);
  g_autofree char *path = g_build_filename (shelf, hash, NULL);
  g_autofree char *buffer = g_malloc ((gsize) size);
  gint64 done = 0;
  ssize_t n = 1;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  while (fd >= 0 && done < size && (n = pread (fd, buffer + done, (gsize) (size - done), offset + done)) > 0)
    done += n;
  int failure = fd >= 0 && n == 0 ? EIO : errno;
  if (fd >= 0)
    close (fd);
  if (fd >= 0 && done == size)
    return g_bytes_new_take (g_steal_pointer (&buffer), (gsize) size);
  vai_error_set_errno (error, failure, FALSE, "Cannot read the file %s", hash);
  return NULL;
}

static gboolean
folder_remove (VaiBlobStore *store, const char *hash, GError **error)
{
  g_autofree char *shelf = shelf_path (store, hash);
  g_autofree char *path = g_build_filename (shelf, hash, NULL);
  if (unlink (path) == 0 || errno == ENOENT)
    return TRUE;
  vai_error_set_errno (error, errno, TRUE, "Cannot remove the file %s", hash);
  return FALSE;
}

static void
folder_close (VaiBlobStore *store)
{
  g_free (((Folder *) store)->path);
  g_free (store);
}

static const VaiBlobStoreClass folder_class = {
  .close = folder_close,
  .put_chunk = folder_put_chunk,
  .finish = folder_finish,
  .discard = folder_discard,
  .sweep = folder_sweep,
  .read = folder_read,
  .remove = folder_remove,
};

VaiBlobStore *
vai_blob_folder_open (const char *path, GError **error)
{
  g_autofree char *uploads = g_build_filename (path, "uploads", NULL);
  if (g_mkdir_with_parents (uploads, 0700) != 0)
    {
      vai_error_set_errno (error, errno, TRUE, "Cannot make the folder “%s”", uploads);
      return NULL;
    }
  Folder *self = g_new0 (Folder, 1);
  self->base.class = &folder_class;
  self->path = g_strdup (path);
  return &self->base;
}
