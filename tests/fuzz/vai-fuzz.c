#include "vai-fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

char *
vai_fuzz_file (const guint8 *data, size_t size)
{
  static int fd = -1;
  if (fd >= 0)
    close (fd);
  fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_assert (fd >= 0);
  g_assert (write (fd, data, size) == (gssize) size);
  return g_strdup_printf ("/proc/self/fd/%d", fd);
}
