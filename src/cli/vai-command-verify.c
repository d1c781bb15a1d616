#include "vai-cli-store.h"
#include "vai-json-build.h"
#include "vai-print.h"
#include "vai-quote-words.h"
#include "vai-receipt.h"

#include <glib/gi18n-lib.h>

static gboolean
is_same (const VaiReceiptCheck *check)
{
  return check->finding == VAI_RECEIPT_SAME || check->finding == VAI_RECEIPT_SAME_UNSIGNED;
}

static gboolean
print_json (const VaiReceiptCheck *check, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  vai_json_add_flag (builder, "same", is_same (check));
  vai_json_add_text (builder, "finding", vai_receipt_finding_name (check->finding));
  vai_json_add_real (builder, "saved_probability", check->said);
  vai_json_add_real (builder, "win_probability", check->now);
  json_builder_end_object (builder);
  return vai_print_json (builder, error);
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *workspace = NULL;
  gboolean json = FALSE;
  VaiReceiptCheck check;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &workspace, N_ ("Another workspace than the usual one"),
                   N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &json, N_ ("One JSON document on standard output"), NULL);
  if (!vai_cli_parse (&vai_command_verify, vai_entries_end (entries), argc, argv, 1, 0, &names, error))
    return FALSE;
  g_autoptr (VaiStore) store = vai_cli_open_store (workspace, VAI_STORE_READ_ONLY, error);
  if (store == NULL || !vai_receipt_verify_file (store, names[0], &check, error)
      || (json && !print_json (&check, error)))
    return FALSE;
  g_autofree char *words = vai_receipt_dup_words (&check);
  if (!is_same (&check))
    g_set_error_literal (error, VAI_ERROR, VAI_ERROR_FAILED, words);
  else if (!json)
    vai_print_line ("%s", words);
  return is_same (&check);
}

const VaiCommand vai_command_verify = {
  .name = "verify",
  .arguments = "RECEIPT.json",
  .summary = N_ ("Say whether a model still says what a saved score has"),
  .details
  = N_ ("A receipt is what “valutai-cli prediction show ID --json” prints of a saved score. The workspace must "
        "have its model."),
  .run = run,
};
