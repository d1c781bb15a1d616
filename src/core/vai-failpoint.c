#include "vai-failpoint.h"

#ifdef VAI_FAILPOINTS

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char *name;       /* owned; NULL: none armed */
  guint nth;        /* acts at this passing, from 1 */
  char *action;     /* owned */
  const char *file; /* fails while it is there; NULL: once */
  int list_fd;      /* -1: none */
} Armed;

static Armed *
read_environment (void)
{
  Armed *armed = g_new0 (Armed, 1);
  const char *list = g_getenv ("VAI_FAILPOINT_LIST");
  armed->list_fd = list == NULL ? -1 : open (list, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  armed->nth = 1;
  const char *spec = g_getenv ("VAI_FAILPOINT");
  const char *equals = spec == NULL ? NULL : strchr (spec, '=');
  if (equals == NULL)
    return armed;
  armed->name = g_strndup (spec, equals - spec);
  armed->action = g_strdup (equals + 1);
  armed->file = g_getenv ("VAI_FAILPOINT_WHILE");
  char *colon = strchr (armed->name, ':');
  if (colon != NULL)
    {
      armed->nth = MAX (1, strtoul (colon + 1, NULL, 10));
      *colon = '\0';
    }
  return armed;
}

int
vai_failpoint (const char *name)
{
  static gsize once;
  static Armed *armed;
  static guint passed;
  if (g_once_init_enter (&once))
    {
      armed = read_environment ();
      g_once_init_leave (&once, 1);
    }
  if (armed->list_fd >= 0)
    {
      g_autofree char *line = g_strconcat (name, "\n", NULL);
      if (write (armed->list_fd, line, strlen (line)) < 0)
        g_error ("cannot write the list of failpoints");
    }
  if (armed->name == NULL || !g_str_equal (armed->name, name))
    return 0;
  if (armed->file != NULL ? access (armed->file, F_OK) != 0
                          : (guint) g_atomic_int_add ((gint *) &passed, 1) + 1 != armed->nth)
    return 0;
  if (g_str_equal (armed->action, "kill"))
    kill (getpid (), SIGKILL);
  return g_str_equal (armed->action, "enospc") ? ENOSPC : EIO;
}

#endif
