/* The colours of charts, by role: the one file that names them. Every colour has a second sign beside it (hatch, dash,
 * marker), so none is needed to read a chart. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_COLOR_CARD,
  VAI_COLOR_TEXT,
  VAI_COLOR_DIM_TEXT,
  VAI_COLOR_WON_TEXT,
  VAI_COLOR_WON,
  VAI_COLOR_LOST_TEXT,
  VAI_COLOR_LOST,
  VAI_COLOR_NEUTRAL,
  VAI_COLOR_SECOND, /* predicted, margin, training: always dashed, hatched or in its own panel */
  VAI_COLOR_THIRD,
  VAI_COLOR_AXIS,
  VAI_COLOR_GRID,
  VAI_COLOR_TRACK,
  VAI_N_COLORS
} VaiColor;

typedef struct
{
  guint32 rgb[VAI_N_COLORS]; /* 0xRRGGBB */
} VaiPalette;

extern const VaiPalette vai_palette_light;
extern const VaiPalette vai_palette_dark;
extern const VaiPalette vai_palette_contrast;

/* Each 0..1. */
void vai_palette_get (const VaiPalette *self, VaiColor color, double *red, double *green, double *blue);

G_END_DECLS
