/* The price list: what an operation costs under a version of it. */
#pragma once

#include "vai-database.h"

G_BEGIN_DECLS

/* The version in force. */
gint64 vai_prices_get_version (VaiTransaction *transaction);

/* What @units of @operation cost under @version (0: the one in force), or -1 when there is no such operation, or it
 * was not active then: one that shall be free costs 0. */
gint64 vai_prices_get_cost (VaiTransaction *transaction, const char *operation, gint64 units, gint64 version);

G_END_DECLS
