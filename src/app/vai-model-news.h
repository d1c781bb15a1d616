/* What has become of a model since it is in use: its saved scores with their outcomes, against its test. Made on worker
 * threads. */
#pragma once

#include "vai-chart.h"
#include "vai-health.h"
#include "vai-workspace.h"

G_BEGIN_DECLS

typedef struct
{
  VaiHealth *health;
  VaiChart *periods, *drift; /* nullable: given away once */
  GPtrArray *waiting;        /* of VaiPredictionRow*: without an outcome, oldest first, at most VAI_NEWS_WAITING_MAX */
  gsize n_waiting;
  char *shifted; /* nullable: names of the columns that have shifted, joined */
} VaiModelNews;

#define VAI_NEWS_WAITING_MAX 5

void vai_model_news_async (VaiStore *store,
                           VaiLoadedModel *loaded,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
VaiModelNews *vai_model_news_finish (GAsyncResult *result, GError **error);
void vai_model_news_free (VaiModelNews *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiModelNews, vai_model_news_free)

G_END_DECLS
