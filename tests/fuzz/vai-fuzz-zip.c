#include "vai-fuzz-zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define PART_MARK 1

static void
add_part (struct archive *archive, const char *name, const guint8 *data, size_t size)
{
  struct archive_entry *entry = archive_entry_new ();
  archive_entry_set_pathname (entry, name);
  archive_entry_set_size (entry, size);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  if (archive_write_header (archive, entry) == ARCHIVE_OK)
    archive_write_data (archive, data, size);
  archive_entry_free (entry);
}

static void
add_parts (struct archive *archive, const guint8 *data, size_t size)
{
  const guint8 *end = data + size;
  while (data < end && *data == PART_MARK)
    {
      const guint8 *next = memchr (data + 1, PART_MARK, end - data - 1);
      next = next != NULL ? next : end;
      const guint8 *line = memchr (data, '\n', next - data);
      if (line == NULL)
        return;
      g_autofree char *name = g_strndup ((const char *) data + 1, line - data - 1);
      add_part (archive, name, line + 1, next - line - 1);
      data = next;
    }
}

char *
vai_fuzz_zip (const guint8 *data, size_t size)
{
  if (size == 0 || data[0] != PART_MARK)
    return vai_fuzz_file (data, size);
  size_t room = size * 2 + 64 * 1024, used = 0;
  g_autofree guint8 *bytes = g_malloc (room);
  struct archive *archive = archive_write_new ();
  archive_write_set_format_zip (archive);
  archive_write_zip_set_compression_store (archive);
  if (archive_write_open_memory (archive, bytes, room, &used) == ARCHIVE_OK)
    add_parts (archive, data, size);
  archive_write_close (archive);
  archive_write_free (archive);
  return vai_fuzz_file (bytes, used);
}
