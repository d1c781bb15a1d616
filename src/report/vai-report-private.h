/* A report as a list of blocks, which both ways of writing it go through. Private to report. */
#pragma once

#include "vai-report.h"

G_BEGIN_DECLS

struct _VaiReport
{
  char *title, *note;  /* owned; note nullable */
  GPtrArray *blocks;   /* of VaiBlock */
  GPtrArray *insights; /* of VaiInsight */
  GPtrArray *columns;  /* of char*: the column of each insight */
  guint n_figures;
  double threshold;   /* of the charts */
  double chart_scale; /* of their heights on paper, once the pages were counted */
};

/* Without blocks and insights. */
VaiReport *vai_report_new_empty (const char *title, const char *note);

VaiBlock *vai_report_add (VaiReport *self, VaiBlockKind kind, const char *text);

/* Takes the cells, ended by NULL. */
void vai_block_take_row (VaiBlock *self, char *first, ...) G_GNUC_NULL_TERMINATED;

/* The parts of the report that speak of @model; @called: its metrics at the threshold of the report. */
void vai_report_add_summary (VaiReport *self, const VaiModel *model, const VaiMetrics *called);
void vai_report_add_certainty (VaiReport *self, const VaiModel *model, const VaiMetrics *called);
void vai_report_add_use (VaiReport *self, const VaiModel *model);
void vai_report_add_limits (VaiReport *self, const VaiModel *model);
void vai_report_add_card (VaiReport *self, const VaiModel *model);

GBytes *vai_report_to_pdf (VaiReport *self, GError **error);
GBytes *vai_report_to_html (const VaiReport *self, GError **error);

G_END_DECLS
