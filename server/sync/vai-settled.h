/* What costs credits is taken into the library only when it was paid: an object names the operation that made it, and
 * the settled entry of a device's log says how many objects that operation was for. */
#pragma once

#include "vai-database.h"

G_BEGIN_DECLS

/* TRUE for the kinds that are metered. */
gboolean vai_settled_is_needed (const char *kind);

/* How many more objects of @kind the settled operation @op_id of this person may make; 0 when there is none. */
gint64 vai_settled_count_left (VaiTransaction *transaction, const char *user_id, const char *op_id, const char *kind);

G_END_DECLS
