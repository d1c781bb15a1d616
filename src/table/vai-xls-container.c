#include "vai-xls-container.h"

#include <string.h>

#define HEADER_BYTES 512
#define HEADER_FAT_SECTORS 109
#define ENTRY_BYTES 128
#define ENTRY_STREAM 2
#define SECTORS_END 0xfffffffa /* this and above are no sectors but marks */
#define MINI_STREAM_BYTES 4096 /* smaller streams stand elsewhere */

typedef struct
{
  const guint8 *data;
  gsize size;
  gsize sector_bytes;
  GArray *fat; /* guint32: the sector that follows each */
} Container;

/* NULL when it is outside of the file. */
static const guint8 *
sector_at (const Container *self, guint32 sector)
{
  guint64 start = ((guint64) sector + 1) * self->sector_bytes;
  return sector < SECTORS_END && start + self->sector_bytes <= self->size ? self->data + start : NULL;
}

static void
add_fat_sector (Container *self, guint32 sector)
{
  const guint8 *bytes = sector_at (self, sector);
  for (gsize i = 0; bytes != NULL && i < self->sector_bytes; i += 4)
    {
      guint32 next = vai_xls_u32 (bytes + i);
      g_array_append_val (self->fat, next);
    }
}

static gboolean
read_fat (Container *self)
{
  guint shift = vai_xls_u16 (self->data + 30);
  if (shift != 9 && shift != 12)
    return FALSE;
  self->sector_bytes = (gsize) 1 << shift;
  self->fat = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < HEADER_FAT_SECTORS; i++)
    add_fat_sector (self, vai_xls_u32 (self->data + 76 + 4 * i));
  /* Larger files list the rest of the table in sectors of their own, each ending in the number of the next. */
  guint32 sector = vai_xls_u32 (self->data + 68);
  gsize n_seen = 0;
  const guint8 *list;
  while ((list = sector_at (self, sector)) != NULL && n_seen++ < self->size / self->sector_bytes)
    {
      gsize last = self->sector_bytes - 4;
      for (gsize i = 0; i < last && self->fat->len < self->size / self->sector_bytes + self->sector_bytes; i += 4)
        add_fat_sector (self, vai_xls_u32 (list + i));
      sector = vai_xls_u32 (list + last);
    }
  return TRUE;
}

/* At most @n_max bytes of the chain that begins at @sector. A chain that runs in a circle ends with the size of the
 * file. */
static GByteArray *
read_chain (const Container *self, guint32 sector, gsize n_max)
{
  GByteArray *bytes = g_byte_array_new ();
  const guint8 *found;
  n_max = MIN (n_max, self->size);
  while (bytes->len < n_max && (found = sector_at (self, sector)) != NULL)
    {
      g_byte_array_append (bytes, found, MIN (self->sector_bytes, n_max - bytes->len));
      sector = sector < self->fat->len ? g_array_index (self->fat, guint32, sector) : SECTORS_END;
    }
  return bytes;
}

/* Entries hold their name in UTF-16. */
static gboolean
is_named (const guint8 *entry, const char *name)
{
  gsize length = strlen (name);
  if (vai_xls_u16 (entry + 64) != (length + 1) * 2)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (vai_xls_u16 (entry + 2 * i) != (guint8) name[i])
      return FALSE;
  return TRUE;
}

static gboolean
container_init (Container *self, const guint8 *data, gsize size)
{
  static const guint8 magic[] = { 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1 };
  *self = (Container){ .data = data, .size = size };
  return size >= HEADER_BYTES && memcmp (data, magic, sizeof magic) == 0 && read_fat (self);
}

/* FALSE when there is no such stream; else its first sector and its size as it says. */
static gboolean
find_entry (const Container *self, const char *name, guint32 *sector, guint32 *size)
{
  g_autoptr (GByteArray) folder = read_chain (self, vai_xls_u32 (self->data + 48), self->size);
  for (gsize i = 0; i + ENTRY_BYTES <= folder->len; i += ENTRY_BYTES)
    {
      const guint8 *entry = folder->data + i;
      if (entry[66] != ENTRY_STREAM || !is_named (entry, name))
        continue;
      *sector = vai_xls_u32 (entry + 116);
      *size = vai_xls_u32 (entry + 120);
      return TRUE;
    }
  return FALSE;
}

gboolean
vai_xls_container_has (const guint8 *data, gsize size, const char *name)
{
  Container self;
  guint32 sector, length;
  gboolean found = container_init (&self, data, size) && find_entry (&self, name, &sector, &length);
  g_clear_pointer (&self.fat, g_array_unref);
  return found;
}

GByteArray *
vai_xls_container_read (const guint8 *data, gsize size, const char *name)
{
  Container self;
  guint32 sector, length;
  GByteArray *bytes = NULL;
  if (container_init (&self, data, size) && find_entry (&self, name, &sector, &length) && length >= MINI_STREAM_BYTES)
    bytes = read_chain (&self, sector, length);
  g_clear_pointer (&self.fat, g_array_unref);
  return bytes;
}
