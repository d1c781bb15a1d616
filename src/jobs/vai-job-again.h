/* An interrupted job is offered again, from the start. */
#pragma once

#include "vai-job.h"

G_BEGIN_DECLS

/* A new job of the kind and with the parameters that @row kept, ready to run. Errors: USAGE (a kind that is not begun
 * again), DAMAGED. */
VaiJob *vai_job_new_again (VaiStore *store, const VaiJobRow *row, GError **error);

G_END_DECLS
