/* Monday morning: what is open, what it is worth, how the last year went, and what to do first. Read and computed in
 * one go from the newest dataset, the newest model and the scores without an outcome. */
#pragma once

#include "vai-health.h"
#include "vai-model.h"
#include "vai-range.h"
#include "vai-store.h"

G_BEGIN_DECLS

/* One open quote: a row of the newest dataset, or a saved score without an outcome; one for each identifier. */
typedef struct
{
  char *ref;           /* owned: its identifier, else "row 12" translated */
  char *detail;        /* owned: sector, channel … as far as they are known; may be "" */
  char *prediction_id; /* owned, nullable: it was scored and saved */
  gsize row;           /* of the dataset, when prediction_id is NULL */
  double amount;       /* NaN: no price known */
  gboolean scored;
  double win_probability, low, high; /* when scored */
  VaiVerdict verdict;
  double expected; /* amount × chance, by the average where it is not scored; NaN without an amount */
  gint64 at;       /* seconds since the epoch: opened or scored; VAI_TIME_MISSING */
} VaiOpenQuote;

typedef struct
{
  gatomicrefcount refs;
  GPtrArray *open;                 /* of VaiOpenQuote, greatest expected revenue first, those without an amount last */
  char *dataset_id, *dataset_name; /* nullable: the newest */
  char *model_id;                  /* nullable: what open quotes were scored with */
  char *currency;                  /* nullable; ISO 4217, "" when amounts are in several */
  gsize n_open_total;              /* beyond VAI_DASHBOARD_OPEN_MAX rows only counted */
  gboolean more_open;              /* there are older saved scores without an outcome, which are in no figure */
  double worth;                    /* sum of amounts */
  double expected, expected_low, expected_high; /* see the .c */
  gsize n_decided, n_won;                       /* of the last twelve months, or of all where there are no dates */
  double win_rate_low, win_rate_high;           /* 95 %, Wilson */
  gboolean twelve_months;
  gsize n_decided_since; /* saved scores without outcome whose quote the newest dataset has decided */
  gboolean newer_data;   /* the newest dataset came after the newest model, with a tenth more decided quotes */
  gint64 last_report_at; /* milliseconds; 0: never */
  VaiModel *model;       /* nullable */
  VaiHealth *health;     /* nullable: of it, since it is in use */
  VaiMetrics called;     /* of it, at the threshold that a person chose in the workspace */
} VaiDashboard;

/* More are counted but not listed. */
#define VAI_DASHBOARD_OPEN_MAX 20000

/* Blocking. An empty workspace is no error. Errors: those of the store, CANCELLED. */
VaiDashboard *vai_dashboard_load (VaiStore *store, GCancellable *cancellable, GError **error);
VaiDashboard *vai_dashboard_ref (VaiDashboard *self);
void vai_dashboard_unref (VaiDashboard *self);

/* Records what the newest dataset says of saved scores without an outcome; gives what was recorded of each before, of
 * VaiOutcomeBefore, NULL on error. Free with g_array_unref(). */
GArray *
vai_dashboard_record_decided (VaiStore *store, const char *dataset_id, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiDashboard, vai_dashboard_unref)

G_END_DECLS
