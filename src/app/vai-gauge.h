/* A chance on its scale from 0 to 100 %: range, average and, unless there are too few similar quotes, the point. */
#pragma once

#include "vai-drawing.h"
#include "vai-range.h"

G_BEGIN_DECLS

#define VAI_TYPE_GAUGE (vai_gauge_get_type ())
G_DECLARE_FINAL_TYPE (VaiGauge, vai_gauge, VAI, GAUGE, VaiDrawing)

GtkWidget *vai_gauge_new (void);

/* Shares 0..1. */
void vai_gauge_set (VaiGauge *self, double probability, double low, double high, double average, VaiVerdict verdict);

G_END_DECLS
