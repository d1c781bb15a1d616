/* Decided quotes by the period in which they were opened: months, quarters or years, whichever gives a line that can be
 * read. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *names;  /* of char*: "Oct 2026", "Q4 2026", "2026", "2026 (in part)" */
  GArray *n_won;     /* of guint */
  GArray *n_decided; /* of guint */
  GArray *predicted; /* of double: mean probability, NaN in a period without any known one */
  gboolean partial;  /* the last period goes on after the latest quote: its name says so */
} VaiPeriods;

/* @opened: seconds since the epoch, VAI_TIME_MISSING where not known; NULL gives no periods at all. Periods follow each
 * other without a gap. */
VaiPeriods *vai_periods_new (const gint64 *opened, const guint8 *won, const double *probability, gsize n);
void vai_periods_free (VaiPeriods *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiPeriods, vai_periods_free)

G_END_DECLS
