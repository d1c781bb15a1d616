/* Derivatives of the log loss, for the rounds of boosting. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* First and second derivatives of each row's log loss: @won is 0 or 1; @margins NULL: all at @margin. */
void
vai_gradients_fill (const float *margins, float margin, const float *won, gsize n, float *gradients, float *hessians);

G_END_DECLS
