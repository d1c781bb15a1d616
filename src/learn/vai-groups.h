/* Rows that must stay on one side of every split. */
#pragma once

#include "vai-profile.h"

G_BEGIN_DECLS

/* Writes a group, 0 and up in order of first appearance, for each of @rows of @table; gives how many groups there are.
 * One group are rows with equal identifiers, and rows that repeat each other in every column that is learned from. A
 * remark is added to @warnings where an identifier ties so many rows, or so many of those that are @won or are not
 * (by index in @rows), that they cannot stay together. @n_rows > 0. */
guint vai_groups_find (const VaiTable *table,
                       const VaiProfile *profile,
                       const guint32 *rows,
                       gsize n_rows,
                       const guint8 *won,
                       guint32 *groups,
                       GPtrArray *warnings);

G_END_DECLS
