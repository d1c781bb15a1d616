/* Ten circles: full = won in any case, hatched = the range, empty = lost. */
#pragma once

#include "vai-drawing.h"

G_BEGIN_DECLS

#define VAI_TYPE_TEN_DOTS (vai_ten_dots_get_type ())
G_DECLARE_FINAL_TYPE (VaiTenDots, vai_ten_dots, VAI, TEN_DOTS, VaiDrawing)

GtkWidget *vai_ten_dots_new (void);

/* Of ten, between @low and @high (0..1) are won. @sentence, nullable: what a screen reader says; else “Of ten like
 * this, …”. */
void vai_ten_dots_set (VaiTenDots *self, double low, double high, const char *sentence);

/* Of one circle, in px: VAI_TEN_DOTS_RADIUS at first. Property "radius". */
#define VAI_TEN_DOTS_RADIUS 8.0
#define VAI_TEN_DOTS_RADIUS_COMPACT 6.5
#define VAI_TEN_DOTS_RADIUS_LARGE 11.0
void vai_ten_dots_set_radius (VaiTenDots *self, double radius);

G_END_DECLS
