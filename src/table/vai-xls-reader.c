/* valutai-xls-reader FILE INDEX|list: the process of its own in which old spreadsheets are read. It may take so much
 * time and memory and no more, writes no file, starts nothing, and ends with the program that started it. */
#include "vai-xls-dump.h"

#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* The largest XLS there is holds 65,536 x 256 cells in a sheet; the library takes 24 bytes for each. */
#define MEMORY_BYTES_MAX (G_GUINT64_CONSTANT (2) << 30)
#define CPU_SECONDS_MAX 120
#define FILES_MAX 16

static void
set_limit (int resource, rlim_t value)
{
  struct rlimit limit = { value, value };
  if (setrlimit (resource, &limit) != 0)
    exit (EXIT_FAILURE);
}

int
main (int argc, char **argv)
{
  if (argc != 3)
    return EXIT_FAILURE;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#if !defined(__SANITIZE_ADDRESS__)
  /* The address sanitizer lays out terabytes that it never fills. */
  set_limit (RLIMIT_AS, MEMORY_BYTES_MAX);
#endif
  set_limit (RLIMIT_CPU, CPU_SECONDS_MAX);
  set_limit (RLIMIT_NOFILE, FILES_MAX);
  set_limit (RLIMIT_FSIZE, 0);
  set_limit (RLIMIT_CORE, 0);
  set_limit (RLIMIT_NPROC, 0);
  vai_xls_dump (argv[1], argv[2], stdout);
  return fflush (stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
