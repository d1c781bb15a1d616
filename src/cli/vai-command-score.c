#include "vai-cli-store.h"
#include "vai-format.h"
#include "vai-job-score.h"
#include "vai-json-build.h"
#include "vai-print.h"
#include "vai-quote-words.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  VaiQuoteWords quotes;
  char *output, *workspace;
  gboolean contributions, keep, json;
  int threads;
} ScoreWords;

static void
score_words_clear (ScoreWords *self)
{
  vai_quote_words_clear (&self->quotes);
  g_free (self->output);
  g_free (self->workspace);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ScoreWords, score_words_clear)

static const VaiVerdict best_first[]
    = { VAI_VERDICT_VERY_LIKELY, VAI_VERDICT_LIKELY,        VAI_VERDICT_TOO_CLOSE,
        VAI_VERDICT_UNLIKELY,    VAI_VERDICT_VERY_UNLIKELY, VAI_VERDICT_NOT_ENOUGH_SIMILAR };
G_STATIC_ASSERT (G_N_ELEMENTS (best_first) == VAI_N_VERDICTS);

static void
json_texts_of (JsonBuilder *builder, const char *name, const GPtrArray *texts)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; texts != NULL && i < texts->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (texts, i));
  json_builder_end_array (builder);
}

static gboolean
print_json (VaiJobScore *job, const char *output, GError **error)
{
  const VaiScoreResult *result = vai_job_score_get_result (job);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_integer (builder, "rows", result->n_rows);
  vai_json_add_integer (builder, "scored", result->n_scored);
  vai_json_add_integer (builder, "not_scored", result->n_not_scored);
  vai_json_add_real (builder, "mean_probability", result->mean_probability);
  vai_json_add_real (builder, "base_rate", vai_job_score_get_model (job)->base_rate);
  json_builder_set_member_name (builder, "verdicts");
  json_builder_begin_object (builder);
  for (guint i = 0; i < G_N_ELEMENTS (best_first); i++)
    vai_json_add_integer (builder, vai_verdict_name (best_first[i]), result->n_verdicts[best_first[i]]);
  json_builder_end_object (builder);
  json_texts_of (builder, "missing_features", result->missing);
  json_texts_of (builder, "renamed_columns", result->renamed);
  vai_json_add_text (builder, "batch_id", result->batch_id);
  vai_json_add_text (builder, "output", output);
  vai_json_add_integer (builder, "peak_memory_bytes", vai_job_get_peak_memory (VAI_JOB (job)));
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static void
print_text (VaiJobScore *job, const char *output)
{
  const VaiScoreResult *result = vai_job_score_get_result (job);
  g_autofree char *mean = vai_format_probability (result->mean_probability);
  g_autofree char *base = vai_format_probability (vai_job_score_get_model (job)->base_rate);
  vai_print_line (ngettext ("%" PRIu64 " quote scored; %s to be won, as against %s of the past ones.",
                            "%" PRIu64 " quotes scored; on average %s to be won, as against %s of the past ones.",
                            result->n_scored),
                  result->n_scored, mean, base);
  for (guint i = 0; i < G_N_ELEMENTS (best_first); i++)
    if (result->n_verdicts[best_first[i]] > 0)
      vai_print_line ("  %s: %" PRIu64, vai_verdict_sentence (best_first[i]), result->n_verdicts[best_first[i]]);
  if (result->n_not_scored > 0)
    vai_print_line (ngettext ("%" PRIu64 " row could not be scored; the column “note” says why.",
                              "%" PRIu64 " rows could not be scored; the column “note” says why.",
                              result->n_not_scored),
                    result->n_not_scored);
  for (guint i = 0; result->missing != NULL && i < result->missing->len; i++)
    vai_print_line (_ ("! The file has no column “%s”: scored as if it were empty everywhere."),
                    (char *) g_ptr_array_index (result->missing, i));
  if (output != NULL)
    vai_print_line (_ ("Written to %s"), output);
  if (result->batch_id != NULL)
    vai_print_line (_ ("Kept in the workspace as batch %s"), result->batch_id);
}

static char *
resolve (VaiStore *store, VaiObject object, const char *name, GError **error)
{
  return vai_store_resolve (store, object, name, error);
}

/* Files are paths, "@NAME" is of the workspace. */
static gboolean
fill_sources (VaiScoreOptions *options, VaiStore *store, const char *model, const char *quotes, GError **error)
{
  const char *model_name = vai_cli_object_name (model), *dataset_name = vai_cli_object_name (quotes);
  if (model_name == NULL)
    options->model_path = g_strdup (model);
  else if ((options->model_id = resolve (store, VAI_OBJECT_MODEL, model_name, error)) == NULL)
    return FALSE;
  if (dataset_name == NULL)
    options->path = g_strdup (quotes);
  else if ((options->dataset_id = resolve (store, VAI_OBJECT_DATASET, dataset_name, error)) == NULL)
    return FALSE;
  return TRUE;
}

static gboolean
score (const ScoreWords *words, const char *model, const char *quotes, GError **error)
{
  g_autoptr (VaiStore) store = NULL;
  if (words->keep || vai_cli_object_name (model) != NULL || vai_cli_object_name (quotes) != NULL)
    {
      store = vai_cli_open_store (words->workspace, VAI_STORE_EXISTING, error);
      if (store == NULL)
        return FALSE;
    }
  g_autoptr (VaiJobScore) job = vai_job_score_new (store);
  VaiScoreOptions *options = vai_job_score_get_options (job);
  if (!fill_sources (options, store, model, quotes, error)
      || !vai_quote_words_to_import (&words->quotes, &options->import, error))
    return FALSE;
  options->output = g_strdup (words->output);
  options->contributions = words->contributions;
  options->keep = words->keep;
  if (words->threads < 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s cannot be less than 0."), "--threads");
      return FALSE;
    }
  options->threads = words->threads;
  g_autoptr (VaiProgressLine) line = vai_progress_line_start (vai_job_get_progress (VAI_JOB (job)));
  if (!vai_job_run (VAI_JOB (job), NULL, error))
    return FALSE;
  g_clear_pointer (&line, vai_progress_line_stop);
  if (words->json)
    return print_json (job, words->output, error);
  print_text (job, words->output);
  return TRUE;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (ScoreWords) words = { 0 };
  g_auto (GStrv) names = NULL;
  g_autoptr (GArray) entries = vai_quote_words_entries (&words.quotes, VAI_WORDS_READING);
  vai_entries_add (entries, "output", G_OPTION_ARG_FILENAME, &words.output,
                   N_ ("File to write, with every input row and column"), N_ ("OUT.csv|.xlsx"));
  vai_entries_add (entries, "contributions", G_OPTION_ARG_NONE, &words.contributions,
                   N_ ("Add what each column contributes, in log-odds"), NULL);
  vai_entries_add (entries, "keep", G_OPTION_ARG_NONE, &words.keep, N_ ("Keep the predictions in the workspace"), NULL);
  vai_entries_add (entries, "threads", G_OPTION_ARG_INT, &words.threads, N_ ("Processors to use (default all)"),
                   N_ ("N"));
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &words.workspace,
                   N_ ("Another workspace than the usual one"), N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &words.json, N_ ("One JSON document on standard output"), NULL);
  if (!vai_cli_parse (&vai_command_score, vai_entries_end (entries), argc, argv, 2, 0, &names, error))
    return FALSE;
  if (words.output == NULL && !words.keep)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("Say where the scores go: --output OUT.csv, or --keep for the workspace."));
      return FALSE;
    }
  return score (&words, names[0], names[1], error);
}

const VaiCommand vai_command_score = {
  .name = "score",
  .arguments = "MODEL.valutai|@MODEL FILE|@DATASET",
  .summary = N_ ("Give every quote of a file its chance to be won"),
  .run = run,
};
