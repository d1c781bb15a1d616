#include "vai-memory.h"

#include "vai-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of what is free: the rest is for learning and for other programs. */
#define SHARE 0.7

/* Where the system does not say what is free. */
#define ASSUMED (2ULL * 1024 * 1024 * 1024)

#define READ_SIZE (256 * 1024)

gsize
vai_memory_available (void)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents ("/proc/meminfo", &text, NULL, NULL))
    return ASSUMED;
  const char *line = strstr (text, "MemAvailable:");
  return line == NULL ? ASSUMED : (gsize) (SHARE * 1024 * strtoull (line + strlen ("MemAvailable:"), NULL, 10));
}

char *
vai_memory_dup_sha256 (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guchar *buffer = g_malloc (READ_SIZE);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize n = -1;
  while (fd >= 0 && !vai_cancelled (cancellable, error) && (n = read (fd, buffer, READ_SIZE)) > 0)
    g_checksum_update (checksum, buffer, n);
  if (n < 0 && (error == NULL || *error == NULL))
    vai_error_set_errno (error, errno, FALSE, _ ("Cannot read “%s”"), path);
  if (fd >= 0)
    close (fd);
  return n == 0 ? g_strdup (g_checksum_get_string (checksum)) : NULL;
}
