#include "vai-advice.h"
#include "vai-cli-store.h"
#include "vai-format.h"
#include "vai-json-build.h"
#include "vai-print.h"
#include "vai-quote-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Recommendations asked for; the best come first. */
#define RECOMMENDATIONS_MAX 10
#define LOOK_ALIKES 3

typedef struct
{
  GStrv set, recommend, lock, cost;
  char *curve, *workspace;
  double target;
  gboolean json;
} ExplainWords;

typedef struct
{
  VaiModel *model;   /* owned */
  VaiScorer *scorer; /* owned */
  VaiFrame *frame;   /* owned: one row */
  VaiScore score;
  double *contributions;      /* owned */
  double target;              /* of them; NaN: none */
  GPtrArray *recommendations; /* owned, nullable */
  VaiCurve *curve;            /* owned, nullable */
} Explanation;

static void
explain_words_clear (ExplainWords *self)
{
  g_strfreev (self->set);
  g_strfreev (self->recommend);
  g_strfreev (self->lock);
  g_strfreev (self->cost);
  g_free (self->curve);
  g_free (self->workspace);
}

static void
explanation_clear (Explanation *self)
{
  g_clear_pointer (&self->recommendations, g_ptr_array_unref);
  g_clear_pointer (&self->curve, vai_curve_free);
  g_clear_pointer (&self->scorer, vai_scorer_free);
  g_clear_pointer (&self->frame, vai_frame_free);
  g_clear_pointer (&self->model, vai_model_unref);
  g_free (self->contributions);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ExplainWords, explain_words_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Explanation, explanation_clear)

/* Feature indexes of lists of names; error NO_COLUMN. */
static gboolean
find_features (const VaiSchema *schema, GStrv lists, GArray *features, GError **error)
{
  for (guint i = 0; lists != NULL && lists[i] != NULL; i++)
    {
      g_auto (GStrv) names = vai_cli_split_list (lists[i]);
      for (guint j = 0; names[j] != NULL; j++)
        {
          int found = vai_schema_find (schema, names[j]);
          if (found < 0)
            {
              g_set_error (error, VAI_ERROR, VAI_ERROR_NO_COLUMN,
                           _ ("The model knows no column “%s”; “valutai-cli model show” lists those it knows."),
                           names[j]);
              return FALSE;
            }
          guint feature = found;
          g_array_append_val (features, feature);
        }
    }
  return TRUE;
}

static gboolean
read_costs (const VaiSchema *schema, GStrv words, double *weights, GError **error)
{
  for (guint i = 0; i < schema->features->len; i++)
    weights[i] = 1;
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autofree char *column = NULL;
      g_autofree char *value = NULL;
      if (!vai_cli_split_pair (words[i], TRUE, "COL=NUMBER", &column, &value, error))
        return FALSE;
      int feature = vai_schema_find (schema, column);
      char *end = NULL;
      double weight = g_ascii_strtod (value, &end);
      if (feature < 0 || end == value || *end != '\0' || !isfinite (weight) || weight < 0)
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is not of the form %s."), words[i], "COL=NUMBER");
          return FALSE;
        }
      weights[feature] = weight;
    }
  return TRUE;
}

static gboolean
read_target (const char *text, double *target, GError **error)
{
  char *end = NULL;
  *target = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && *target > 0 && *target < 1)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s cannot be “%s”: it is one of %s."), "--target", text, "0 … 1");
  return FALSE;
}

static gboolean
recommend (Explanation *self, const ExplainWords *words, GError **error)
{
  if (words->recommend == NULL)
    {
      if (words->lock == NULL && words->cost == NULL && isnan (words->target))
        return TRUE;
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("--lock, --cost and --target need --recommend beside them."));
      return FALSE;
    }
  const VaiSchema *schema = self->model->schema;
  g_autoptr (GArray) features = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GArray) locked = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree double *weights = g_new (double, schema->features->len);
  if (!find_features (schema, words->recommend, features, error) || !find_features (schema, words->lock, locked, error)
      || !read_costs (schema, words->cost, weights, error))
    return FALSE;
  VaiAdviceOptions options = {
    .features = (const guint *) (gpointer) features->data,
    .n_features = features->len,
    .locked = (const guint *) (gpointer) locked->data,
    .n_locked = locked->len,
    .weights = words->cost != NULL ? weights : NULL,
    .target = words->target,
    .n_max = RECOMMENDATIONS_MAX,
  };
  self->target = words->target;
  self->recommendations = vai_advice_recommend (self->scorer, self->frame, 0, &options, NULL, error);
  return self->recommendations != NULL;
}

static gboolean
explain (Explanation *self, const ExplainWords *words, GError **error)
{
  guint n = self->model->schema->features->len;
  self->scorer = vai_scorer_new (self->model);
  self->frame = vai_frame_new_empty (self->model->schema, 1);
  self->contributions = g_new0 (double, n + 1);
  if (!vai_cli_set_cells (self->frame, words->set, error)
      || !vai_scorer_score (self->scorer, self->frame, NULL, 1, 1, &self->score, self->contributions, NULL, error)
      || !recommend (self, words, error))
    return FALSE;
  if (words->curve == NULL)
    return TRUE;
  g_autoptr (GArray) feature = g_array_new (FALSE, FALSE, sizeof (guint));
  char *names[] = { words->curve, NULL };
  if (!find_features (self->model->schema, names, feature, error))
    return FALSE;
  self->curve = vai_advice_curve (self->scorer, self->frame, 0, g_array_index (feature, guint, 0), NULL, error);
  return self->curve != NULL;
}

/* ---- JSON ---- */

static void
json_score (JsonBuilder *builder, const VaiScore *score, double base_rate)
{
  g_autofree char *relation = vai_verdict_relation (score->win_probability, base_rate);
  vai_json_add_real (builder, "win_probability", score->win_probability);
  vai_json_add_real (builder, "probability_low", score->low);
  vai_json_add_real (builder, "probability_high", score->high);
  vai_json_add_real (builder, "confidence", score->confidence);
  vai_json_add_text (builder, "verdict", vai_verdict_name (score->verdict));
  vai_json_add_text (builder, "relation", relation);
  vai_json_add_integer (builder, "similar", score->n_similar);
  vai_json_add_integer (builder, "similar_won", score->n_similar_won);
}

static void
json_contributions (JsonBuilder *builder, const Explanation *self)
{
  guint n = self->model->schema->features->len;
  json_builder_set_member_name (builder, "contributions");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *value = vai_frame_dup_text (self->frame, 0, i);
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "column", vai_schema_feature (self->model->schema, i)->name);
      vai_json_add_text (builder, "value", value);
      vai_json_add_real (builder, "contribution", self->contributions[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  vai_json_add_real (builder, "base", self->contributions[n]);
  vai_json_add_real (builder, "calibration", self->score.calibration);
}

static void
json_look_alikes (JsonBuilder *builder, const Explanation *self, const char *name, gboolean won)
{
  guint32 rows[LOOK_ALIKES];
  guint n = vai_scorer_look_alikes (self->scorer, self->frame, 0, &self->score, won, LOOK_ALIKES, rows);
  const VaiReference *reference = &self->model->reference;
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "quote", reference->names != NULL ? reference->names[rows[i]] : NULL);
      json_builder_set_member_name (builder, "values");
      json_builder_begin_object (builder);
      for (guint j = 0; j < self->model->schema->features->len; j++)
        {
          g_autofree char *value = vai_frame_dup_text (reference->frame, rows[i], j);
          vai_json_add_text (builder, vai_schema_feature (self->model->schema, j)->name, value);
        }
      json_builder_end_object (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
json_recommendations (JsonBuilder *builder, const Explanation *self)
{
  if (self->recommendations == NULL)
    return;
  json_builder_set_member_name (builder, "recommendations");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->recommendations->len; i++)
    {
      const VaiRecommendation *recommendation = g_ptr_array_index (self->recommendations, i);
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "changes");
      json_builder_begin_array (builder);
      for (guint j = 0; j < recommendation->n_changes; j++)
        {
          const VaiChange *change = &recommendation->changes[j];
          json_builder_begin_object (builder);
          vai_json_add_text (builder, "column", vai_schema_feature (self->model->schema, change->feature)->name);
          vai_json_add_text (builder, "from", change->from);
          vai_json_add_text (builder, "to", change->to);
          json_builder_end_object (builder);
        }
      json_builder_end_array (builder);
      json_score (builder, &recommendation->score, self->model->base_rate);
      vai_json_add_real (builder, "gain", recommendation->gain);
      vai_json_add_real (builder, "cost", recommendation->cost);
      vai_json_add_text (builder, "cost_unit", recommendation->cost_is_money ? "money" : "steps");
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
json_curve (JsonBuilder *builder, const Explanation *self)
{
  if (self->curve == NULL)
    return;
  json_builder_set_member_name (builder, "curve");
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "column", vai_schema_feature (self->model->schema, self->curve->feature)->name);
  vai_json_add_flag (builder, "confounded", self->curve->confounded);
  vai_json_add_real (builder, "confounded_from", self->curve->confounded_from);
  json_builder_set_member_name (builder, "points");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->curve->points->len; i++)
    {
      const VaiCurvePoint *point = &g_array_index (self->curve->points, VaiCurvePoint, i);
      json_builder_begin_object (builder);
      vai_json_add_real (builder, "value", point->x);
      vai_json_add_real (builder, "win_probability", point->score.win_probability);
      vai_json_add_real (builder, "probability_low", point->score.low);
      vai_json_add_real (builder, "probability_high", point->score.high);
      vai_json_add_real (builder, "expected_revenue", point->expected_revenue);
      vai_json_add_real (builder, "expected_margin", point->expected_margin);
      vai_json_add_flag (builder, "supported", point->supported);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static gboolean
print_json (const Explanation *self, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GPtrArray) warnings = vai_scorer_warnings (self->scorer, self->frame, 0);
  json_builder_begin_object (builder);
  json_score (builder, &self->score, self->model->base_rate);
  vai_json_add_real (builder, "base_rate", self->model->base_rate);
  json_contributions (builder, self);
  json_look_alikes (builder, self, "similar_won_quotes", TRUE);
  json_look_alikes (builder, self, "similar_lost_quotes", FALSE);
  json_recommendations (builder, self);
  json_curve (builder, self);
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < warnings->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (warnings, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

/* ---- words ---- */

static void
print_warnings (const Explanation *self)
{
  g_autoptr (GPtrArray) warnings = vai_scorer_warnings (self->scorer, self->frame, 0);
  for (guint i = 0; i < warnings->len; i++)
    vai_print_line ("! %s", (char *) g_ptr_array_index (warnings, i));
}

static void
print_score (const Explanation *self)
{
  const VaiScore *score = &self->score;
  g_autofree char *chance = vai_format_probability (score->win_probability);
  g_autofree char *low = vai_format_probability (score->low);
  g_autofree char *high = vai_format_probability (score->high);
  g_autofree char *relation = vai_verdict_relation (score->win_probability, self->model->base_rate);
  if (score->verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR)
    vai_print_line (_ ("%s: of the past quotes, %u are like it. Its chance would be %s, between %s and %s; do not "
                       "rely on it."),
                    vai_verdict_sentence (score->verdict), score->n_similar, chance, low, high);
  else
    vai_print_line (_ ("%s, between %s and %s. %s; %s."), chance, low, high, vai_verdict_sentence (score->verdict),
                    relation);
  if (score->n_similar > 0)
    vai_print_line (_ ("Tested: %u of %u past quotes like it were won."), score->n_similar_won, score->n_similar);
}

typedef struct
{
  double size;
  guint feature;
} Ranked;

static int
compare_ranked (const void *a, const void *b)
{
  const Ranked *left = a, *right = b;
  if (left->size != right->size)
    return left->size > right->size ? -1 : 1;
  return (int) left->feature - (int) right->feature;
}

static void
print_contributions (const Explanation *self)
{
  guint n = self->model->schema->features->len;
  g_autofree Ranked *ranked = g_new (Ranked, n);
  for (guint i = 0; i < n; i++)
    ranked[i] = (Ranked){ fabs (self->contributions[i]), i };
  qsort (ranked, n, sizeof *ranked, compare_ranked);
  g_autoptr (VaiGrid) grid = vai_grid_new ("llr", _ ("Column"), _ ("Value"), _ ("Log-odds"), NULL);
  g_autofree char *base = g_strdup_printf ("%+.3f", self->contributions[n]);
  vai_grid_add (grid, _ ("Average quote"), "", base, NULL);
  for (guint i = 0; i < n && ranked[i].size > 0; i++)
    {
      g_autofree char *value = vai_frame_is_missing (self->frame, 0, ranked[i].feature)
                                   ? g_strdup (_ ("not given"))
                                   : vai_frame_dup_text (self->frame, 0, ranked[i].feature);
      g_autofree char *number = g_strdup_printf ("%+.3f", self->contributions[ranked[i].feature]);
      vai_grid_add (grid, vai_schema_feature (self->model->schema, ranked[i].feature)->name, value, number, NULL);
    }
  g_autofree char *calibration = g_strdup_printf ("%+.3f", self->score.calibration);
  vai_grid_add (grid, _ ("Calibration"), "", calibration, NULL);
  g_print ("\n");
  vai_grid_print (grid);
}

static void
print_recommendations (const Explanation *self)
{
  if (self->recommendations == NULL)
    return;
  vai_print_line ("\n%s", self->recommendations->len > 0 ? _ ("Cheapest path to yes:")
                          : self->score.n_similar == 0
                              ? _ ("None of your past quotes is like this one: there is no ground to propose a change.")
                          : self->score.win_probability >= self->target
                              ? _ ("It has reached the target already: nothing need change.")
                              : _ ("No change within reach lifts the chance."));
  for (guint i = 0; i < self->recommendations->len; i++)
    {
      const VaiRecommendation *recommendation = g_ptr_array_index (self->recommendations, i);
      g_autoptr (GString) text = g_string_new (NULL);
      for (guint j = 0; j < recommendation->n_changes; j++)
        {
          const VaiChange *change = &recommendation->changes[j];
          g_string_append_printf (text, _ ("%s%s: %s instead of %s"), j > 0 ? "; " : "",
                                  vai_schema_feature (self->model->schema, change->feature)->name, change->to,
                                  *change->from != '\0' ? change->from : _ ("(empty)"));
        }
      g_autofree char *chance = vai_format_probability (recommendation->score.win_probability);
      g_autofree char *points = vai_format_points (recommendation->gain);
      g_autofree char *cost = vai_format_number (recommendation->cost, recommendation->cost_is_money ? 2 : 1);
      vai_print_line (recommendation->cost_is_money ? _ ("  %s → %s (%s points, costs %s)")
                                                    : _ ("  %s → %s (%s points, %s usual steps)"),
                      text->str, chance, points, cost);
      if (vai_recommendation_loses (recommendation))
        {
          g_autofree char *loss = vai_format_number (-recommendation->earnings, 0);
          vai_print_line (recommendation->earnings_are_margin
                              ? _ ("    Not worth it: the expected margin falls by %s.")
                              : _ ("    Not worth it: the expected revenue falls by %s."),
                          loss);
        }
    }
}

/* What only a model that knows prices and costs can say has its column then. */
static void
print_curve (const Explanation *self)
{
  if (self->curve == NULL)
    return;
  const GArray *points = self->curve->points;
  gboolean has_revenue = FALSE, has_margin = FALSE;
  for (guint i = 0; i < points->len; i++)
    {
      has_revenue |= isfinite (g_array_index (points, VaiCurvePoint, i).expected_revenue);
      has_margin |= isfinite (g_array_index (points, VaiCurvePoint, i).expected_margin);
    }
  const char *titles[6] = { vai_schema_feature (self->model->schema, self->curve->feature)->name, _ ("Chance") };
  guint n = 2;
  if (has_revenue)
    titles[n++] = _ ("Revenue");
  if (has_margin)
    titles[n++] = _ ("Margin");
  titles[n] = "";
  g_autoptr (VaiGrid) grid
      = vai_grid_new (&"rrrrl"[4 - n], titles[0], titles[1], titles[2], titles[3], titles[4], NULL);
  for (guint i = 0; i < points->len; i++)
    {
      const VaiCurvePoint *point = &g_array_index (points, VaiCurvePoint, i);
      g_autofree char *x = g_strdup_printf ("%g", point->x);
      g_autofree char *chance = vai_format_probability (point->score.win_probability);
      g_autofree char *revenue
          = isfinite (point->expected_revenue) ? vai_format_number (point->expected_revenue, 0) : g_strdup ("");
      g_autofree char *margin
          = isfinite (point->expected_margin) ? vai_format_number (point->expected_margin, 0) : g_strdup ("");
      const char *cells[6] = { x, chance };
      n = 2;
      if (has_revenue)
        cells[n++] = revenue;
      if (has_margin)
        cells[n++] = margin;
      cells[n] = point->supported ? "" : _ ("no similar quotes");
      vai_grid_add (grid, cells[0], cells[1], cells[2], cells[3], cells[4], NULL);
    }
  g_print ("\n");
  vai_grid_print (grid);
  if (self->curve->confounded)
    vai_print_line ("! %s", _ ("Past discounts went mostly to hard deals: the real effect may be stronger."));
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (ExplainWords) words = { .target = NAN };
  g_auto (GStrv) names = NULL;
  g_autofree char *target = NULL;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "set", G_OPTION_ARG_STRING_ARRAY, &words.set, N_ ("A fact of the quote"), N_ ("COL=VALUE"));
  vai_entries_add (entries, "recommend", G_OPTION_ARG_STRING_ARRAY, &words.recommend,
                   N_ ("Columns that may change: find the cheapest path to yes"), N_ ("COL[,COL]"));
  vai_entries_add (entries, "lock", G_OPTION_ARG_STRING_ARRAY, &words.lock, N_ ("Columns that never move"),
                   N_ ("COL[,COL]"));
  vai_entries_add (entries, "cost", G_OPTION_ARG_STRING_ARRAY, &words.cost,
                   N_ ("What one usual step of a column costs"), N_ ("COL=NUMBER"));
  vai_entries_add (entries, "target", G_OPTION_ARG_STRING, &target, N_ ("Chance to reach, 0 to 1"), N_ ("NUMBER"));
  vai_entries_add (entries, "curve", G_OPTION_ARG_STRING, &words.curve, N_ ("How the chance moves with a column"),
                   N_ ("COL"));
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &words.workspace,
                   N_ ("Another workspace than the usual one"), N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &words.json, N_ ("One JSON document on standard output"), NULL);
  if (!vai_cli_parse (&vai_command_explain, vai_entries_end (entries), argc, argv, 1, 0, &names, error))
    return FALSE;
  if (target != NULL && !read_target (target, &words.target, error))
    return FALSE;
  g_auto (Explanation) explanation = { 0 };
  explanation.model = vai_cli_load_model (names[0], words.workspace, NULL, error);
  if (explanation.model == NULL || !explain (&explanation, &words, error))
    return FALSE;
  if (words.json)
    return print_json (&explanation, error);
  /* Where too little is known, that comes before any number. */
  gboolean unknown = explanation.score.verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR;
  if (unknown)
    print_warnings (&explanation);
  print_score (&explanation);
  if (!unknown)
    print_warnings (&explanation);
  print_contributions (&explanation);
  print_recommendations (&explanation);
  print_curve (&explanation);
  return TRUE;
}

const VaiCommand vai_command_explain = {
  .name = "explain",
  .arguments = "MODEL.valutai|@MODEL",
  .summary = N_ ("Say why one quote gets its chance, and what would change it"),
  .run = run,
};
