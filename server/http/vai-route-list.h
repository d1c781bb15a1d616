#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Every route with who may ask, how large its body may be and the fields of its message, as JSON: what the description
 * of the interface is tested against. Free with g_free(). */
char *vai_route_list_to_json (void);

G_END_DECLS
