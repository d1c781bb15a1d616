/* What both the application and the command line must know before a workspace is open: a key file in the user's
 * configuration folder, valutai/valutai.conf. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Path of the workspace in use: [workspace] path=…, else valutai/workspace.vaiw in the user's data folder. Error
 * DAMAGED when the key file cannot be understood. Free with g_free(). */
char *vai_config_dup_workspace_path (GError **error);

/* From now on @path is the workspace in use; what else the key file says stays. Errors: DAMAGED, NOT_WRITABLE,
 * NO_SPACE. */
gboolean vai_config_set_workspace_path (const char *path, GError **error);

/* The key file, which need not be there. Free with g_free(). */
char *vai_config_dup_file (void);

G_END_DECLS
