/* A widget that draws itself with the pen of the charts, in the palette that suits the desktop: light, dark or high
 * contrast. To a screen reader it is a picture with one sentence and, where it has one, a table. */
#pragma once

#include "vai-pen.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_DRAWING (vai_drawing_get_type ())
G_DECLARE_DERIVABLE_TYPE (VaiDrawing, vai_drawing, VAI, DRAWING, GtkWidget)

struct _VaiDrawingClass
{
  GtkWidgetClass parent_class;

  void (*draw) (VaiDrawing *self, const VaiPen *pen, double width, double height);
};

/* What it asks for, in px. */
void vai_drawing_set_size (VaiDrawing *self, int width_min, int width, int height);

/* @finding: one sentence; @table, nullable: the data as lines. */
void vai_drawing_describe (VaiDrawing *self, const char *finding, const char *table);

/* The palette of the desktop now. */
const VaiPalette *vai_drawing_get_palette (void);

G_END_DECLS
