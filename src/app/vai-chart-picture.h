/* A chart that can be pointed at: with the mouse, or by Left, Right, Home and End. The picture inside a VaiChartView.
 */
#pragma once

#include "vai-chart.h"
#include "vai-drawing.h"

G_BEGIN_DECLS

#define VAI_TYPE_CHART_PICTURE (vai_chart_picture_get_type ())
G_DECLARE_FINAL_TYPE (VaiChartPicture, vai_chart_picture, VAI, CHART_PICTURE, VaiDrawing)

/* @chart, nullable, stays the caller's, and must outlive its use here. */
void vai_chart_picture_set_chart (VaiChartPicture *self, const VaiChart *chart);

/* The table row that is pointed at, -1: none. Property "row" notifies. */
int vai_chart_picture_get_row (VaiChartPicture *self);
void vai_chart_picture_set_row (VaiChartPicture *self, int row);

/* Where its mark is; FALSE when it has none. */
gboolean vai_chart_picture_locate (VaiChartPicture *self, double *x, double *y);

G_END_DECLS
