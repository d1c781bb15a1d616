/* A model as a report that a manager can read: words first, numbers second, charts third, statistics last. The charts
 * of a model for the command line are made here too, since charts know no models. */
#pragma once

#include "vai-advice.h"
#include "vai-chart.h"
#include "vai-output.h"
#include "vai-scorer.h"

G_BEGIN_DECLS

/* @kind is one of "roc", "precision-recall", "calibration", "gain", "lift", "confusion", "importance", "histogram" and,
 * where the past quotes have dates, "win-rate". @threshold, 0..1: the point of the curves and the cut of "confusion".
 * Error USAGE names the kinds when it is none. */
VaiChart *vai_report_chart_new (const VaiModel *model, const char *kind, double threshold, GError **error);

/* From the average quote to this one, by size, "Other" and calibration last. @contributions as vai_scorer_score() gives
 * them for the row. */
VaiChart *vai_report_waterfall_new (const VaiModel *model,
                                    const VaiFrame *frame,
                                    guint row,
                                    const VaiScore *score,
                                    const double *contributions);

/* The chance, and what is earned in @currency (nullable), along one field; @now is its present value, NaN when missing.
 */
VaiChart *vai_report_curve_chart_new (const VaiModel *model, const VaiCurve *curve, double now, const char *currency);

VaiChart *
vai_report_dependence_chart_new (const VaiModel *model, guint feature, const VaiPartialDependence *dependence);

/* A report is a list of blocks. */
typedef enum
{
  VAI_BLOCK_HEADING,
  VAI_BLOCK_SUBHEADING,
  VAI_BLOCK_LEAD,
  VAI_BLOCK_PARAGRAPH,
  VAI_BLOCK_BULLET,
  VAI_BLOCK_FIGURES, /* rows of value and label */
  VAI_BLOCK_TABLE,   /* the first row is the header */
  VAI_BLOCK_CHART,
} VaiBlockKind;

typedef struct
{
  VaiBlockKind kind;
  char *text;      /* owned; of a chart its caption */
  GPtrArray *rows; /* nullable: of GStrv */
  VaiChart *chart; /* owned, nullable */
} VaiBlock;

typedef struct _VaiReport VaiReport;

/* @threshold: the chance from which on it counts quotes as found, 0.5 unless a person chose another; where no past
 * quote has as much, that of the model's training. @title: nullable, "Which quotes will be won"; @note: nullable, set
 * beside it
 * ("Corvalto Pumps · 3 November 2026"). Same model and threshold, same report. */
VaiReport *vai_report_new (const VaiModel *model,
                           double threshold,
                           const char *title,
                           const char *note,
                           GCancellable *cancellable,
                           GError **error);

/* A report as it was kept, with the texts a person has changed. @content: what vai_report_content_to_json() gave. The
 * charts are drawn again from @model; without it (NULL: it is gone) each is a table. Error DAMAGED. */
VaiReport *vai_report_new_from_json (JsonNode *content, const VaiModel *model, GError **error);
void vai_report_free (VaiReport *self);

/* Of VaiBlock, owned by @self. */
const GPtrArray *vai_report_get_blocks (const VaiReport *self);
const char *vai_report_get_note (const VaiReport *self); /* nullable */

/* A person's own words. */
void vai_report_set_title (VaiReport *self, const char *title);
void vai_report_set_text (VaiReport *self, guint block, const char *text);

const char *vai_report_get_title (const VaiReport *self);

/* As the store keeps them: content (texts, figures, tables) and insights, ranked. */
JsonNode *vai_report_content_to_json (const VaiReport *self);
JsonNode *vai_report_insights_to_json (const VaiReport *self);

/* PDF (A4) or HTML (one file) by the ending of @path, whole or not at all; under 2 MB. It appears when it is committed,
 * or at once. The same report gives the same
 * bytes. Error USAGE for another ending; those of vai_output_new(). */
VaiOutput *vai_report_prepare (VaiReport *self, const char *path, GError **error);
gboolean vai_report_save (VaiReport *self, const char *path, GError **error);

/* For printing: A4 pages, the same as in the PDF; 0 with @error when it cannot be drawn. */
guint vai_report_count_pages (VaiReport *self, GError **error);

/* After vai_report_count_pages(): draws @page, from 1, at 0,0 of @cairo in points; 595 by 842 of them. */
void vai_report_draw_page (const VaiReport *self, cairo_t *cairo, guint page, guint n_pages);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiReport, vai_report_free)

G_END_DECLS
