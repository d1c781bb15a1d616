#include "vai-print-model.h"

#include "vai-format.h"
#include "vai-json-build.h"
#include "vai-model-measure.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

/* Columns shown to people; --json has all. */
#define IMPORTANCE_SHOWN_MAX 10

static void
json_metrics (JsonBuilder *builder, const char *name, const VaiMetrics *metrics)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
  vai_json_add_integer (builder, "rows", metrics->n);
  vai_json_add_integer (builder, "won", metrics->n_won);
  vai_json_add_real (builder, "threshold", metrics->threshold);
  for (guint i = 0; i < VAI_N_METRICS; i++)
    {
      json_builder_set_member_name (builder, vai_metric_name (i));
      json_builder_begin_object (builder);
      vai_json_add_real (builder, "value", metrics->value[i]);
      vai_json_add_real (builder, "low", metrics->low[i]);
      vai_json_add_real (builder, "high", metrics->high[i]);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
json_columns (JsonBuilder *builder, const VaiModel *model)
{
  json_builder_set_member_name (builder, "feature_importance");
  json_builder_begin_object (builder);
  for (guint i = 0; i < model->schema->features->len; i++)
    vai_json_add_real (builder, vai_schema_feature (model->schema, i)->name, model->importance[i]);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "permutation_importance");
  json_builder_begin_object (builder);
  for (guint i = 0; i < model->schema->features->len; i++)
    vai_json_add_real (builder, vai_schema_feature (model->schema, i)->name,
                       model->permutation != NULL ? model->permutation[i] : NAN);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "ignored");
  json_builder_begin_array (builder);
  for (guint i = 0; i < model->ignored->len; i++)
    {
      const VaiRemark *ignored = g_ptr_array_index (model->ignored, i);
      g_autofree char *reason = vai_remark_words (ignored);
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "column", ignored->subject);
      vai_json_add_text (builder, "reason", reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
json_validation (JsonBuilder *builder, const VaiModel *model)
{
  json_builder_set_member_name (builder, "validation");
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "scheme", model->validation);
  vai_json_add_integer (builder, "folds", model->folds);
  vai_json_add_integer (builder, "repeats", model->repeats);
  vai_json_add_integer (builder, "rows", model->at_half.n);
  json_builder_end_object (builder);
}

static void
json_members (JsonBuilder *builder, const VaiModel *model)
{
  json_builder_set_member_name (builder, "members");
  json_builder_begin_array (builder);
  for (guint i = 0; i < model->members->len; i++)
    {
      VaiMember *member = g_ptr_array_index (model->members, i);
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "algorithm", vai_algorithm_name (vai_member_get_hyperparameters (member)->algorithm));
      vai_json_add_real (builder, "weight", model->weights[i]);
      json_builder_set_member_name (builder, "hyperparameters");
      json_builder_add_value (builder, vai_hyperparameters_to_json (vai_member_get_hyperparameters (member)));
      vai_json_add_integer (builder, "trees", vai_member_get_n_trees (member));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

void
vai_json_model (JsonBuilder *builder, const VaiModel *model)
{
  vai_json_add_text (builder, "algorithm", vai_algorithm_name (model->algorithm));
  vai_json_add_text (builder, "algorithm_chosen", vai_algorithm_name (model->chosen));
  json_members (builder, model);
  vai_json_add_integer (builder, "decided_rows", model->n_rows);
  vai_json_add_integer (builder, "won_rows", model->n_won);
  vai_json_add_integer (builder, "open_rows", model->n_open);
  json_validation (builder, model);
  json_metrics (builder, "metrics", &model->at_half);
  json_metrics (builder, "metrics_at_threshold", &model->at_threshold);
  json_metrics (builder, "baseline", &model->baseline);
  json_builder_set_member_name (builder, "against_baseline");
  json_builder_begin_object (builder);
  vai_json_add_real (builder, "log_loss_difference", model->against_baseline.difference);
  vai_json_add_real (builder, "low", model->against_baseline.low);
  vai_json_add_real (builder, "high", model->against_baseline.high);
  vai_json_add_real (builder, "p_value", model->against_baseline.p_value);
  json_builder_end_object (builder);
  vai_json_add_flag (builder, "has_signal", model->has_signal);
  vai_json_add_real (builder, "threshold", model->threshold);
  vai_json_add_real (builder, "base_rate", model->base_rate);
  vai_json_add_text (builder, "calibration", vai_calibration_name (vai_calibrator_get_kind (model->calibrator)));
  json_columns (builder, model);
  json_builder_set_member_name (builder, "warnings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < model->warnings->len; i++)
    {
      g_autofree char *words = vai_remark_words (g_ptr_array_index (model->warnings, i));
      json_builder_add_string_value (builder, words);
    }
  json_builder_end_array (builder);
  vai_json_add_integer (builder, "seed", model->seed);
  vai_json_add_text (builder, "data_fingerprint", model->data_fingerprint);
}

/* Words first: what a manager asks. */
static void
print_headline (const VaiModel *model)
{
  if (!model->has_signal)
    {
      vai_print_line (_ ("It does not beat guessing: nothing in these columns tells won from lost. Every quote gets "
                         "about the average, %.0f%%."),
                      model->base_rate * 100);
      return;
    }
  int likely = (int) floor (10 * model->at_half.value[VAI_METRIC_PRECISION] + 0.5);
  vai_print_line (_ ("Of ten quotes it gives 50%% or more, %d are won; picking any ten, %d are."), likely,
                  (int) floor (10 * model->base_rate + 0.5));
  vai_print_line (_ ("Shown a won and a lost quote, it puts the won one first %.0f times in 100; guessing, 50."),
                  model->at_half.value[VAI_METRIC_AUC_ROC] * 100);
}

static void
print_metrics (const VaiModel *model)
{
  /* xgettext:no-c-format */
  const char *interval_title = _ ("95% interval");
  g_autoptr (VaiGrid) grid = vai_grid_new ("lrlr", _ ("Metric"), _ ("Value"), interval_title, _ ("Guessing"), NULL);
  for (guint i = 0; i < VAI_N_METRICS; i++)
    {
      g_autofree char *value = g_strdup_printf ("%.3f", model->at_half.value[i]);
      g_autofree char *interval = g_strdup_printf ("%.3f – %.3f", model->at_half.low[i], model->at_half.high[i]);
      double guess = vai_model_guess (model, i);
      g_autofree char *guessing = isfinite (guess) ? g_strdup_printf ("%.3f", guess) : g_strdup (_ ("not comparable"));
      vai_grid_add (grid, vai_metric_name (i), value, interval, guessing, NULL);
    }
  vai_grid_print (grid);
}

typedef struct
{
  double share;
  guint feature;
} Ranked;

static int
compare_ranked (const void *a, const void *b)
{
  const Ranked *left = a, *right = b;
  if (left->share != right->share)
    return left->share > right->share ? -1 : 1;
  return (int) left->feature - (int) right->feature;
}

static void
print_importance (const VaiModel *model)
{
  guint n = model->schema->features->len;
  g_autofree Ranked *ranked = g_new (Ranked, n);
  for (guint i = 0; i < n; i++)
    ranked[i] = (Ranked){ model->importance[i], i };
  qsort (ranked, n, sizeof *ranked, compare_ranked);
  vai_print_line ("\n%s", _ ("What it looks at:"));
  g_autoptr (VaiGrid) grid = vai_grid_new ("lr", _ ("Column"), _ ("Share"), NULL);
  for (guint i = 0; i < n && i < IMPORTANCE_SHOWN_MAX && ranked[i].share > 0; i++)
    {
      g_autofree char *share = vai_format_probability (ranked[i].share);
      vai_grid_add (grid, vai_schema_feature (model->schema, ranked[i].feature)->name, share, NULL);
    }
  vai_grid_print (grid);
}

void
vai_print_model (const VaiModel *model)
{
  print_headline (model);
  vai_print_line (_ ("Learned from %zu decided quotes, %zu of them won; tested by %s on %zu that it had not seen.\n"),
                  model->n_rows, model->n_won,
                  g_str_equal (model->validation, "walk-forward") ? _ ("date") : _ ("cross-validation"),
                  model->at_half.n);
  print_metrics (model);
  print_importance (model);
  if (model->ignored->len > 0)
    vai_print_line ("\n%s", _ ("Left out:"));
  for (guint i = 0; i < model->ignored->len; i++)
    {
      const VaiRemark *ignored = g_ptr_array_index (model->ignored, i);
      g_autofree char *reason = vai_remark_words (ignored);
      vai_print_line ("  %s: %s", ignored->subject, reason);
    }
  for (guint i = 0; i < model->warnings->len; i++)
    {
      g_autofree char *words = vai_remark_words (g_ptr_array_index (model->warnings, i));
      vai_print_line ("%s%s", i == 0 ? "\n! " : "! ", words);
    }
}
