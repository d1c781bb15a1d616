/* "What if": one cell set to a value that was seen, and the values that a search may try. */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

/* Past quotes that must have had a value before anybody is sent there. */
#define VAI_SUPPORT_MIN 5

typedef struct
{
  guint feature;
  double number; /* numbers and dates; NaN: empty */
  gint32 code;   /* categories */
} VaiEdit;

/* The present cell as an edit, to put it back. */
VaiEdit vai_edit_of_cell (const VaiFrame *frame, guint row, guint feature);

void vai_edit_apply (const VaiEdit *self, VaiFrame *frame, guint row);

/* Seen values of @feature, ascending (categories by code), at most @n_max of them. Numbers: from the grid of the
 * schema, those that at least VAI_SUPPORT_MIN reference rows reach or pass on either side, spread evenly. Categories:
 * of at least as many training rows, the most frequent. None for text. Free with g_array_unref(); holds VaiEdit. */
GArray *vai_edit_values (const VaiModel *model, guint feature, guint n_max);

G_END_DECLS
