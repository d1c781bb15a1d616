/* Named points at which a test lets the process die or an operation fail: VAI_FAILPOINT="name[:nth]=kill|enospc|eio".
 * With VAI_FAILPOINT_WHILE=FILE it fails as long as there is such a file, and not only the nth time.
 * With VAI_FAILPOINT_LIST=FILE every point that is passed writes its name there, so a test can visit each. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 0, or the errno value that the test wants to be seen at this point. May not return: SIGKILL to itself. */
#ifdef VAI_FAILPOINTS
int vai_failpoint (const char *name);
#else
#define vai_failpoint(name) 0
#endif

G_END_DECLS
