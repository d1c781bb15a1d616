#include "vai-cli-store.h"
#include "vai-job-train.h"
#include "vai-json-build.h"
#include "vai-print-model.h"
#include "vai-print-quotes.h"
#include "vai-quote-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* No number of folds that a person can mean. */
#define FOLDS_NOT_GIVEN G_MININT

typedef struct
{
  VaiQuoteWords quotes;
  char *algorithm, *effort, *output, *workspace, *name;
  GStrv parameters, monotone;
  int folds, threads;
  gint64 seed;
  gboolean keep, json;
} TrainWords;

static void
train_words_clear (TrainWords *self)
{
  vai_quote_words_clear (&self->quotes);
  g_free (self->algorithm);
  g_free (self->effort);
  g_free (self->output);
  g_free (self->workspace);
  g_free (self->name);
  g_strfreev (self->parameters);
  g_strfreev (self->monotone);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TrainWords, train_words_clear)

static GArray *
make_entries (TrainWords *words)
{
  GArray *entries = vai_quote_words_entries (&words->quotes, VAI_WORDS_MEANING);
  vai_entries_add (entries, "algorithm", G_OPTION_ARG_STRING, &words->algorithm,
                   N_ ("auto (default), logistic, boosted-trees, random-forest, additive or baseline"), N_ ("NAME"));
  vai_entries_add (entries, "effort", G_OPTION_ARG_STRING, &words->effort, N_ ("quick, normal (default) or thorough"),
                   N_ ("NAME"));
  vai_entries_add (entries, "param", G_OPTION_ARG_STRING_ARRAY, &words->parameters,
                   N_ ("Hyperparameter of the algorithm"), N_ ("NAME=VALUE"));
  vai_entries_add (entries, "monotone", G_OPTION_ARG_STRING_ARRAY, &words->monotone,
                   N_ ("Column whose growth may only raise (+) or lower (-) the chance"), N_ ("COL=+|-"));
  vai_entries_add (entries, "folds", G_OPTION_ARG_INT, &words->folds, N_ ("Parts of the cross-validation (default 5)"),
                   N_ ("N"));
  vai_entries_add (entries, "seed", G_OPTION_ARG_INT64, &words->seed, N_ ("Same data and seed, same model (default 1)"),
                   N_ ("N"));
  vai_entries_add (entries, "threads", G_OPTION_ARG_INT, &words->threads, N_ ("Processors to use (default all)"),
                   N_ ("N"));
  vai_entries_add (entries, "output", G_OPTION_ARG_FILENAME, &words->output, N_ ("Model file to write"),
                   N_ ("MODEL.valutai"));
  vai_entries_add (entries, "keep", G_OPTION_ARG_NONE, &words->keep, N_ ("Keep the model in the workspace"), NULL);
  vai_entries_add (entries, "name", G_OPTION_ARG_STRING, &words->name, N_ ("Its name there"), N_ ("NAME"));
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &words->workspace,
                   N_ ("Another workspace than the usual one"), N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &words->json, N_ ("One JSON document on standard output"), NULL);
  return entries;
}

static gboolean
read_effort (const char *text, VaiEffort *effort, GError **error)
{
  static const char *const names[] = { "quick", "normal", "thorough" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (text, names[i]))
      {
        *effort = i;
        return TRUE;
      }
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s cannot be “%s”: it is one of %s."), "--effort", text,
               "quick, normal, thorough");
  return FALSE;
}

static gboolean
read_monotone (GStrv words, GHashTable *monotone, GError **error)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autofree char *column = NULL;
      g_autofree char *sign = NULL;
      if (!vai_cli_split_pair (words[i], TRUE, "COL=+|-", &column, &sign, error))
        return FALSE;
      if (!g_str_equal (sign, "+") && !g_str_equal (sign, "-"))
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is not of the form %s."), words[i], "COL=+|-");
          return FALSE;
        }
      g_hash_table_insert (monotone, g_steal_pointer (&column), GINT_TO_POINTER (sign[0] == '+' ? 1 : -1));
    }
  return TRUE;
}

static gboolean
read_train_options (const TrainWords *words, VaiTrainOptions *options, GError **error)
{
  if (words->algorithm != NULL && !vai_algorithm_from_name (words->algorithm, &options->algorithm))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s cannot be “%s”: it is one of %s."), "--algorithm",
                   words->algorithm, "auto, logistic, boosted-trees, random-forest, additive, baseline");
      return FALSE;
    }
  if (words->effort != NULL && !read_effort (words->effort, &options->effort, error))
    return FALSE;
  if (words->folds != FOLDS_NOT_GIVEN && (words->folds < 2 || words->folds > VAI_TRAIN_FOLDS_MAX))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("--folds cannot be %d: it is between 2 and %d."), words->folds,
                   VAI_TRAIN_FOLDS_MAX);
      return FALSE;
    }
  if (words->seed < 0 || words->threads < 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s cannot be less than %d."),
                   words->seed < 0 ? "--seed" : "--threads", 0);
      return FALSE;
    }
  for (guint i = 0; words->parameters != NULL && words->parameters[i] != NULL; i++)
    g_ptr_array_add (options->parameters, g_strdup (words->parameters[i]));
  options->folds = words->folds != FOLDS_NOT_GIVEN ? words->folds : 0;
  options->by_date = words->quotes.date != NULL;
  options->seed = words->seed;
  options->threads = words->threads;
  return read_monotone (words->monotone, options->monotone, error);
}

static void
json_seconds (JsonBuilder *builder, VaiJob *job)
{
  const GPtrArray *phases = vai_job_get_phases (job);
  json_builder_set_member_name (builder, "seconds");
  json_builder_begin_object (builder);
  for (guint i = 0; i < phases->len; i++)
    {
      const char *phase = g_ptr_array_index (phases, i);
      const double *seconds = g_hash_table_lookup (vai_job_get_seconds (job), phase);
      vai_json_add_real (builder, phase, seconds != NULL ? *seconds : 0);
    }
  json_builder_end_object (builder);
}

static gboolean
print_json (VaiJobTrain *job, const char *output, GError **error)
{
  VaiQuotes *quotes = vai_job_train_get_quotes (job);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_integer (builder, "rows", quotes->table->n_rows);
  vai_json_add_integer (builder, "rejected_rows", quotes->import != NULL ? (gint64) quotes->import->n_rejected : 0);
  vai_json_add_integer (builder, "columns", quotes->table->columns->len);
  json_builder_set_member_name (builder, "acted");
  json_builder_begin_array (builder);
  for (guint i = 0; i < quotes->acted->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (quotes->acted, i));
  json_builder_end_array (builder);
  vai_json_model (builder, vai_job_train_get_model (job));
  json_seconds (builder, VAI_JOB (job));
  vai_json_add_integer (builder, "peak_memory_bytes", vai_job_get_peak_memory (VAI_JOB (job)));
  vai_json_add_text (builder, "model_sha256", vai_job_train_get_fingerprint (job));
  vai_json_add_text (builder, "model_id", vai_job_train_get_model_id (job));
  vai_json_add_text (builder, "output", output);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static void
print_text (VaiJobTrain *job, const char *output)
{
  VaiQuotes *quotes = vai_job_train_get_quotes (job);
  for (guint i = 0; i < quotes->acted->len; i++)
    vai_print_line (_ ("Acted upon: %s"), (char *) g_ptr_array_index (quotes->acted, i));
  vai_print_model (vai_job_train_get_model (job));
  g_print ("\n");
  if (output != NULL)
    vai_print_line (_ ("Model written to %s"), output);
  if (vai_job_train_get_model_id (job) != NULL)
    vai_print_line (_ ("Model kept in the workspace as %s"), vai_job_train_get_model_id (job));
  vai_print_line (_ ("Its fingerprint: %s"), vai_job_train_get_fingerprint (job));
}

/* What "@NAME" means is looked up in the workspace. */
static gboolean
set_source (VaiQuotesOptions *options, VaiStore *store, const char *word, GError **error)
{
  const char *name = vai_cli_object_name (word);
  if (name == NULL)
    return TRUE;
  g_clear_pointer (&options->path, g_free);
  options->dataset_id = vai_store_resolve (store, VAI_OBJECT_DATASET, name, error);
  return options->dataset_id != NULL;
}

static gboolean
train (const TrainWords *words, const char *source, GError **error)
{
  g_autoptr (VaiStore) store = NULL;
  gboolean from_store = vai_cli_object_name (source) != NULL;
  if (words->keep || from_store)
    {
      store = vai_cli_open_store (words->workspace, from_store ? VAI_STORE_EXISTING : VAI_STORE_CREATE, error);
      if (store == NULL)
        return FALSE;
    }
  g_autoptr (VaiJobTrain) job = vai_job_train_new (store);
  VaiQuotesOptions *quotes = vai_job_train_get_quotes_options (job);
  if (!vai_quote_words_to_quotes (&words->quotes, source, quotes, error) || !set_source (quotes, store, source, error)
      || !read_train_options (words, vai_job_train_get_options (job), error))
    return FALSE;
  vai_job_train_set_output (job, words->output);
  vai_job_train_set_name (job, words->name);
  vai_job_train_set_keep (job, words->keep);
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
  g_auto (TrainWords) words = { .folds = FOLDS_NOT_GIVEN, .seed = 1 };
  g_auto (GStrv) source = NULL;
  g_autoptr (GArray) entries = make_entries (&words);
  if (!vai_cli_parse (&vai_command_train, vai_entries_end (entries), argc, argv, 1, 0, &source, error))
    return FALSE;
  if (words.output == NULL && !words.keep)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("Say where the model goes: --output MODEL.valutai, or --keep for the workspace."));
      return FALSE;
    }
  return train (&words, source[0], error);
}

const VaiCommand vai_command_train = {
  .name = "train",
  .arguments = "FILE|@DATASET",
  .summary = N_ ("Learn from past quotes which will be won"),
  .details
  = N_ ("With --date the model is tested on quotes opened after those it learned from; else by cross-validation.\n"
        "A comma inside a name or value is written “\\,”."),
  .run = run,
};
