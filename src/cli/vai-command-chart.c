#include "vai-chart.h"
#include "vai-cli-store.h"
#include "vai-json-build.h"
#include "vai-print.h"
#include "vai-quote-words.h"
#include "vai-report.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  GStrv set;
  char *output, *workspace;
  int width, height;
  gboolean text, json;
} ChartWords;

static void
chart_words_clear (ChartWords *self)
{
  g_strfreev (self->set);
  g_free (self->output);
  g_free (self->workspace);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChartWords, chart_words_clear)

static VaiChart *
make_waterfall (VaiModel *model, GStrv words, GError **error)
{
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (model->schema, 1);
  if (!vai_cli_set_cells (frame, words, error))
    return NULL;
  g_autoptr (VaiScorer) scorer = vai_scorer_new (model);
  g_autofree double *contributions = g_new (double, model->schema->features->len + 1);
  VaiScore score;
  if (!vai_scorer_score (scorer, frame, NULL, 1, 1, &score, contributions, NULL, error))
    return NULL;
  return vai_report_waterfall_new (model, frame, 0, &score, contributions);
}

static gboolean
print (VaiChart *chart, const ChartWords *words, GError **error)
{
  g_autofree char *text = vai_chart_dup_text (chart);
  if (words->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();
      json_builder_begin_object (builder);
      vai_json_add_text (builder, "output", words->output);
      vai_json_add_text (builder, "text", text);
      json_builder_end_object (builder);
      return vai_print_json (builder, error);
    }
  if (words->text)
    vai_print_line ("%s", text);
  if (words->output != NULL)
    vai_print_line (_ ("Picture written to %s"), words->output);
  return TRUE;
}

static gboolean
run (int argc, char **argv, GError **error)
{
  g_auto (ChartWords) words = { 0 };
  g_auto (GStrv) names = NULL;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "output", G_OPTION_ARG_FILENAME, &words.output, N_ ("Picture to write"),
                   N_ ("CHART.png|.svg|.pdf"));
  vai_entries_add (entries, "set", G_OPTION_ARG_STRING_ARRAY, &words.set, N_ ("A fact of the quote, for waterfall"),
                   N_ ("COL=VALUE"));
  vai_entries_add (entries, "width", G_OPTION_ARG_INT, &words.width, N_ ("Width in pixels"), N_ ("N"));
  vai_entries_add (entries, "height", G_OPTION_ARG_INT, &words.height, N_ ("Height in pixels"), N_ ("N"));
  vai_entries_add (entries, "text", G_OPTION_ARG_NONE, &words.text, N_ ("Print what it shows, as words and a table"),
                   NULL);
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &words.workspace,
                   N_ ("Another workspace than the usual one"), N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &words.json, N_ ("One JSON document on standard output"), NULL);
  if (!vai_cli_parse (&vai_command_chart, vai_entries_end (entries), argc, argv, 2, 0, &names, error))
    return FALSE;
  if (words.output == NULL && !words.text && !words.json)
    {
      g_set_error_literal (error, VAI_ERROR, VAI_ERROR_USAGE,
                           _ ("Say where the picture goes: --output CHART.png, .svg or .pdf; or --text."));
      return FALSE;
    }
  g_autoptr (VaiModel) model = vai_cli_load_model (names[0], words.workspace, NULL, error);
  double threshold;
  if (model == NULL || !vai_cli_find_threshold (names[0], words.workspace, model, &threshold, error))
    return FALSE;
  g_autoptr (VaiChart) chart = g_str_equal (names[1], "waterfall")
                                   ? make_waterfall (model, words.set, error)
                                   : vai_report_chart_new (model, names[1], threshold, error);
  return chart != NULL
         && (words.output == NULL || vai_chart_save (chart, words.output, words.width, words.height, error))
         && print (chart, &words, error);
}

const VaiCommand vai_command_chart = {
  .name = "chart",
  .arguments = "MODEL.valutai|@MODEL KIND",
  .summary = N_ ("Draw one picture of a model"),
  .details = N_ ("KIND is one of roc, precision-recall, calibration, gain, lift, confusion, importance, histogram, "
                 "win-rate, waterfall."),
  .run = run,
};
