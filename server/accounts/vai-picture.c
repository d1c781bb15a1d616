#include "vai-picture.h"

#include "vai-error.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#define SIDE 256

/* A phone's picture fits; decoding one takes at most 16 million times 4 bytes, one at a time. */
#define SIDE_MAX 4096

#define CHUNK_BYTES 4096

/* Pictures are decoded one after the other: many at once would need the memory of many. */
static GMutex lock;

static guint
read_big_endian (const guint8 *data, guint n)
{
  guint value = 0;
  for (guint i = 0; i < n; i++)
    value = value << 8 | data[i];
  return value;
}

/* Width and height of a PNG are at the same place in all of them. */
static gboolean
measure_png (const guint8 *data, gsize size, guint *width, guint *height)
{
  static const guint8 mark[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  if (size < 33 || memcmp (data, mark, sizeof mark) != 0 || memcmp (data + 12, "IHDR", 4) != 0)
    return FALSE;
  *width = read_big_endian (data + 16, 4);
  *height = read_big_endian (data + 20, 4);
  return TRUE;
}

/* Those of a JPEG are in its first frame header, after segments that each say how long they are. */
static gboolean
measure_jpeg (const guint8 *data, gsize size, guint *width, guint *height)
{
  if (size < 4 || data[0] != 0xff || data[1] != 0xd8)
    return FALSE;
  for (gsize at = 2; at + 9 < size;)
    {
      guint8 marker = data[at + 1];
      if (data[at] != 0xff)
        return FALSE;
      if (marker == 0xff)
        {
          at++;
          continue;
        }
      if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc)
        {
          *height = read_big_endian (data + at + 5, 2);
          *width = read_big_endian (data + at + 7, 2);
          return TRUE;
        }
      at += 2 + MAX (read_big_endian (data + at + 2, 2), 2u);
    }
  return FALSE;
}

/* Its type, or NULL. */
static const char *
measure (GBytes *bytes, guint *width, guint *height)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (measure_png (data, size, width, height))
    return "png";
  return measure_jpeg (data, size, width, height) ? "jpeg" : NULL;
}

/* What the decoder itself found: a file may say one thing and hold another. */
static void
size_prepared_cb (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  gboolean *too_large = data;
  *too_large = width > SIDE_MAX || height > SIDE_MAX;
  if (*too_large)
    gdk_pixbuf_loader_set_size (loader, 1, 1);
}

static GdkPixbuf *
decode (GBytes *bytes, const char *type, GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new_with_type (type, error);
  if (loader == NULL)
    return NULL;
  gboolean too_large = FALSE;
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), &too_large);
  gboolean done = TRUE;
  for (gsize at = 0; done && !too_large && at < size; at += CHUNK_BYTES)
    done = gdk_pixbuf_loader_write (loader, data + at, MIN (size - at, (gsize) CHUNK_BYTES), error);
  done = gdk_pixbuf_loader_close (loader, done ? error : NULL) && done;
  GdkPixbuf *pixbuf = done && !too_large ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  if (pixbuf != NULL)
    return gdk_pixbuf_apply_embedded_orientation (pixbuf);
  if (error != NULL && *error == NULL)
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE, "This picture is not whole.");
  return NULL;
}

static GdkPixbuf *
shrink (GdkPixbuf *whole)
{
  int width = gdk_pixbuf_get_width (whole), height = gdk_pixbuf_get_height (whole), side = MIN (width, height);
  g_autoptr (GdkPixbuf) middle = gdk_pixbuf_new_subpixbuf (whole, (width - side) / 2, (height - side) / 2, side, side);
  return gdk_pixbuf_scale_simple (middle, SIDE, SIDE, GDK_INTERP_BILINEAR);
}

GBytes *
vai_picture_shrink (GBytes *bytes, GError **error)
{
  guint width, height;
  const char *type = measure (bytes, &width, &height);
  if (type == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE, "This is no PNG and no JPEG.");
      return NULL;
    }
  if (width == 0 || height == 0 || width > SIDE_MAX || height > SIDE_MAX)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE, "A picture may have up to %d by %d points.", SIDE_MAX,
                   SIDE_MAX);
      return NULL;
    }
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  g_autoptr (GdkPixbuf) whole = decode (bytes, type, error);
  if (whole == NULL)
    return NULL;
  g_autoptr (GdkPixbuf) small = shrink (whole);
  char *png;
  gsize size;
  if (!gdk_pixbuf_save_to_buffer (small, &png, &size, "png", error, NULL))
    return NULL;
  return g_bytes_new_take (png, size);
}
