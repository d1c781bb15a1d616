/* One fitted learner with the encoding it was fitted with: frame rows in, log-odds out. Uncalibrated. Everything inside
 * it, target statistics too, was fitted on the rows it was trained with and on nothing else. */
#pragma once

#include "vai-frame.h"
#include "vai-progress.h"

#include <gio/gio.h>

#include <semaphore.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_ALGORITHM_BASELINE,
  VAI_ALGORITHM_LOGISTIC,
  VAI_ALGORITHM_BOOSTED_TREES,
  VAI_ALGORITHM_RANDOM_FOREST,
  VAI_ALGORITHM_ADDITIVE,
  VAI_ALGORITHM_AUTO, /* not a member: a way to choose and combine them */
  VAI_N_ALGORITHMS
} VaiAlgorithm;

/* "baseline", "logistic", "boosted-trees", "random-forest", "additive", "auto". */
const char *vai_algorithm_name (VaiAlgorithm algorithm);
/* In words, translated: “random forest”. */
const char *vai_algorithm_title (VaiAlgorithm algorithm);

gboolean vai_algorithm_from_name (const char *name, VaiAlgorithm *algorithm);

/* Each algorithm reads its own; NaN or 0 is "its default" where the comment says so. */
typedef struct
{
  VaiAlgorithm algorithm;
  double
      strength; /* logistic: inverse of the L2 penalty, LIBLINEAR's C; NaN: by cross-validation on the training rows */
  guint rounds; /* boosted, additive: most rounds; forest: trees */
  guint depth;  /* trees: greatest depth */
  double learning_rate;    /* boosted, additive */
  double min_child_weight; /* trees */
  double lambda;           /* trees: L2 on leaf values */
  double gamma;            /* trees: least gain of a split */
  double row_sample;       /* trees: 0..1 */
  double column_sample;    /* trees: 0..1, by tree for boosted, by node for forest */
  guint patience; /* boosted, additive: rounds without a better stop loss before it ends; 0: no early stopping */
} VaiHyperparameters;

void vai_hyperparameters_init (VaiHyperparameters *self, VaiAlgorithm algorithm);

/* From "--param NAME=VALUE"; error USAGE names the parameters of the algorithm with their bounds. */
gboolean vai_hyperparameters_set (VaiHyperparameters *self, const char *name, const char *value, GError **error);

/* Parameter @index of the algorithm of @self: its name and bounds, and the value in @self; FALSE when there are no
 * more. */
typedef struct
{
  const char *name;
  gboolean whole;
  double min, max;
  double value; /* NaN: found by the training */
} VaiParameter;

gboolean vai_hyperparameters_get (const VaiHyperparameters *self, guint index, VaiParameter *parameter);

JsonNode *vai_hyperparameters_to_json (const VaiHyperparameters *self);

/* Errors: DAMAGED, NEWER. */
gboolean vai_hyperparameters_from_json (VaiHyperparameters *self, JsonNode *node, GError **error);

typedef struct _VaiMember VaiMember;

typedef struct
{
  const VaiFrame *frame;
  const guint8 *won;   /* by frame row: 1 won, 0 lost */
  const guint32 *rows; /* frame rows to train on; may repeat none */
  gsize n_rows;
  const guint32 *stop_rows; /* nullable: rows for early stopping */
  gsize n_stop_rows;
  const guint32 *groups; /* nullable, by frame row: rows of one group stay together in inner splits (target statistics,
                            strength) */
  guint64 seed;
  guint threads;   /* ≥ 1; the result is the same with any */
  sem_t *building; /* nullable: who builds a matrix for XGBoost holds one */
} VaiTraining;

/* One round or tree is done: @loss is the mean log loss on the stop rows (NaN without). */
typedef void (*VaiRoundFunc) (guint round, double loss, gpointer user_data);

/* Looks at @cancellable every tree. Errors: CANCELLED, FAILED. */
VaiMember *vai_member_train (const VaiHyperparameters *hyperparameters,
                             const VaiTraining *training,
                             VaiRoundFunc on_round,
                             gpointer user_data,
                             GCancellable *cancellable,
                             GError **error);
void vai_member_free (VaiMember *self);

const VaiHyperparameters *vai_member_get_hyperparameters (const VaiMember *self);

/* Rounds kept after early stopping; 0 where it means nothing. */
guint vai_member_get_rounds (const VaiMember *self);

/* Inside XGBoost's or LIBLINEAR's calls while it was trained; 0 for a member that was read. */
double vai_member_get_library_seconds (const VaiMember *self);

/* Trees in it; 0 for baseline and logistic. */
guint vai_member_get_n_trees (const VaiMember *self);

/* Log-odds of @rows (NULL: the first @n_rows) into @margins. Thread-safe on one member. */
gboolean vai_member_margins (const VaiMember *self,
                             const VaiFrame *frame,
                             const guint32 *rows,
                             gsize n_rows,
                             guint threads,
                             double *margins,
                             GError **error);

/* Exact contributions in log-odds, n_rows × (n_features + 1), the base last; each row sums to its margin within 1e-5.
 */
gboolean vai_member_contributions (const VaiMember *self,
                                   const VaiFrame *frame,
                                   const guint32 *rows,
                                   gsize n_rows,
                                   guint threads,
                                   double *contributions,
                                   GError **error);

/* Adds the parts of this member to a model file: @prefix is like "member-0"; each part is a name → GBytes in @parts
 * ("member-0.json", "member-0.ubj"). Same member, same bytes. */
gboolean vai_member_save (const VaiMember *self, const char *prefix, GHashTable *parts, GError **error);
VaiMember *vai_member_load (const char *prefix, GHashTable *parts, VaiSchema *schema, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiMember, vai_member_free)

G_END_DECLS
