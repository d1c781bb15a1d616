/* How wrong a training still is, round by round: bold the try under way, thin the one before, dotted guessing, dashed
 * the logistic regression, a circle at the best round. */
#pragma once

#include "vai-drawing.h"
#include "vai-training-watch.h"

G_BEGIN_DECLS

#define VAI_TYPE_LOSS_CURVE (vai_loss_curve_get_type ())
G_DECLARE_FINAL_TYPE (VaiLossCurve, vai_loss_curve, VAI, LOSS_CURVE, VaiDrawing)

GtkWidget *vai_loss_curve_new (void);

/* NULL shows nothing. */
void vai_loss_curve_set_watch (VaiLossCurve *self, VaiTrainingWatch *watch);

G_END_DECLS
