#include "vai-member.h"

#include "vai-error.h"
#include "vai-json.h"
#include "vai-learner.h"
#include "vai-parallel.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rows that are encoded and scored together: so that they stay in the nearest memory. */
#define BLOCK 64

/* Version of a member's JSON. */
#define FORMAT 1

struct _VaiMember
{
  VaiHyperparameters hyperparameters;
  guint rounds;
  guint n_features;
  VaiEncoder *encoder;    /* not of the baseline */
  double base;            /* baseline: its margin */
  VaiLinear linear;       /* logistic */
  VaiTreeEnsemble *trees; /* the others */
  GBytes *ubj;            /* and their model as XGBoost wrote it */
  double library_seconds;
};

void
vai_member_free (VaiMember *self)
{
  if (!self)
    return;
  g_clear_pointer (&self->encoder, vai_encoder_free);
  vai_linear_clear (&self->linear);
  g_clear_pointer (&self->trees, vai_tree_ensemble_free);
  g_clear_pointer (&self->ubj, g_bytes_unref);
  g_free (self);
}

static gboolean
uses_trees (const VaiMember *self)
{
  VaiAlgorithm algorithm = self->hyperparameters.algorithm;
  return algorithm != VAI_ALGORITHM_BASELINE && algorithm != VAI_ALGORITHM_LOGISTIC;
}

/* --- Training --- */

static gboolean
train_baseline (VaiMember *self, const VaiTraining *training)
{
  gsize n_won = 0;
  for (gsize i = 0; i < training->n_rows; i++)
    n_won += training->won[training->rows[i]];
  /* Half a row of each class, so that it is never certain. */
  self->base = log ((n_won + 0.5) / (training->n_rows - n_won + 0.5));
  return TRUE;
}

static gboolean
train_trees (VaiMember *self,
             const VaiTraining *training,
             VaiRoundFunc on_round,
             gpointer user_data,
             GCancellable *cancellable,
             GError **error)
{
  float *matrix = NULL;
  gboolean additive = self->hyperparameters.algorithm == VAI_ALGORITHM_ADDITIVE;
  self->encoder = vai_encoder_fit (additive ? VAI_ENCODER_ADDITIVE : VAI_ENCODER_TREES, training, &matrix);
  VaiTreeTraining task = { &self->hyperparameters, training, self->encoder, matrix, on_round, user_data, cancellable };
  self->ubj = vai_trees_fit (&task, &self->rounds, error);
  self->library_seconds = task.library_seconds;
  if (!self->ubj)
    return FALSE;
  self->trees = vai_tree_ensemble_new (self->ubj, vai_encoder_width (self->encoder), error);
  return self->trees != NULL;
}

static gboolean
train_logistic (VaiMember *self,
                const VaiTraining *training,
                VaiRoundFunc on_round,
                gpointer user_data,
                GCancellable *cancellable,
                GError **error)
{
  g_autofree float *matrix = NULL;
  self->encoder = vai_encoder_fit (VAI_ENCODER_LINEAR, training, &matrix);
  gboolean good = vai_logistic_fit (&self->linear, self->encoder, matrix, training, &self->hyperparameters.strength,
                                    on_round, user_data, cancellable, error);
  self->library_seconds = self->linear.library_seconds;
  return good;
}

/* A learner needs a row of each class; anything can be said of nothing. */
static gboolean
check_training (const VaiTraining *training, GError **error)
{
  gsize n_won = 0;
  for (gsize i = 0; i < training->n_rows; i++)
    n_won += training->won[training->rows[i]];
  if (n_won > 0 && n_won < training->n_rows && training->n_rows <= G_MAXINT32)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_ONE_CLASS,
               _ ("These %zu quotes are all won or all lost: there is nothing to compare."), training->n_rows);
  return FALSE;
}

VaiMember *
vai_member_train (const VaiHyperparameters *hyperparameters,
                  const VaiTraining *training,
                  VaiRoundFunc on_round,
                  gpointer user_data,
                  GCancellable *cancellable,
                  GError **error)
{
  g_return_val_if_fail (hyperparameters->algorithm < VAI_ALGORITHM_AUTO, NULL);
  g_autoptr (VaiMember) self = g_new0 (VaiMember, 1);
  self->hyperparameters = *hyperparameters;
  self->n_features = training->frame->n_features;
  gboolean baseline = hyperparameters->algorithm == VAI_ALGORITHM_BASELINE;
  if (vai_cancelled (cancellable, error) || (!baseline && !check_training (training, error)))
    return NULL;
  gboolean trained = baseline            ? train_baseline (self, training)
                     : uses_trees (self) ? train_trees (self, training, on_round, user_data, cancellable, error)
                                         : train_logistic (self, training, on_round, user_data, cancellable, error);
  return trained ? g_steal_pointer (&self) : NULL;
}

const VaiHyperparameters *
vai_member_get_hyperparameters (const VaiMember *self)
{
  return &self->hyperparameters;
}

guint
vai_member_get_rounds (const VaiMember *self)
{
  return self->rounds;
}

double
vai_member_get_library_seconds (const VaiMember *self)
{
  return self->library_seconds;
}

guint
vai_member_get_n_trees (const VaiMember *self)
{
  return self->trees ? self->trees->n_trees : 0;
}

/* --- Scoring --- */

typedef struct
{
  const VaiMember *member;
  const VaiFrame *frame;
  const guint32 *rows;
  double *out;
} Scoring;

static double
linear_margin (const VaiLinear *self, const float *row)
{
  double margin = self->intercept;
  for (guint j = 0; j < self->n_columns; j++)
    margin += self->weights[j] * row[j];
  return margin;
}

static void
score_margins (gsize from, gsize to, gpointer data)
{
  const Scoring *scoring = data;
  const VaiMember *self = scoring->member;
  guint width = vai_encoder_width (self->encoder);
  g_autofree float *block = g_new (float, (to - from) * width);
  vai_encoder_apply (self->encoder, scoring->frame, scoring->rows, from, to - from, block);
  if (self->trees)
    vai_tree_ensemble_margins (self->trees, block, to - from, scoring->out + from);
  else
    for (gsize i = from; i < to; i++)
      scoring->out[i] = linear_margin (&self->linear, block + (i - from) * width);
}

/* A frame of another schema would be read by the wrong codes. */
static gboolean
check_frame (const VaiMember *self, const VaiFrame *frame, GError **error)
{
  if (frame->n_features == self->n_features && (!self->encoder || frame->schema == self->encoder->schema))
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, _ ("These rows were read for another model."));
  return FALSE;
}

gboolean
vai_member_margins (const VaiMember *self,
                    const VaiFrame *frame,
                    const guint32 *rows,
                    gsize n_rows,
                    guint threads,
                    double *margins,
                    GError **error)
{
  if (!check_frame (self, frame, error))
    return FALSE;
  Scoring scoring = { self, frame, rows, margins };
  if (self->encoder)
    vai_parallel_rows (n_rows, BLOCK, threads, score_margins, &scoring);
  else
    for (gsize i = 0; i < n_rows; i++)
      margins[i] = self->base;
  return TRUE;
}

/* Linear: each column's weight times its distance from the training mean, where the base lies. */
static void
linear_contributions (const VaiLinear *self, const float *row, double *columns, double *base)
{
  *base = self->intercept;
  for (guint j = 0; j < self->n_columns; j++)
    {
      columns[j] = self->weights[j] * (row[j] - self->means[j]);
      *base += self->weights[j] * self->means[j];
    }
}

static void
score_contributions (gsize from, gsize to, gpointer data)
{
  const Scoring *scoring = data;
  const VaiMember *self = scoring->member;
  guint width = vai_encoder_width (self->encoder), n_features = self->n_features;
  gsize n = to - from;
  g_autofree float *block = g_new (float, n *width);
  g_autofree double *columns = g_new (double, n *width);
  vai_encoder_apply (self->encoder, scoring->frame, scoring->rows, from, n, block);
  if (self->trees)
    vai_tree_ensemble_contributions (self->trees, block, n, columns);
  for (gsize i = 0; i < n; i++)
    {
      double *out = scoring->out + (from + i) * (n_features + 1);
      memset (out, 0, n_features * sizeof *out);
      if (self->trees)
        out[n_features] = self->trees->bias;
      else
        linear_contributions (&self->linear, block + i * width, columns + i * width, &out[n_features]);
      vai_encoder_share (self->encoder, columns + i * width, out);
    }
}

gboolean
vai_member_contributions (const VaiMember *self,
                          const VaiFrame *frame,
                          const guint32 *rows,
                          gsize n_rows,
                          guint threads,
                          double *contributions,
                          GError **error)
{
  if (!check_frame (self, frame, error))
    return FALSE;
  Scoring scoring = { self, frame, rows, contributions };
  if (self->encoder)
    {
      vai_parallel_rows (n_rows, BLOCK, threads, score_contributions, &scoring);
      return TRUE;
    }
  memset (contributions, 0, n_rows * (self->n_features + 1) * sizeof *contributions);
  for (gsize i = 0; i < n_rows; i++)
    contributions[i * (self->n_features + 1) + self->n_features] = self->base;
  return TRUE;
}

/* --- File --- */

static void
linear_to_json (const VaiLinear *self, JsonObject *object)
{
  vai_json_set_double (object, "intercept", self->intercept);
  json_object_set_array_member (object, "weights", vai_json_array_new_doubles (self->weights, self->n_columns));
  json_object_set_array_member (object, "means", vai_json_array_new_doubles (self->means, self->n_columns));
}

gboolean
vai_member_save (const VaiMember *self, const char *prefix, GHashTable *parts, GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  json_object_set_int_member (object, "format", FORMAT);
  json_object_set_member (object, "hyperparameters", vai_hyperparameters_to_json (&self->hyperparameters));
  json_object_set_int_member (object, "rounds", self->rounds);
  if (self->encoder)
    json_object_set_member (object, "encoder", vai_encoder_to_json (self->encoder));
  else
    vai_json_set_double (object, "base", self->base);
  if (self->linear.weights)
    linear_to_json (&self->linear, object);
  g_hash_table_insert (parts, g_strconcat (prefix, ".json", NULL), vai_json_to_bytes (node));
  if (self->ubj)
    g_hash_table_insert (parts, g_strconcat (prefix, ".ubj", NULL), g_bytes_ref (self->ubj));
  return TRUE;
}

static gboolean
all_finite (const double *values, guint n)
{
  for (guint i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
linear_from_json (VaiLinear *self, JsonObject *object, guint n, GError **error)
{
  self->n_columns = n;
  self->weights = g_new0 (double, n + 1);
  self->means = g_new0 (double, n + 1);
  if (!vai_json_get_finite (object, "intercept", &self->intercept, error)
      || !vai_json_get_doubles (object, "weights", self->weights, n, error)
      || !vai_json_get_doubles (object, "means", self->means, n, error))
    return FALSE;
  if (all_finite (self->weights, n) && all_finite (self->means, n))
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("“%s” is missing or is not what it should be."), "weights");
  return FALSE;
}

static GBytes *
find_part (GHashTable *parts, const char *prefix, const char *ending, GError **error)
{
  g_autofree char *name = g_strconcat (prefix, ending, NULL);
  GBytes *bytes = g_hash_table_lookup (parts, name);
  if (!bytes)
    g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The model file is damaged: its part “%s” is missing."), name);
  return bytes;
}

static gboolean
read_head (VaiMember *self, JsonObject *object, GError **error)
{
  guint64 format, rounds;
  if (!vai_json_get_uint (object, "format", G_MAXINT32, &format, error))
    return FALSE;
  if (format != FORMAT)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NEWER, _ ("The model was written by a newer ValutAI: use that one."));
      return FALSE;
    }
  if (!vai_hyperparameters_from_json (&self->hyperparameters, json_object_get_member (object, "hyperparameters"), error)
      || !vai_json_get_uint (object, "rounds", G_MAXINT32, &rounds, error))
    return FALSE;
  self->rounds = rounds;
  return TRUE;
}

VaiMember *
vai_member_load (const char *prefix, GHashTable *parts, VaiSchema *schema, GError **error)
{
  GBytes *json = find_part (parts, prefix, ".json", error);
  if (!json)
    return NULL;
  gsize size;
  const char *text = g_bytes_get_data (json, &size);
  g_autoptr (JsonNode) node = vai_json_parse (text, size, error);
  JsonObject *object = node ? vai_json_node_get_object (node, error) : NULL;
  g_autoptr (VaiMember) self = g_new0 (VaiMember, 1);
  self->n_features = schema->features->len;
  if (!object || !read_head (self, object, error))
    return NULL;
  if (self->hyperparameters.algorithm == VAI_ALGORITHM_BASELINE)
    return vai_json_get_finite (object, "base", &self->base, error) ? g_steal_pointer (&self) : NULL;
  self->encoder = vai_encoder_from_json (json_object_get_member (object, "encoder"), schema, error);
  if (!self->encoder)
    return NULL;
  guint width = vai_encoder_width (self->encoder);
  if (!uses_trees (self))
    return linear_from_json (&self->linear, object, width, error) ? g_steal_pointer (&self) : NULL;
  GBytes *ubj = find_part (parts, prefix, ".ubj", error);
  self->trees = ubj ? vai_tree_ensemble_new (ubj, width, error) : NULL;
  if (!self->trees)
    return NULL;
  self->ubj = g_bytes_ref (ubj);
  return g_steal_pointer (&self);
}
