/* A report as it prints: white paper in the light palette, whatever the desktop wears. Its texts can be changed. */
#pragma once

#include "vai-report.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_REPORT_VIEW (vai_report_view_get_type ())
G_DECLARE_FINAL_TYPE (VaiReportView, vai_report_view, VAI, REPORT_VIEW, GtkWidget)

/* Takes @report, which may be NULL. */
void vai_report_view_take_report (VaiReportView *self, VaiReport *report);

/* Owned by @self. */
VaiReport *vai_report_view_get_report (VaiReportView *self);

/* While @editing its texts are fields; afterwards the report has what is in them. */
void vai_report_view_set_editing (VaiReportView *self, gboolean editing);

G_END_DECLS
