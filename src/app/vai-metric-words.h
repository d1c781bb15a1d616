/* Metrics as rows of a table: name, what it means, a dot on its scale, value and interval. */
#pragma once

#include "vai-model.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* The metrics that are shown, in their order. */
guint vai_metric_words_n_shown (void);
VaiMetric vai_metric_words_shown (guint index);

/* Translated. */
const char *vai_metric_words_name (VaiMetric metric);

/* "0.83 – 0.89"; where there is no interval, why. Free with g_free(). */
char *vai_metric_words_interval (const VaiMetrics *metrics, VaiMetric metric);

/* Fills row @row of @grid. @other, nullable: a second model's figures in the same row. */
void vai_metric_row_attach (GtkGrid *grid,
                            guint row,
                            VaiMetric metric,
                            const VaiModel *model,
                            const VaiMetrics *metrics,
                            const VaiMetrics *other);

G_END_DECLS
