/* Everything that is said of one quote. */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

typedef struct
{
  double margin;
  double win_probability, low, high, confidence; /* confidence = 1 - (high - low) */
  VaiVerdict verdict;
  guint n_similar; /* past quotes like this one, at most 100: one definition, see vai-neighbours.c */
  guint n_similar_won;
  double calibration; /* logit (win_probability) - margin */
} VaiScore;

typedef struct _VaiScorer VaiScorer;

/* Prepares what is needed once (neighbours, tables). Thread-safe after. */
VaiScorer *vai_scorer_new (VaiModel *model);
void vai_scorer_free (VaiScorer *self);

/* Owned by @self. */
VaiModel *vai_scorer_get_model (VaiScorer *self);

/* @scores holds n; @contributions is nullable, else n × (n_features + 1), in log-odds, base last. */
gboolean vai_scorer_score (VaiScorer *self,
                           const VaiFrame *frame,
                           const guint32 *rows,
                           gsize n_rows,
                           guint threads,
                           VaiScore *scores,
                           double *contributions,
                           GCancellable *cancellable,
                           GError **error);

/* The score of a row as if the model gave it @margin. */
void vai_scorer_score_margin (VaiScorer *self, const VaiFrame *frame, guint row, double margin, VaiScore *score);

/* Owned by @self; for the layer's own use. */
const struct _VaiNeighbours *vai_scorer_get_neighbours (VaiScorer *self);

/* Values of this row that the model does not know: unseen categories, numbers outside the seen range, empty cells that
 * no past quote had, a quote far newer than them all. Translated sentences; free with g_ptr_array_unref(). */
GPtrArray *vai_scorer_warnings (VaiScorer *self, const VaiFrame *frame, guint row);

/* The one of @feature; NULL: none. */
char *vai_scorer_dup_warning (VaiScorer *self, const VaiFrame *frame, guint row, guint feature);

/* The @n nearest won (or lost) reference rows of those that @score counts as similar, nearest first and one of each
 * group, into @rows; gives how many there are. Where it counts none, the nearest of all. */
guint vai_scorer_look_alikes (VaiScorer *self,
                              const VaiFrame *frame,
                              guint row,
                              const VaiScore *score,
                              gboolean won,
                              guint n,
                              guint32 *rows);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiScorer, vai_scorer_free)

G_END_DECLS
