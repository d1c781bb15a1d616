/* A chart with its title and its menu: it can be read by mouse and keyboard, copied, saved and seen as a table. */
#pragma once

#include "vai-chart.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_CHART_VIEW (vai_chart_view_get_type ())
G_DECLARE_FINAL_TYPE (VaiChartView, vai_chart_view, VAI, CHART_VIEW, GtkWidget)

GtkWidget *vai_chart_view_new (void);

/* Takes @chart, which may be NULL. The point that was looked at stays where the new chart has one too. */
void vai_chart_view_take_chart (VaiChartView *self, VaiChart *chart);

/* Owned by @self; NULL when it has none. */
const VaiChart *vai_chart_view_get_chart (VaiChartView *self);

/* Instead of the chart's own; NULL: the chart's own. Property "title". */
void vai_chart_view_set_title (VaiChartView *self, const char *title);

G_END_DECLS
