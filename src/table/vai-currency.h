/* Which money the numbers of a column are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The ISO 4217 code that @unit (nullable) of a column stands for, else the one that a word or sign of its @name does:
 * "Price (EUR)", "Importo €". NULL when neither says, or the name says two. Static. */
const char *vai_currency_find (const char *name, const char *unit);

G_END_DECLS
