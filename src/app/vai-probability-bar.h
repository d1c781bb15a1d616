/* A chance and its range in a row of a table. */
#pragma once

#include "vai-drawing.h"
#include "vai-range.h"

G_BEGIN_DECLS

#define VAI_TYPE_PROBABILITY_BAR (vai_probability_bar_get_type ())
G_DECLARE_FINAL_TYPE (VaiProbabilityBar, vai_probability_bar, VAI, PROBABILITY_BAR, VaiDrawing)

GtkWidget *vai_probability_bar_new (void);

/* Shares 0..1. */
void vai_probability_bar_set (VaiProbabilityBar *self, double probability, double low, double high, VaiVerdict verdict);

G_END_DECLS
