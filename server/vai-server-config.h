/* What the one who runs the server decides: a key file (group [server]), the environment (VALUTAI_NAME), flags
 * (--name), each over the one before it. Secrets by file or environment only: flags are seen by all in a list of
 * processes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _VaiServerConfig VaiServerConfig;

/* Reads --config=FILE or VALUTAI_CONFIG when given, the environment, then @arguments (without the program's name; what
 * is no option is left in it). Every value is checked. Errors: USAGE with the name and what would be right. */
VaiServerConfig *vai_server_config_new (GStrv *arguments, GError **error);
void vai_server_config_free (VaiServerConfig *self);

/* Of a name in the table of vai-server-config.c; an unknown name is a defect. A text that was not given is NULL, or its
 * default. */
const char *vai_server_config_get_text (const VaiServerConfig *self, const char *name);
gint64 vai_server_config_get_integer (const VaiServerConfig *self, const char *name);
const char *const *vai_server_config_get_list (const VaiServerConfig *self, const char *name);

/* The file that was read, or NULL. */
const char *vai_server_config_get_file (const VaiServerConfig *self);

gboolean vai_server_config_has_option (const char *name);

/* All options with their values, a line each; secrets as “set” or “not set”, passwords in addresses left out. Free with
 * g_free(). */
char *vai_server_config_describe (const VaiServerConfig *self);

/* The help of the options, a line each. Free with g_free(). */
char *vai_server_config_dup_help (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiServerConfig, vai_server_config_free)

G_END_DECLS
