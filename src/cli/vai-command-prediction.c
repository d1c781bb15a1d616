#include "vai-command-objects.h"
#include "vai-format.h"
#include "vai-job-outcome.h"
#include "vai-json-build.h"
#include "vai-quote-words.h"

#include <inttypes.h>
#include <glib/gi18n-lib.h>

static const char *
verdict_word (const char *name)
{
  VaiVerdict verdict = vai_verdict_from_name (name);
  return verdict < VAI_N_VERDICTS ? vai_verdict_sentence (verdict) : "";
}

static void
print_list (const GPtrArray *rows)
{
  g_autoptr (VaiGrid) grid
      = vai_grid_new ("llrlll", _ ("Id"), _ ("Quote"), _ ("Chance"), _ ("Verdict"), _ ("Outcome"), _ ("Made"), NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const VaiPredictionRow *row = g_ptr_array_index (rows, i);
      g_autofree char *chance = vai_format_probability (row->win_probability);
      g_autofree char *made = vai_print_dup_time (row->created_at);
      vai_grid_add (grid, row->id, row->quote_ref != NULL ? row->quote_ref : "", chance, verdict_word (row->verdict),
                    vai_print_outcome_word (row->outcome), made, NULL);
    }
  vai_grid_print (grid);
}

static gboolean
list (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autofree char *model = NULL, *quote = NULL, *outcome = NULL;
  gboolean deleted = FALSE;
  int most = 100;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "model", G_OPTION_ARG_STRING, &model, N_ ("Only of this model"), N_ ("NAME|ID"));
  vai_entries_add (entries, "quote", G_OPTION_ARG_STRING, &quote, N_ ("Only of this quote"), N_ ("REF"));
  vai_entries_add (entries, "outcome", G_OPTION_ARG_STRING, &outcome, N_ ("Only won, lost or none"), N_ ("OUTCOME"));
  vai_entries_add (entries, "most", G_OPTION_ARG_INT, &most, N_ ("At most so many, newest first (default 100; 0: all)"),
                   N_ ("N"));
  vai_entries_add (entries, "deleted", G_OPTION_ARG_NONE, &deleted, N_ ("Those in the trash"), NULL);
  if (!vai_object_words_parse (&words, "prediction list", "", N_ ("List the predictions of the workspace"), entries, 0,
                               0, VAI_STORE_READ_ONLY, argc, argv, error))
    return FALSE;
  if (most < 0)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s cannot be less than 0."), "--most");
      return FALSE;
    }
  g_autofree char *model_id = NULL;
  if (model != NULL && (model_id = vai_store_resolve (words.store, VAI_OBJECT_MODEL, model, error)) == NULL)
    return FALSE;
  VaiPredictionQuery query = { .model_id = model_id, .quote_ref = quote, .outcome = outcome, .deleted = deleted };
  /* One more than is shown tells whether there are more. */
  query.n_max = most > 0 ? (guint) most + 1 : 0;
  g_autoptr (GPtrArray) rows = vai_store_list_predictions (words.store, &query, error);
  if (rows == NULL)
    return FALSE;
  gboolean more = most > 0 && rows->len > (guint) most;
  if (more)
    g_ptr_array_set_size (rows, most);
  if (words.json)
    return vai_print_rows_json (&vai_prediction_row_kind, rows, error);
  print_list (rows);
  if (more)
    vai_print_line (_ ("There are more: these are the newest %d. --most 0 lists all."), most);
  return TRUE;
}

static gpointer
get_prediction (VaiStore *store, const char *id, GError **error)
{
  return vai_store_get_prediction (store, id, error);
}

static gboolean
print_outcome (VaiJobOutcome *job, gboolean json, GError **error)
{
  guint64 changed = vai_job_outcome_get_n_changed (job), unknown = vai_job_outcome_get_n_unknown (job);
  if (!json)
    {
      vai_print_line (
          ngettext ("%" PRIu64 " prediction has its outcome.", "%" PRIu64 " predictions have their outcome.", changed),
          changed);
      if (unknown > 0)
        vai_print_line (ngettext ("%" PRIu64 " decided quote of the file had not been scored.",
                                  "%" PRIu64 " decided quotes of the file had not been scored.", unknown),
                        unknown);
      return TRUE;
    }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_integer (builder, "changed", changed);
  vai_json_add_integer (builder, "unknown", unknown);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static gboolean
outcome (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_auto (VaiQuoteWords) quotes = { 0 };
  g_autofree char *from = NULL, *key = NULL;
  g_autoptr (GArray) entries = vai_quote_words_entries (&quotes, VAI_WORDS_MEANING);
  vai_entries_add (entries, "from", G_OPTION_ARG_FILENAME, &from, N_ ("Record the outcomes of all quotes of a file"),
                   N_ ("FILE"));
  vai_entries_add (entries, "key", G_OPTION_ARG_STRING, &key, N_ ("Its column with the quote's identifier; else found"),
                   N_ ("COL"));
  if (!vai_object_words_parse (&words, "prediction outcome", "[ID|QUOTE won|lost|none]",
                               N_ ("Record what became of quotes"), entries, 0, 2, VAI_STORE_EXISTING, argc, argv,
                               error))
    return FALSE;
  guint n = g_strv_length (words.words);
  if ((from == NULL) != (n == 2))
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("Give a quote and won, lost or none; or --from FILE."));
      return FALSE;
    }
  g_autoptr (VaiJobOutcome) job = vai_job_outcome_new (words.store);
  VaiOutcomeOptions *options = vai_job_outcome_get_options (job);
  if (from != NULL && !vai_quote_words_to_quotes (&quotes, from, &options->quotes, error))
    return FALSE;
  options->ref_column = g_strdup (key);
  options->ref = n == 2 ? g_strdup (words.words[0]) : NULL;
  options->outcome = n == 2 ? g_strdup (words.words[1]) : NULL;
  return vai_job_run (VAI_JOB (job), NULL, error) && print_outcome (job, words.json, error);
}

static const VaiSubcommand subcommands[] = {
  { "list", "", N_ ("List the predictions of the workspace"), list },
  { "outcome", "ID|QUOTE won|lost|none, or --from FILE", N_ ("Record what became of quotes"), outcome },
  { 0 },
};

static const VaiObjectForm object_form = {
  .object = VAI_OBJECT_PREDICTION,
  .kind = &vai_prediction_row_kind,
  .show_summary = N_ ("Say all that is known of a prediction"),
  .get = get_prediction,
};

static gboolean
run (int argc, char **argv, GError **error)
{
  return vai_subcommands_run (&vai_command_prediction, &object_form, subcommands, argc, argv, error);
}

const VaiCommand vai_command_prediction = {
  .name = "prediction",
  .arguments = "list|show|outcome|delete|restore|purge",
  .summary = N_ ("Look at past scores and record what became of them"),
  .run = run,
};
