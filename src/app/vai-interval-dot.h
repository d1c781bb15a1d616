/* A figure with its 95 % interval and what guessing gives, in a row of a table. */
#pragma once

#include "vai-drawing.h"

G_BEGIN_DECLS

#define VAI_TYPE_INTERVAL_DOT (vai_interval_dot_get_type ())
G_DECLARE_FINAL_TYPE (VaiIntervalDot, vai_interval_dot, VAI, INTERVAL_DOT, VaiDrawing)

GtkWidget *vai_interval_dot_new (void);

/* The scale is the row's own. */
void vai_interval_dot_set_scale (VaiIntervalDot *self, double min, double max);

/* @low, @high and @guess may be NaN: not known. */
void vai_interval_dot_set (VaiIntervalDot *self, double value, double low, double high, double guess);

/* A second figure under the first, as a diamond in the second colour: of the other model in a comparison. NaN: none. */
void vai_interval_dot_set_other (VaiIntervalDot *self, double value, double low, double high);

G_END_DECLS
