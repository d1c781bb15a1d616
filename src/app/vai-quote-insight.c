#include "vai-quote-insight.h"

#include "vai-error.h"
#include "vai-report.h"

#include <math.h>

typedef struct
{
  VaiLoadedModel *loaded;
  VaiFrame *frame;
  GArray *locked;
  double target;
  int curve_feature;
  char *currency; /* nullable */
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  vai_frame_free (self->frame);
  g_array_unref (self->locked);
  g_object_unref (self->loaded);
  g_free (self->currency);
  g_free (self);
}

void
vai_quote_insight_free (VaiQuoteInsight *self)
{
  g_clear_pointer (&self->proposals, g_ptr_array_unref);
  g_clear_pointer (&self->curve, vai_chart_free);
  g_free (self);
}

/* Else from the cheapest on, as they came. */
static GPtrArray *
put_losing_last (GPtrArray *proposals)
{
  GPtrArray *ordered = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_recommendation_free);
  for (guint losing = 0; losing < 2; losing++)
    for (guint i = 0; i < proposals->len; i++)
      {
        VaiRecommendation **proposal = (VaiRecommendation **) &g_ptr_array_index (proposals, i);
        if (*proposal != NULL && vai_recommendation_loses (*proposal) == (losing > 0))
          g_ptr_array_add (ordered, g_steal_pointer (proposal));
      }
  g_ptr_array_unref (proposals);
  return ordered;
}

static gboolean
find_curve (VaiQuoteInsight *self, const Request *request, GCancellable *cancellable, GError **error)
{
  if (request->curve_feature < 0)
    return TRUE;
  VaiScorer *scorer = vai_loaded_model_get_scorer (request->loaded);
  g_autoptr (VaiCurve) curve = vai_advice_curve (scorer, request->frame, 0, request->curve_feature, cancellable, error);
  if (curve == NULL)
    return FALSE;
  self->confounded = curve->confounded;
  self->confounded_from = curve->confounded_from;
  self->curve
      = vai_report_curve_chart_new (vai_loaded_model_get_model (request->loaded), curve,
                                    request->frame->columns[request->curve_feature].numbers[0], request->currency);
  return TRUE;
}

static VaiQuoteInsight *
find (const Request *request, GCancellable *cancellable, GError **error)
{
  g_autoptr (VaiQuoteInsight) self = g_new0 (VaiQuoteInsight, 1);
  VaiScorer *scorer = vai_loaded_model_get_scorer (request->loaded);
  VaiScore score;
  VaiAdviceOptions options = {
    .locked = (const guint *) (gpointer) request->locked->data,
    .n_locked = request->locked->len,
    .target = request->target,
    .n_max = VAI_PROPOSALS_MAX,
  };

  self->proposals = vai_advice_recommend (scorer, request->frame, 0, &options, cancellable, error);
  if (self->proposals == NULL || !find_curve (self, request, cancellable, error) || vai_cancelled (cancellable, error))
    return NULL;
  self->proposals = put_losing_last (self->proposals);
  if (!vai_scorer_score (scorer, request->frame, NULL, 1, 1, &score, NULL, cancellable, error))
    return NULL;
  self->n_won = vai_scorer_look_alikes (scorer, request->frame, 0, &score, TRUE, VAI_LOOK_ALIKES, self->won);
  self->n_lost = vai_scorer_look_alikes (scorer, request->frame, 0, &score, FALSE, VAI_LOOK_ALIKES, self->lost);
  return g_steal_pointer (&self);
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  VaiQuoteInsight *insight = find (data, cancellable, &error);

  if (insight != NULL)
    g_task_return_pointer (task, insight, (GDestroyNotify) vai_quote_insight_free);
  else
    g_task_return_error (task, error);
}

void
vai_quote_insight_async (VaiLoadedModel *loaded,
                         const VaiFrame *frame,
                         GArray *locked,
                         double target,
                         int curve_feature,
                         const char *currency,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (VAI_IS_LOADED_MODEL (loaded));

  g_autoptr (GTask) task = g_task_new (loaded, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);
  request->loaded = g_object_ref (loaded);
  request->frame = vai_frame_new_empty (frame->schema, 1);
  vai_frame_copy_row (request->frame, 0, frame, 0);
  request->locked = g_array_ref (locked);
  request->target = target;
  request->curve_feature = curve_feature;
  request->currency = g_strdup (currency);
  g_task_set_source_tag (task, vai_quote_insight_async);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, find_in_thread);
}

VaiQuoteInsight *
vai_quote_insight_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, vai_quote_insight_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
