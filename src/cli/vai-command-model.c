#include "vai-command-objects.h"
#include "vai-card.h"
#include "vai-error.h"
#include "vai-format.h"
#include "vai-json-build.h"
#include "vai-model-compare.h"
#include "vai-model-measure.h"
#include "vai-model-row.h"
#include "vai-output.h"
#include "vai-print-model.h"
#include "vai-quote-words.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static void
json_schema (JsonBuilder *builder, const VaiModel *model)
{
  json_builder_set_member_name (builder, "schema");
  json_builder_add_value (builder, vai_schema_to_json (model->schema));
}

/* The threshold that was chosen for a model of the workspace stands in its row; the file keeps that of the training. */
static gboolean
take_threshold (VaiModel *model, const char *name, const char *workspace, GError **error)
{
  g_autoptr (VaiStore) store = vai_cli_open_store (workspace, VAI_STORE_READ_ONLY, error);
  g_autofree char *id = store != NULL ? vai_store_resolve (store, VAI_OBJECT_MODEL, name, error) : NULL;
  g_autoptr (VaiModelRow) row = id != NULL ? vai_store_get_model (store, id, error) : NULL;
  if (row == NULL)
    return FALSE;
  if (row->threshold == model->threshold || !(row->threshold >= 0 && row->threshold <= 1))
    return TRUE;
  model->threshold = row->threshold;
  vai_model_measure (model, row->threshold, &model->at_threshold);
  return TRUE;
}

static gboolean
show (int argc, char **argv, GError **error)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *workspace = NULL;
  gboolean json = FALSE, card = FALSE;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "card", G_OPTION_ARG_NONE, &card, N_ ("Only the model card, as Markdown"), NULL);
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &workspace, N_ ("Another workspace than the usual one"),
                   N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &json, N_ ("One JSON document on standard output"), NULL);
  const VaiCommand form = { .name = "model show",
                            .arguments = "MODEL.valutai|@MODEL",
                            .summary = N_ ("Say how good a model is and what it looks at") };
  if (!vai_cli_parse (&form, vai_entries_end (entries), argc, argv, 1, 0, &names, error))
    return FALSE;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (VaiModel) model = vai_cli_load_model (names[0], workspace, &bytes, error);
  const char *name = vai_cli_object_name (names[0]);
  if (model == NULL || (name != NULL && !take_threshold (model, name, workspace, error)))
    return FALSE;
  if (card)
    {
      g_autofree char *words = vai_card_write (model);
      if (json)
        return vai_print_json_member ("card", words, error);
      g_print ("%s", words);
      return TRUE;
    }
  if (!json)
    {
      vai_print_model (model);
      return TRUE;
    }
  g_autofree char *fingerprint = vai_model_fingerprint (bytes, error);
  if (fingerprint == NULL)
    return FALSE;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_model (builder, model);
  json_schema (builder, model);
  vai_json_add_text (builder, "model_sha256", fingerprint);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static gboolean
verify (int argc, char **argv, GError **error)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *workspace = NULL;
  gboolean json = FALSE;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &workspace, N_ ("Another workspace than the usual one"),
                   N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &json, N_ ("One JSON document on standard output"), NULL);
  const VaiCommand form = { .name = "model verify",
                            .arguments = "MODEL.valutai|@MODEL",
                            .summary = N_ ("Check that a model file is whole") };
  if (!vai_cli_parse (&form, vai_entries_end (entries), argc, argv, 1, 0, &names, error))
    return FALSE;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) local = NULL;
  g_autoptr (VaiModel) model = vai_cli_load_model (names[0], workspace, &bytes, &local);
  g_autofree char *fingerprint = model == NULL ? NULL : vai_model_fingerprint (bytes, &local);
  if (fingerprint == NULL)
    return vai_print_unwhole (NULL, g_steal_pointer (&local), json, error);
  if (!json)
    {
      vai_print_line (_ ("%s is whole. Its fingerprint: %s"), names[0], fingerprint);
      return TRUE;
    }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_whole (builder, NULL, NULL);
  vai_json_add_text (builder, "model_sha256", fingerprint);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static GPtrArray *
list_models (VaiStore *store, gboolean deleted, GError **error)
{
  return vai_store_list_models (store, NULL, deleted, error);
}

static void
print_list (const GPtrArray *rows)
{
  g_autoptr (VaiGrid) grid = vai_grid_new ("lllrl", _ ("Id"), _ ("Name"), _ ("Algorithm"), "AUC", _ ("Made"), NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const VaiModelRow *row = g_ptr_array_index (rows, i);
      g_autofree char *auc = g_strdup_printf ("%.2f", row->auc_roc);
      g_autofree char *made = vai_print_dup_time (row->created_at);
      vai_grid_add (grid, row->id, row->name != NULL ? row->name : "", row->algorithm, auc, made, NULL);
    }
  vai_grid_print (grid);
}

static gboolean
export_model (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autofree char *output = NULL;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "output", G_OPTION_ARG_FILENAME, &output, N_ ("Model file to write"), N_ ("MODEL.valutai"));
  if (!vai_object_words_parse (&words, "model export", "NAME|ID", N_ ("Write a model of the workspace to a file"),
                               entries, 1, 0, VAI_STORE_READ_ONLY, argc, argv, error))
    return FALSE;
  if (output == NULL)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("Say where it goes: --output MODEL.valutai."));
      return FALSE;
    }
  if (!vai_output_check_apart (output, vai_store_get_path (words.store), error))
    return FALSE;
  g_autofree char *id = vai_store_resolve (words.store, VAI_OBJECT_MODEL, words.words[0], error);
  g_autoptr (GBytes) bytes = id == NULL ? NULL : vai_store_load_model (words.store, id, error);
  return bytes != NULL
         && vai_output_write_bytes (output, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error)
         && (!words.json || vai_print_json_member ("output", output, error));
}

/* A model file becomes a model of the workspace, whole or not at all. */
static gboolean
import (int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autofree char *name = NULL;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "name", G_OPTION_ARG_STRING, &name, N_ ("Its name there"), N_ ("NAME"));
  if (!vai_object_words_parse (&words, "model import", "MODEL.valutai", N_ ("Keep a model file in the workspace"),
                               entries, 1, 0, VAI_STORE_CREATE, argc, argv, error))
    return FALSE;
  g_autofree char *id = vai_model_keep_file (words.store, words.words[0], name, error);
  if (id == NULL)
    return FALSE;
  if (!words.json)
    {
      vai_print_line (_ ("Model kept in the workspace as %s"), id);
      return TRUE;
    }
  return vai_print_json_member ("model_id", id, error);
}

static void
print_comparison (const char *const *names, gsize n, const VaiComparison *result)
{
  g_autofree char *count = vai_format_count (n), *p = vai_format_p_value (result->p_value);
  g_autofree char *difference = vai_format_number (fabs (result->difference), 4);
  if (n < VAI_MODEL_COMPARE_MIN)
    vai_print_line (_ ("They were tested on %s quotes in common: too few to compare (%d are needed)."), count,
                    VAI_MODEL_COMPARE_MIN);
  else if (result->low <= 0 && result->high >= 0)
    vai_print_line (_ ("No real difference on %s quotes (p %s)."), count, p);
  else
    vai_print_line (_ ("%s is better: log loss less by %s on %s quotes (p %s)."), names[result->difference > 0],
                    difference, count, p);
}

static gboolean
compare (int argc, char **argv, GError **error)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *workspace = NULL;
  gboolean json = FALSE;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &workspace, N_ ("Another workspace than the usual one"),
                   N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &json, N_ ("One JSON document on standard output"), NULL);
  const VaiCommand form = { .name = "model compare",
                            .arguments = "A.valutai|@A B.valutai|@B",
                            .summary = N_ ("Say whether one of two models is really better") };
  if (!vai_cli_parse (&form, vai_entries_end (entries), argc, argv, 2, 0, &names, error))
    return FALSE;
  g_autoptr (VaiModel) a = vai_cli_load_model (names[0], workspace, NULL, error);
  g_autoptr (VaiModel) b = a != NULL ? vai_cli_load_model (names[1], workspace, NULL, error) : NULL;
  if (b == NULL)
    return FALSE;
  VaiComparison result = { NAN, NAN, NAN, NAN };
  gsize n = vai_model_compare (a, b, &result);
  if (!json)
    {
      print_comparison ((const char *const *) names, n, &result);
      return TRUE;
    }
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_object (builder);
  vai_json_add_integer (builder, "n_quotes", n);
  vai_json_add_real (builder, "log_loss_difference", result.difference);
  vai_json_add_real (builder, "low", result.low);
  vai_json_add_real (builder, "high", result.high);
  vai_json_add_real (builder, "p_value", result.p_value);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static const VaiSubcommand subcommands[] = {
  { "show", "MODEL.valutai|@MODEL", N_ ("Say how good a model is and what it looks at"), show },
  { "verify", "MODEL.valutai|@MODEL", N_ ("Check that a model file is whole"), verify },
  { "compare", "A.valutai|@A B.valutai|@B", N_ ("Say whether one of two models is really better"), compare },
  { "import", "MODEL.valutai", N_ ("Keep a model file in the workspace"), import },
  { "export", "NAME|ID --output MODEL.valutai", N_ ("Write a model of the workspace to a file"), export_model },
  { 0 },
};

static const VaiObjectForm object_form = {
  .object = VAI_OBJECT_MODEL,
  .kind = &vai_model_row_kind,
  .list_summary = N_ ("List the models of the workspace"),
  .list = list_models,
  .print_list = print_list,
};

static gboolean
run (int argc, char **argv, GError **error)
{
  return vai_subcommands_run (&vai_command_model, &object_form, subcommands, argc, argv, error);
}

const VaiCommand vai_command_model = {
  .name = "model",
  .arguments = "show|verify|compare|list|import|export|delete|restore|purge",
  .summary = N_ ("Look at models: show, verify, compare, list, import, export, delete, restore, purge"),
  .run = run,
};
