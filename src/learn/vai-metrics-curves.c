#include "vai-metrics.h"

#include "vai-ranking.h"

/* Called at each distinct probability from the highest down: how many rows, and how many won, have at least that. */
typedef void (*StepFunc) (double probability, gsize n_called, gsize n_called_won, gpointer user_data);

static void
walk_down (const VaiRanking *ranking, StepFunc step, gpointer user_data)
{
  gsize n_called = 0, n_won = 0;
  for (gsize i = ranking->n; i-- > 0;)
    {
      n_called++;
      n_won += ranking->won[i];
      if (i == 0 || ranking->probability[i - 1] != ranking->probability[i])
        step (ranking->probability[i], n_called, n_won, user_data);
    }
}

typedef struct
{
  gsize n, n_won;
  GArray *x, *y;
  double best_f1, best_threshold;
} Curve;

static gsize
count_won (const VaiRanking *ranking)
{
  gsize n_won = 0;
  for (gsize i = 0; i < ranking->n; i++)
    n_won += ranking->won[i];
  return n_won;
}

static void
add_point (Curve *curve, double x, double y)
{
  g_array_append_val (curve->x, x);
  g_array_append_val (curve->y, y);
}

static double
share (gsize part, gsize whole)
{
  return whole > 0 ? part / (double) whole : 0;
}

static void
f1_step (double probability, gsize n_called, gsize n_called_won, gpointer user_data)
{
  Curve *curve = user_data;
  double f1 = 2.0 * n_called_won / (n_called + curve->n_won);
  if (f1 >= curve->best_f1)
    {
      curve->best_f1 = f1;
      curve->best_threshold = probability;
    }
}

static void
roc_step (double probability, gsize n_called, gsize n_called_won, gpointer user_data)
{
  Curve *curve = user_data;
  add_point (curve, share (n_called - n_called_won, curve->n - curve->n_won), share (n_called_won, curve->n_won));
}

static void
precision_recall_step (double probability, gsize n_called, gsize n_called_won, gpointer user_data)
{
  Curve *curve = user_data;
  add_point (curve, share (n_called_won, curve->n_won), share (n_called_won, n_called));
}

static void
gain_step (double probability, gsize n_called, gsize n_called_won, gpointer user_data)
{
  Curve *curve = user_data;
  add_point (curve, share (n_called, curve->n), share (n_called_won, curve->n_won));
}

double
vai_metrics_best_f1_threshold (const guint8 *won, const double *probability, gsize n)
{
  g_auto (VaiRanking) ranking = { 0 };
  vai_ranking_init (&ranking, won, probability, n);
  /* Without a won row every threshold has F1 0: then the usual one. */
  Curve curve = { .n = n, .n_won = count_won (&ranking), .best_f1 = 0, .best_threshold = 0.5 };
  if (curve.n_won > 0)
    walk_down (&ranking, f1_step, &curve);
  return curve.best_threshold;
}

static void
draw (const guint8 *won,
      const double *probability,
      gsize n,
      double first_x,
      double first_y,
      StepFunc step,
      GArray **x,
      GArray **y)
{
  g_auto (VaiRanking) ranking = { 0 };
  vai_ranking_init (&ranking, won, probability, n);
  Curve curve = { .n = n, .n_won = count_won (&ranking) };
  curve.x = *x = g_array_new (FALSE, FALSE, sizeof (double));
  curve.y = *y = g_array_new (FALSE, FALSE, sizeof (double));
  add_point (&curve, first_x, first_y);
  walk_down (&ranking, step, &curve);
}

void
vai_metrics_roc (const guint8 *won, const double *probability, gsize n, GArray **x, GArray **y)
{
  draw (won, probability, n, 0, 0, roc_step, x, y);
}

void
vai_metrics_precision_recall (const guint8 *won, const double *probability, gsize n, GArray **x, GArray **y)
{
  draw (won, probability, n, 0, 1, precision_recall_step, x, y);
}

void
vai_metrics_gain (const guint8 *won, const double *probability, gsize n, GArray **x, GArray **y)
{
  draw (won, probability, n, 0, 0, gain_step, x, y);
}
