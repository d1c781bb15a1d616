/* A column of the dataset as the training wizard asks about it: is it learned from, can a rep change it, which way may
 * it push. */
#pragma once

#include "vai-quotes.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAI_TYPE_TRAINING_COLUMN (vai_training_column_get_type ())
G_DECLARE_FINAL_TYPE (VaiTrainingColumn, vai_training_column, VAI, TRAINING_COLUMN, GObject)

typedef enum
{
  VAI_DIRECTION_FREE,
  VAI_DIRECTION_RAISE,
  VAI_DIRECTION_LOWER,
  VAI_N_DIRECTIONS
} VaiDirection;

/* Of VaiTrainingColumn: those that can be learned from. What gives the answer away, or is left out in the dataset, is
 * switched off. */
GListStore *vai_training_columns_new (const VaiQuotes *quotes);

/* Writes into @options and @monotone what a person changed; @options holds what is stored with the dataset. Error
 * DAMAGED when that cannot be read. */
gboolean vai_training_columns_apply (GListModel *columns,
                                     const VaiQuotes *quotes,
                                     VaiQuotesOptions *options,
                                     GHashTable *monotone,
                                     GError **error);
guint vai_training_columns_count_used (GListModel *columns);

/* Properties "used" and "changeable"; "direction" is a VaiDirection. */
const char *vai_training_column_get_name (VaiTrainingColumn *self);
const char *vai_training_column_get_kind (VaiTrainingColumn *self);   /* translated: "Discount, percent" */
const char *vai_training_column_get_reason (VaiTrainingColumn *self); /* why it is better off; NULL when nothing */
gboolean vai_training_column_get_used (VaiTrainingColumn *self);
gboolean vai_training_column_get_changeable (VaiTrainingColumn *self);
VaiDirection vai_training_column_get_direction (VaiTrainingColumn *self);

/* Only numbers push one way. */
gboolean vai_training_column_has_direction (VaiTrainingColumn *self);

G_END_DECLS
