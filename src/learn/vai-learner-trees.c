/* Boosted trees, additive trees and random forests by XGBoost's C API. It only trains: what it wrote is read and used
 * by vai-tree-*.c. */
#include "vai-learner.h"

#include "vai-calibrator.h"
#include "vai-error.h"
#include "vai-gradients.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include <xgboost/c_api.h>

/* XGBoost refuses a seed with an exponent, as longer ones are written. */
#define SEED_MAX 1000000000

/* Bins of a column. */
#define BINS_MAX 256

/* A better stop loss is better by so much: below it are rounding errors. */
#define LOSS_STEP 1e-7

typedef struct
{
  VaiTreeTraining *task;
  DMatrixHandle train, stop; /* stop: NULL without stop rows */
  BoosterHandle booster;
  gsize n, n_stop;
  float base_score, base_margin;
  float *gradients, *hessians, *won;
} Session;

static gboolean
failed (GError **error)
{
  /* The library's text has a stack trace after the first line. */
  g_auto (GStrv) lines = g_strsplit (XGBGetLastError (), "\n", 2);
  g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, _ ("The tree learner failed: %s"), lines[0] ? lines[0] : "");
  return FALSE;
}

static void
silence (const char *message)
{
}

/* What began at @begin was inside the library. */
static void
leave (Session *self, gint64 begin)
{
  self->task->library_seconds += (g_get_monotonic_time () - begin) / (double) G_USEC_PER_SEC;
}

static void
session_clear (Session *self)
{
  gint64 begin = g_get_monotonic_time ();
  if (self->booster)
    XGBoosterFree (self->booster);
  if (self->train)
    XGDMatrixFree (self->train);
  if (self->stop)
    XGDMatrixFree (self->stop);
  leave (self, begin);
  g_free (self->gradients);
  g_free (self->hessians);
  g_free (self->won);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Session, session_clear)

static gboolean
is_forest (const Session *self)
{
  return self->task->hyperparameters->algorithm == VAI_ALGORITHM_RANDOM_FOREST;
}

/* --- Parameters --- */

/* Each feature's columns in one group: no tree mixes two features. */
static char *
additive_constraints (const VaiEncoder *encoder)
{
  GString *groups = g_string_new ("[");
  guint width = vai_encoder_width (encoder);
  for (guint i = 0; i < width; i++)
    {
      guint origin = vai_encoder_column (encoder, i)->origins[0];
      gboolean begins = i == 0 || vai_encoder_column (encoder, i - 1)->origins[0] != origin;
      gboolean ends = i + 1 == width || vai_encoder_column (encoder, i + 1)->origins[0] != origin;
      g_string_append_printf (groups, "%s%u%s", begins ? (i ? ",[" : "[") : ",", i, ends ? "]" : "");
    }
  g_string_append_c (groups, ']');
  return g_string_free (groups, FALSE);
}

static char *
monotone_constraints (const VaiEncoder *encoder)
{
  GString *signs = g_string_new ("(");
  gboolean any = FALSE;
  for (guint i = 0; i < vai_encoder_width (encoder); i++)
    {
      int sign = vai_encoder_column (encoder, i)->monotone;
      any |= sign != 0;
      g_string_append_printf (signs, "%s%d", i ? "," : "", sign);
    }
  g_string_append_c (signs, ')');
  return g_string_free (signs, !any);
}

static gboolean
set_number (Session *self, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return XGBoosterSetParam (self->booster, name, g_ascii_formatd (text, sizeof text, "%.9g", value)) == 0;
}

static gboolean
set_parameters (Session *self)
{
  const VaiHyperparameters *hyper = self->task->hyperparameters;
  const VaiTraining *training = self->task->training;
  g_autofree char *monotone = monotone_constraints (self->task->encoder);
  g_autofree char *groups
      = hyper->algorithm == VAI_ALGORITHM_ADDITIVE ? additive_constraints (self->task->encoder) : NULL;
  BoosterHandle booster = self->booster;
  return XGBoosterSetParam (booster, "objective", "binary:logistic") == 0
         && XGBoosterSetParam (booster, "tree_method", "hist") == 0
         && XGBoosterSetParam (booster, "seed_per_iteration", "true") == 0
         && (!monotone || XGBoosterSetParam (booster, "monotone_constraints", monotone) == 0)
         && (!groups || XGBoosterSetParam (booster, "interaction_constraints", groups) == 0)
         && set_number (self, "base_score", self->base_score) && set_number (self, "nthread", training->threads)
         && set_number (self, "max_bin", BINS_MAX) && set_number (self, "seed", training->seed % SEED_MAX)
         && set_number (self, "max_depth", hyper->depth)
         && set_number (self, "eta", is_forest (self) ? 1.0 / hyper->rounds : hyper->learning_rate)
         && set_number (self, "min_child_weight", hyper->min_child_weight) && set_number (self, "lambda", hyper->lambda)
         && set_number (self, "gamma", hyper->gamma) && set_number (self, "subsample", hyper->row_sample)
         && set_number (self, is_forest (self) ? "colsample_bynode" : "colsample_bytree", hyper->column_sample);
}

/* --- Data --- */

/* What XGBoost asks for the rows through: all of them at once, again in each of its passes. */
typedef struct
{
  DMatrixHandle proxy;
  char *array; /* as numpy's array interface describes it */
  gboolean given;
} RowSource;

static int
source_next (DataIterHandle handle)
{
  RowSource *source = handle;
  if (source->given)
    return 0;
  source->given = TRUE;
  return XGProxyDMatrixSetDataDense (source->proxy, source->array) == 0;
}

static void
source_reset (DataIterHandle handle)
{
  RowSource *source = handle;
  source->given = FALSE;
}

/* A byte or two for each cell, the number of its bin, where an ordinary matrix takes eight bytes and the bins besides.
 */
static int
make_binned (const float *rows, gsize n, guint width, guint threads, DMatrixHandle *matrix)
{
  RowSource source = { 0 };
  if (XGProxyDMatrixCreate (&source.proxy) != 0)
    return -1;
  source.array = g_strdup_printf ("{\"data\":[%" G_GUINTPTR_FORMAT
                                  ",true],\"shape\":[%zu,%u],\"typestr\":\"<f4\",\"version\":3}",
                                  (guintptr) rows, n, width);
  g_autofree char *config = g_strdup_printf ("{\"missing\":NaN,\"nthread\":%u,\"max_bin\":%d}", threads, BINS_MAX);
  int code
      = XGQuantileDMatrixCreateFromCallback (&source, source.proxy, NULL, source_reset, source_next, config, matrix);
  XGDMatrixFree (source.proxy);
  g_free (source.array);
  return code;
}

/* Finding the bins takes more memory than all that a training holds later. */
static gboolean
make_train_matrix (Session *self)
{
  const VaiTraining *training = self->task->training;
  while (training->building && sem_wait (training->building) != 0)
    ; /* a signal came */
  gint64 begin = g_get_monotonic_time ();
  int code = make_binned (self->task->matrix, self->n, vai_encoder_width (self->task->encoder), training->threads,
                          &self->train);
  leave (self, begin);
  g_clear_pointer (&self->task->matrix, g_free);
  if (training->building)
    sem_post (training->building);
  return code == 0;
}

static gboolean
make_stop_matrix (Session *self)
{
  const VaiTraining *training = self->task->training;
  guint width = vai_encoder_width (self->task->encoder);
  self->n_stop = training->stop_rows ? training->n_stop_rows : 0;
  if (self->n_stop == 0)
    return TRUE;
  g_autofree float *rows = g_new (float, self->n_stop *width);
  vai_encoder_apply (self->task->encoder, training->frame, training->stop_rows, 0, self->n_stop, rows);
  gint64 begin = g_get_monotonic_time ();
  int code = XGDMatrixCreateFromMat_omp (rows, self->n_stop, width, NAN, &self->stop, training->threads);
  leave (self, begin);
  return code == 0;
}

static gboolean
make_booster (Session *self)
{
  DMatrixHandle matrices[] = { self->train, self->stop };
  gint64 begin = g_get_monotonic_time ();
  gboolean good = XGBoosterCreate (matrices, self->stop ? 2 : 1, &self->booster) == 0 && set_parameters (self);
  leave (self, begin);
  return good;
}

static gboolean
session_open (Session *self)
{
  const VaiTraining *training = self->task->training;
  gsize n_won = 0;
  self->n = training->n_rows;
  self->won = g_new (float, self->n);
  for (gsize i = 0; i < self->n; i++)
    {
      self->won[i] = training->won[training->rows[i]];
      n_won += training->won[training->rows[i]];
    }
  self->base_score = (n_won + 0.5) / (self->n + 1.0);
  self->base_margin = -logf (1.0f / self->base_score - 1.0f);
  self->gradients = g_new (float, self->n);
  self->hessians = g_new (float, self->n);
  return make_train_matrix (self) && make_stop_matrix (self) && make_booster (self);
}

/* --- Rounds --- */

/* Margins of one of the session's own matrices: XGBoost keeps them and only adds the newest trees. */
static const float *
margins_of (Session *self, DMatrixHandle matrix)
{
  const char *config
      = "{\"type\":1,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"strict_shape\":false}";
  const bst_ulong *shape;
  bst_ulong n_dimensions;
  const float *margins = NULL;
  gint64 begin = g_get_monotonic_time ();
  int code = XGBoosterPredictFromDMatrix (self->booster, matrix, config, &shape, &n_dimensions, &margins);
  leave (self, begin);
  return code == 0 ? margins : NULL;
}

static gboolean
grow (Session *self, guint round, GError **error)
{
  const float *margins = NULL;
  if (!is_forest (self))
    {
      margins = margins_of (self, self->train);
      if (!margins)
        return failed (error);
    }
  /* A forest's trees are all grown at the base rate. */
  if (round == 0 || margins)
    vai_gradients_fill (margins, self->base_margin, self->won, self->n, self->gradients, self->hessians);
  gint64 begin = g_get_monotonic_time ();
  int code = XGBoosterBoostOneIter (self->booster, self->train, self->gradients, self->hessians, self->n);
  leave (self, begin);
  return code == 0 || failed (error);
}

static gboolean
stop_loss (Session *self, double *loss, GError **error)
{
  const VaiTraining *training = self->task->training;
  *loss = NAN;
  if (!self->stop)
    return TRUE;
  const float *margins = margins_of (self, self->stop);
  if (!margins)
    return failed (error);
  double sum = 0;
  for (gsize i = 0; i < self->n_stop; i++)
    sum += vai_log_loss (margins[i], training->won[training->stop_rows[i]]);
  *loss = sum / self->n_stop;
  return TRUE;
}

static GBytes *
session_save (Session *self, guint rounds, GError **error)
{
  BoosterHandle best = NULL;
  bst_ulong length;
  const char *data;
  GBytes *bytes = NULL;
  gint64 begin = g_get_monotonic_time ();
  if (XGBoosterSlice (self->booster, 0, rounds, 1, &best) == 0
      && XGBoosterSaveModelToBuffer (best, "{\"format\":\"ubj\"}", &length, &data) == 0)
    bytes = g_bytes_new (data, length);
  else
    failed (error);
  if (best)
    XGBoosterFree (best);
  leave (self, begin);
  return bytes;
}

GBytes *
vai_trees_fit (VaiTreeTraining *task, guint *rounds, GError **error)
{
  const VaiHyperparameters *hyper = task->hyperparameters;
  g_auto (Session) self = { .task = task };
  double best = INFINITY;
  XGBRegisterLogCallback (silence);
  if (!session_open (&self))
    {
      failed (error);
      return NULL;
    }
  gboolean may_stop = self.stop && hyper->patience > 0 && !is_forest (&self);
  *rounds = 0;
  for (guint round = 0; round < hyper->rounds; round++)
    {
      double loss;
      if (vai_cancelled (task->cancellable, error) || !grow (&self, round, error))
        return NULL;
      if ((may_stop || task->on_round) && !stop_loss (&self, &loss, error))
        return NULL;
      if (task->on_round)
        task->on_round (round + 1, loss, task->user_data);
      if (!may_stop || loss < best - LOSS_STEP)
        {
          best = may_stop ? loss : best;
          *rounds = round + 1;
        }
      else if (round + 1 - *rounds >= hyper->patience)
        break;
    }
  return session_save (&self, *rounds, error);
}
