/* What can be told of a configuration on this machine before a server is started with it. */
#pragma once

#include "vai-server-config.h"

G_BEGIN_DECLS

/* Whether the folders and files that it names are there, or can be made, and are this user's to read and write. Nothing
 * is made. Errors: USAGE with the option, the path and what is wrong. */
gboolean vai_config_check_places (const VaiServerConfig *config, GError **error);

/* What is allowed and seldom meant, a line each; empty when there is nothing. Free with g_free(). */
char *vai_config_dup_notes (const VaiServerConfig *config);

G_END_DECLS
