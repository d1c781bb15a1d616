/* What charts draw with: colours by role, hatches, markers and text on a cairo_t. */
#pragma once

#include "vai-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

/* The first that the machine has. */
#define VAI_FONT_FAMILIES "Cantarell, Adwaita Sans, DejaVu Sans, sans-serif"

typedef struct
{
  cairo_t *cairo;
  const VaiPalette *palette;
} VaiPen;

typedef enum
{
  VAI_ALIGN_LEFT,
  VAI_ALIGN_CENTER,
  VAI_ALIGN_RIGHT,
} VaiAlign;

typedef struct
{
  double size; /* px */
  gboolean bold;
  VaiColor color;
  VaiAlign align;
  double width; /* 0: as long as it is; else cut with an ellipsis, or wrapped when @wrap */
  gboolean wrap;
} VaiTextStyle;

typedef enum
{
  VAI_FILL_SOLID,
  VAI_FILL_PALE,
  VAI_FILL_HATCHED,
  VAI_FILL_OUTLINED,
} VaiFill;

typedef enum
{
  VAI_MARK_NONE,
  VAI_MARK_CIRCLE,
  VAI_MARK_SQUARE,
  VAI_MARK_DIAMOND,
} VaiMark;

typedef enum
{
  VAI_DASH_NONE,
  VAI_DASH_DASHED,
  VAI_DASH_DOTTED,
} VaiDash;

void vai_pen_color (const VaiPen *self, VaiColor color, double alpha);

/* @y is the vertical middle; @x the left, middle or right by the alignment. Line breaks in @text become blanks unless
 * it wraps. */
void vai_pen_text (const VaiPen *self, const char *text, const VaiTextStyle *style, double x, double y);
void vai_pen_measure (const VaiPen *self, const char *text, const VaiTextStyle *style, double *width, double *height);

void
vai_pen_rectangle (const VaiPen *self, double x, double y, double width, double height, VaiColor color, VaiFill fill);
void vai_pen_round (const VaiPen *self, double x, double y, double width, double height, double radius);
void vai_pen_disc (const VaiPen *self, double x, double y, double radius, VaiColor color, VaiFill fill);
void vai_pen_mark (const VaiPen *self, VaiMark mark, double x, double y, double radius, VaiColor color);
void vai_pen_line (const VaiPen *self,
                   double x0,
                   double y0,
                   double x1,
                   double y1,
                   double width,
                   VaiColor color,
                   VaiDash dash);
void vai_pen_dash (const VaiPen *self, VaiDash dash);

G_END_DECLS
