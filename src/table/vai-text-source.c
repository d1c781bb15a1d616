#include "vai-text-source.h"

#include "vai-error.h"
#include "vai-unicode.h"

#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Enough to tell encodings apart and to see a magic number. */
#define HEAD_SIZE (64 * 1024)

/* Undecoded bytes held at a time. */
#define RAW_SIZE (256 * 1024)

struct _VaiTextSource
{
  char *path; /* owned */
  int fd;
  struct archive *archive; /* owned, nullable: gzip */
  guint64 file_size;
  guint64 position;
  VaiEncoding encoding;
  gsize bom;
  gboolean gzip;
  gboolean ended;
  gboolean decoding; /* bytes go through the decoder; else they are UTF-8 as they stand */
  guint64 n_foreign;
  gboolean beyond_ascii;
  char *head; /* owned */
  gsize head_size;
  char *raw; /* owned: read, not yet given */
  gsize raw_start, raw_end;
};

static gboolean
open_file (VaiTextSource *self, GError **error)
{
  /* A pipe that nobody writes to would keep us waiting before we can say that it is none of ours. */
  self->fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (self->fd < 0)
    {
      vai_error_set_errno (error, errno, FALSE, _ ("Cannot read “%s”"), self->path);
      return FALSE;
    }
  struct stat info;
  if (fstat (self->fd, &info) != 0)
    {
      vai_error_set_errno (error, errno, FALSE, _ ("Cannot read “%s”"), self->path);
      return FALSE;
    }
  if (S_ISDIR (info.st_mode))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE, _ ("“%s” is a folder: choose a file in it."), self->path);
      return FALSE;
    }
  if (!S_ISREG (info.st_mode))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE, _ ("“%s” is not an ordinary file: choose a file."),
                   self->path);
      return FALSE;
    }
  self->file_size = info.st_size;
  if (self->file_size == 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_EMPTY, _ ("“%s” is empty: there is nothing in it to read."), self->path);
      return FALSE;
    }
  posix_fadvise (self->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return TRUE;
}

static gboolean
set_damaged (VaiTextSource *self, GError **error)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("“%s” is packed and cannot be unpacked, perhaps it was cut short: %s"), self->path,
               archive_error_string (self->archive) != NULL ? archive_error_string (self->archive) : "?");
  return FALSE;
}

static gboolean
open_archive (VaiTextSource *self, GError **error)
{
  struct archive_entry *entry;
  g_clear_pointer (&self->archive, archive_read_free);
  self->archive = archive_read_new ();
  archive_read_support_filter_gzip (self->archive);
  archive_read_support_format_raw (self->archive);
  if (archive_read_open_fd (self->archive, self->fd, RAW_SIZE) != ARCHIVE_OK
      || archive_read_next_header (self->archive, &entry) != ARCHIVE_OK)
    return set_damaged (self, error);
  return TRUE;
}

static gssize
read_bytes (VaiTextSource *self, char *buffer, gsize size, GError **error)
{
  gssize n;
  if (self->archive != NULL)
    {
      n = archive_read_data (self->archive, buffer, size);
      self->position = archive_filter_bytes (self->archive, -1);
      if (n < 0)
        set_damaged (self, error);
      return n < 0 ? -1 : n;
    }
  do
    n = read (self->fd, buffer, size);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    vai_error_set_errno (error, errno, FALSE, _ ("Cannot read “%s”"), self->path);
  else
    self->position += n;
  return n;
}

/* Fills @buffer as far as the file goes. */
static gssize
read_fully (VaiTextSource *self, char *buffer, gsize size, GError **error)
{
  gsize done = 0;
  while (done < size)
    {
      gssize n = read_bytes (self, buffer + done, size - done, error);
      if (n < 0)
        return -1;
      if (n == 0)
        break;
      done += n;
    }
  return done;
}

gboolean
vai_text_source_rewind (VaiTextSource *self, GError **error)
{
  if (lseek (self->fd, 0, SEEK_SET) < 0)
    {
      vai_error_set_errno (error, errno, FALSE, _ ("Cannot read “%s”"), self->path);
      return FALSE;
    }
  self->position = 0;
  self->ended = FALSE;
  self->raw_start = self->raw_end = 0;
  self->n_foreign = 0;
  self->beyond_ascii = FALSE;
  self->decoding = self->encoding != VAI_ENCODING_UTF8;
  if (self->gzip && !open_archive (self, error))
    return FALSE;
  char mark[4];
  return self->bom == 0 || read_fully (self, mark, self->bom, error) >= 0;
}

static gboolean
read_head (VaiTextSource *self, GError **error)
{
  guint8 magic[2] = { 0, 0 };
  if (pread (self->fd, magic, sizeof magic, 0) < 0)
    {
      vai_error_set_errno (error, errno, FALSE, _ ("Cannot read “%s”"), self->path);
      return FALSE;
    }
  self->gzip = magic[0] == 0x1f && magic[1] == 0x8b;
  if (self->gzip && !open_archive (self, error))
    return FALSE;
  self->head = g_malloc (HEAD_SIZE);
  gssize n = read_fully (self, self->head, HEAD_SIZE, error);
  self->head_size = MAX (n, 0);
  if (n == 0)
    g_set_error (error, VAI_ERROR, VAI_ERROR_EMPTY, _ ("“%s” is empty: there is nothing in it to read."), self->path);
  return n > 0;
}

VaiTextSource *
vai_text_source_open (const char *path, VaiEncoding encoding, GError **error)
{
  g_autoptr (VaiTextSource) self = g_new0 (VaiTextSource, 1);
  self->path = g_strdup (path);
  if (!open_file (self, error) || !read_head (self, error))
    return NULL;
  self->encoding = vai_unicode_guess (self->head, self->head_size, &self->bom);
  if (encoding != VAI_ENCODING_UNKNOWN && encoding != self->encoding)
    {
      self->encoding = encoding;
      self->bom = 0;
    }
  self->raw = g_malloc (RAW_SIZE);
  if (!vai_text_source_rewind (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
vai_text_source_free (VaiTextSource *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->archive, archive_read_free);
  if (self->fd > 0)
    close (self->fd);
  g_free (self->path);
  g_free (self->head);
  g_free (self->raw);
  g_free (self);
}

/* UTF-8 as it stands, straight into @buffer, up to the first byte that is not valid. */
static gssize
read_plain (VaiTextSource *self, char *buffer, gsize capacity, GError **error)
{
  gsize held = self->raw_end - self->raw_start;
  memcpy (buffer, self->raw + self->raw_start, held);
  self->raw_start = self->raw_end = 0;
  gsize wanted = MIN (capacity, RAW_SIZE);
  gssize n = read_fully (self, buffer + held, wanted - held, error);
  if (n < 0)
    return -1;
  self->ended = (gsize) n < wanted - held;
  gsize length = held + n;
  gsize valid = vai_unicode_valid_prefix (buffer, length, &self->beyond_ascii);
  gsize rest = length - valid;
  memcpy (self->raw, buffer + valid, rest);
  self->raw_end = rest;
  self->decoding = rest > 0 && (self->ended || rest > vai_unicode_open_end (buffer, length));
  return valid;
}

static gssize
read_decoded (VaiTextSource *self, char *buffer, gsize capacity, GError **error)
{
  if (!self->ended)
    {
      gsize held = self->raw_end - self->raw_start;
      memmove (self->raw, self->raw + self->raw_start, held);
      gssize n = read_fully (self, self->raw + held, RAW_SIZE - held, error);
      if (n < 0)
        return -1;
      self->ended = (gsize) n < RAW_SIZE - held;
      self->raw_start = 0;
      self->raw_end = held + n;
    }
  VaiDecoded done = vai_unicode_decode (self->encoding, self->raw + self->raw_start, self->raw_end - self->raw_start,
                                        self->ended, buffer, capacity);
  self->raw_start += done.read;
  self->n_foreign += done.foreign;
  self->beyond_ascii |= done.beyond_ascii;
  return done.written;
}

gssize
vai_text_source_read (VaiTextSource *self, char *buffer, gsize capacity, GError **error)
{
  for (;;)
    {
      if (self->ended && self->raw_start == self->raw_end)
        return 0;
      gssize n
          = self->decoding ? read_decoded (self, buffer, capacity, error) : read_plain (self, buffer, capacity, error);
      if (n != 0)
        return n;
    }
}

const guint8 *
vai_text_source_get_head (const VaiTextSource *self, gsize *length)
{
  *length = self->head_size;
  return (const guint8 *) self->head;
}

VaiEncoding
vai_text_source_get_encoding (const VaiTextSource *self)
{
  /* ASCII up to the first foreign byte is Windows-1252 as well. */
  gboolean western = self->encoding == VAI_ENCODING_UTF8 && self->n_foreign > 0 && !self->beyond_ascii;
  return western ? VAI_ENCODING_WINDOWS_1252 : self->encoding;
}

gboolean
vai_text_source_has_bom (const VaiTextSource *self)
{
  return self->bom > 0;
}

gboolean
vai_text_source_is_gzip (const VaiTextSource *self)
{
  return self->gzip;
}

guint64
vai_text_source_get_file_size (const VaiTextSource *self)
{
  return self->file_size;
}

guint64
vai_text_source_get_position (const VaiTextSource *self)
{
  return self->position;
}

guint64
vai_text_source_get_n_foreign (const VaiTextSource *self)
{
  return self->n_foreign;
}
