/* “Health” of a model: does it still fit, what has shifted, do its chances come true, what waits to be recorded. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_MODEL_HEALTH (vai_model_health_get_type ())
G_DECLARE_FINAL_TYPE (VaiModelHealth, vai_model_health, VAI, MODEL_HEALTH, GtkWidget)

/* Reads the saved scores when it comes into view, and again when some have changed. */
void vai_model_health_set (VaiModelHealth *self, VaiWorkspace *workspace, VaiLoadedModel *loaded);

/* While the scores are being read there is nothing to focus: takes the keyboard from where it is now to the first
 * control as soon as there is one, unless it has gone elsewhere by then. */
void vai_model_health_await_focus (VaiModelHealth *self);

/* The figures stack when @page is compact. */
void vai_model_health_follow (VaiModelHealth *self, VaiPage *page);

G_END_DECLS
