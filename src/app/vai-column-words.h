/* What types, roles and outcomes of columns are called on screen. */
#pragma once

#include "vai-profile.h"

G_BEGIN_DECLS

/* Translated, static. */
const char *vai_role_title (VaiRole role);
const char *vai_type_title (VaiType type);
const char *vai_outcome_title (VaiOutcome outcome);

/* "Category, 12", "Amount, €", "Percent": the type with what is known of it. Free with g_free(). */
char *vai_column_dup_type_text (const VaiColumn *column, VaiType type);

/* A few values of the column, or their range. Looks at the first rows of a text, at all of a number or date. Free with
 * g_free(). */
char *vai_column_dup_values_text (const VaiColumn *column);

/* A value as people of the locale write it, "" when missing. Free with g_free(). */
char *vai_column_dup_shown (const VaiColumn *column, gsize row);

G_END_DECLS
