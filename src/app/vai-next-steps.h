/* What to do next: at most four things, each with the one button that does it, none that cannot be done now. */
#pragma once

#include "vai-dashboard.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_NEXT_STEPS (vai_next_steps_get_type ())
G_DECLARE_FINAL_TYPE (VaiNextSteps, vai_next_steps, VAI, NEXT_STEPS, GtkWidget)

/* Signal "record": the outcomes that the newest dataset knows are to be recorded. All else are actions of the window.
 */
void vai_next_steps_show (VaiNextSteps *self, const VaiDashboard *dashboard);

/* What opens a quote in Scoring: the target of that page. Free with g_free(). */
char *vai_open_quote_dup_target (const VaiDashboard *dashboard, const VaiOpenQuote *quote);

G_END_DECLS
