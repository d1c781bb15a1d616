#include "hand-model.h"
#include "vai-error.h"
#include "vai-report.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N 900
#define SIZE_MAX_BYTES (2 * 1000 * 1000)
#define ODD_TITLE                                                                                                      \
  "Ottobre <b>\xC2\xAB"                                                                                                \
  "è&\" \xF0\x9F\x9A\x80 \xD7\xA9\xD7\x93\xD7\x94</title><script>alert(1)</script>"

static VaiModel *
make_model (gboolean has_signal)
{
  VaiModel *model = hand_model_new (N, 4);
  VaiReference *past = &model->reference;
  model->threshold = 0.6;
  model->has_signal = has_signal;
  vai_metrics_compute (&model->at_half, past->won, past->probability, N, 0.5);
  vai_metrics_bootstrap (&model->at_half, past->won, past->probability, NULL, N, 50, 1);
  vai_metrics_compute (&model->at_threshold, past->won, past->probability, N, 0.6);
  vai_metrics_bootstrap (&model->at_threshold, past->won, past->probability, NULL, N, 50, 1);
  model->n_rows = N;
  model->n_won = model->at_half.n_won;
  model->base_rate = (double) model->n_won / N;
  if (model->validation == NULL)
    model->validation = g_strdup ("cross-validation");
  model->folds = 5;
  g_free (model->data_fingerprint);
  model->data_fingerprint = g_strdup ("0123456789abcdef");
  return model;
}

static void
rename_feature (VaiModel *model, guint feature, const char *name)
{
  VaiFeature *column = vai_schema_feature (model->schema, feature);
  g_free (column->name);
  column->name = g_strdup (name);
}

typedef struct
{
  char *folder, *pdf, *html;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("vai-report-XXXXXX", NULL);
  fixture->pdf = g_build_filename (fixture->folder, "r.pdf", NULL);
  fixture->html = g_build_filename (fixture->folder, "r.html", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->pdf);
  g_unlink (fixture->html);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->pdf);
  g_free (fixture->html);
}

/* Twice the same bytes, under the limit. */
static char *
save (VaiReport *report, const char *path, gsize *size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;
  gsize first_size;
  char *second;
  vai_report_save (report, path, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &first, &first_size, NULL));
  g_assert_true (vai_report_save (report, path, &error));
  g_assert_true (g_file_get_contents (path, &second, size, NULL));
  g_assert_cmpmem (first, first_size, second, *size);
  g_assert_cmpuint (*size, <, SIZE_MAX_BYTES);
  return second;
}

/* Standard output of a program that gets @input. */
static char *
pipe_through (const char *const *argv, const char *input, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) bytes = g_bytes_new (input, size), output = NULL;
  g_subprocess_communicate (process, bytes, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
}

static void
test_html (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (TRUE);
  rename_feature (model, HAND_PRICE, "<i>Prezzo</i> & \"co\" \xD7\xA9\xD7\x93\xD7\x94 \x01");
  g_autofree char *endless = g_strnfill (3000, 'x');
  rename_feature (model, HAND_SECTOR, endless);
  g_autoptr (VaiReport) report = vai_report_new (model, 0.5, ODD_TITLE, "Corvalto Pumps <3", NULL, NULL);
  gsize size;
  g_autofree char *html = save (report, fixture->html, &size);
  const char *argv[] = { g_getenv ("VAI_PYTHON"), g_getenv ("VAI_CHECK_HTML"), NULL };
  g_autofree char *text = pipe_through (argv, html, size);
  g_assert_null (strstr (html, "<script"));
  g_assert_null (strstr (html, "<i>Prezzo"));
  g_assert_nonnull (strstr (text, ODD_TITLE));
  g_assert_nonnull (strstr (text, "<i>Prezzo</i> & \"co\""));
  g_assert_nonnull (strstr (text, "quotes it had not seen. Guessing gets"));
  g_assert_nonnull (strstr (text, "Quotes without an outcome, not learned from"));
  /* Nothing is fetched from anywhere. */
  g_assert_null (strstr (html, "src="));
  g_assert_null (strstr (html, "@import"));
}

static void
test_pdf (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (TRUE);
  g_autofree char *endless = g_strnfill (3000, 'x');
  rename_feature (model, HAND_SECTOR, endless);
  g_autoptr (VaiReport) report = vai_report_new (
      model, 0.5, "Quarto trimestre: quali preventivi aperti conviene seguire per primi", "Corvalto Pumps", NULL, NULL);
  gsize size;
  g_autofree char *pdf = save (report, fixture->pdf, &size);
  g_assert_true (g_str_has_prefix (pdf, "%PDF-"));
  g_autofree char *tool = g_find_program_in_path ("pdftotext");
  if (tool == NULL)
    {
      g_test_skip ("no pdftotext");
      return;
    }
  const char *argv[] = { tool, "-", "-", NULL };
  g_autofree char *text = pipe_through (argv, pdf, size);
  g_assert_nonnull (strstr (text, "Quarto trimestre"));
  g_assert_nonnull (strstr (text, "What stands out"));
  g_assert_nonnull (strstr (text, "Figure 1."));
  g_assert_nonnull (strstr (text, "Fingerprint of the data"));
  g_assert_nonnull (strstr (text, "1 of "));
  guint pages = 0;
  for (const char *p = text; (p = strchr (p, '\f')) != NULL; p++)
    pages++;
  g_autofree char *last = g_strdup_printf ("%u of %u", pages, pages);
  g_assert_nonnull (strstr (text, last));
}

/* A table that goes on overleaf names its columns again there. */
static void
test_long_table (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (TRUE);
  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *name = g_strdup_printf ("Column %u", i);
      vai_remarks_add (model->ignored, VAI_REMARK_IGNORED_BY_YOU, name, 0, 0);
    }
  g_autoptr (VaiReport) report = vai_report_new (model, 0.5, NULL, NULL, NULL, NULL);
  gsize size;
  g_autofree char *pdf = save (report, fixture->pdf, &size);
  g_autofree char *tool = g_find_program_in_path ("pdftotext");
  if (tool == NULL)
    {
      g_test_skip ("no pdftotext");
      return;
    }
  const char *argv[] = { tool, "-layout", "-", "-", NULL };
  g_autofree char *text = pipe_through (argv, pdf, size);
  g_auto (GStrv) pages = g_strsplit (text, "\f", -1);
  guint n_pages = 0;
  for (guint i = 0; pages[i] != NULL; i++)
    {
      if (!g_regex_match_simple ("Column \\d+  +left out by you", pages[i], 0, 0))
        continue;
      n_pages++;
      g_assert_nonnull (strstr (pages[i], "Why it was left out"));
    }
  g_assert_cmpuint (n_pages, >=, 3);
}

static void
test_no_signal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (FALSE);
  g_autoptr (VaiReport) report = vai_report_new (model, 0.5, NULL, NULL, NULL, NULL);
  gsize size;
  g_autofree char *html = save (report, fixture->html, &size);
  g_assert_nonnull (strstr (html, "It does not beat guessing"));
  g_assert_null (strstr (html, "trust the number"));
  g_autofree char *pdf = save (report, fixture->pdf, &size);
}

static void
test_json (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (TRUE);
  g_autoptr (VaiReport) report = vai_report_new (model, 0.5, NULL, NULL, NULL, NULL);
  g_autoptr (JsonNode) content = vai_report_content_to_json (report), insights = vai_report_insights_to_json (report);
  JsonObject *object = json_node_get_object (content);
  g_assert_cmpstr (json_object_get_string_member (object, "title"), ==, vai_report_get_title (report));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "blocks")), >, 20);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (insights)), >, 0);
  JsonObject *first = json_array_get_object_element (json_node_get_array (insights), 0);
  g_assert_cmpfloat (json_object_get_double_member (first, "p_value"), <, 0.01);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (TRUE);
  g_autoptr (VaiReport) report = vai_report_new (model, 0.5, NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_false (vai_report_save (report, "report.docx", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_null (vai_report_chart_new (model, "pie", 0.5, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "calibration"));
  g_clear_error (&error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_assert_null (vai_report_new (model, 0.5, NULL, NULL, cancellable, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
}

/* The counts of the confusion chart and those of the metrics are one. */
static void
test_charts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (TRUE);
  static const char *const kinds[] = { "roc",       "precision-recall", "calibration", "gain",     "lift",
                                       "confusion", "importance",       "histogram",   "win-rate", NULL };
  for (const char *const *kind = kinds; *kind != NULL; kind++)
    {
      g_autoptr (VaiChart) chart = vai_report_chart_new (model, *kind, 0.6, NULL);
      g_assert_nonnull (chart);
      g_assert_cmpstr (vai_chart_kind_name (vai_chart_get_kind (chart)), ==, *kind);
    }
  g_autoptr (VaiChart) confusion = vai_report_chart_new (model, "confusion", 0.6, NULL);
  double found = atoi (vai_chart_get_cell (confusion, 0, 1)), false_hope = atoi (vai_chart_get_cell (confusion, 2, 1));
  g_assert_cmpfloat_with_epsilon (found / (found + false_hope), model->at_threshold.value[VAI_METRIC_PRECISION], 1e-12);
  /* Rows that the validation did not test are in no chart of quality. */
  model->reference.tested = g_new (guint8, N);
  gsize n_tested = 0, n_shown = 0;
  for (guint i = 0; i < N; i++)
    n_tested += model->reference.tested[i] = i % 3 != 0;
  g_autoptr (VaiChart) fewer = vai_report_chart_new (model, "confusion", 0.6, NULL);
  for (guint row = 0; row < 4; row++)
    n_shown += atoi (vai_chart_get_cell (fewer, row, 1));
  g_assert_cmpuint (n_shown, ==, n_tested);
  g_autofree gint64 *opened = g_new (gint64, N);
  for (guint i = 0; i < N; i++)
    opened[i] = 1700000000 + (gint64) i * 86400;
  gint64 *before = model->reference.opened;
  model->reference.opened = opened;
  g_autoptr (VaiChart) rate = vai_report_chart_new (model, "win-rate", 0.6, NULL);
  model->reference.opened = before;
  g_assert_cmpstr (vai_chart_get_cell (rate, 0, 0), ==, "Nov 2023");
  g_assert_cmpstr (vai_chart_get_cell (rate, 0, 3), ==, "17");
}

static char *
text_of (const VaiReport *report)
{
  const GPtrArray *blocks = vai_report_get_blocks (report);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < blocks->len; i++)
    {
      const VaiBlock *block = g_ptr_array_index (blocks, i);
      g_string_append_printf (text, "%s\n", block->text);
      for (guint r = 0; r < block->rows->len; r++)
        {
          g_autofree char *row = g_strjoinv ("\t", g_ptr_array_index (block->rows, r));
          g_string_append_printf (text, "%s\n", row);
        }
    }
  return g_string_free (text, FALSE);
}

static guint
count_of (const char *text, const char *part)
{
  guint n = 0;
  for (const char *p = text; (p = strstr (p, part)) != NULL; p += strlen (part))
    n++;
  return n;
}

/* One threshold in all of a report: words, figures, table and charts; “likely” is left to the verdict. */
static void
test_threshold (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (TRUE);
  const VaiReference *past = &model->reference;
  gsize found = 0, taken = 0;
  for (guint i = 0; i < N; i++)
    {
      taken += past->probability[i] >= 0.7;
      found += past->probability[i] >= 0.7 && past->won[i];
    }
  g_assert_cmpuint (found, >, 0);
  g_autoptr (VaiReport) report = vai_report_new (model, 0.7, NULL, NULL, NULL, NULL);
  g_autofree char *text = text_of (report);
  g_autofree char *figure
      = g_strdup_printf ("%ld of 10\twon, of those given 70%% or more", lround (10.0 * found / taken));
  g_autofree char *precision = g_strdup_printf ("Precision: of those from 70%% on, won\t%.2f", (double) found / taken);
  g_autofree char *confusion = g_strdup_printf ("At 70%%, %zu of ", found);
  g_assert_nonnull (strstr (text, "Of ten quotes it gives 70% or more, "));
  g_assert_nonnull (strstr (text, figure));
  g_assert_nonnull (strstr (text, precision));
  g_assert_nonnull (strstr (text, confusion));
  g_assert_cmpuint (count_of (text, "likely"), ==, 1);
  g_assert_nonnull (strstr (text, "a quote is likely where all of it is above 50%"));
  /* Kept and read again, the charts stand where they stood. */
  g_autoptr (JsonNode) content = vai_report_content_to_json (report);
  g_autoptr (VaiReport) same = vai_report_new_from_json (content, model, NULL);
  const GPtrArray *blocks = vai_report_get_blocks (same);
  guint n_confusions = 0;
  for (guint i = 0; i < blocks->len; i++)
    {
      const VaiBlock *block = g_ptr_array_index (blocks, i);
      if (block->chart == NULL || vai_chart_get_kind (block->chart) != VAI_CHART_CONFUSION)
        continue;
      g_assert_cmpstr (vai_chart_get_title (block->chart), ==, "Confusion at 70%");
      g_assert_cmpint (atoi (vai_chart_get_cell (block->chart, 0, 1)), ==, found);
      n_confusions++;
    }
  g_assert_cmpuint (n_confusions, ==, 1);
}

/* A fact is said once. */
static void
test_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiModel) model = make_model (TRUE);
  g_autoptr (VaiReport) report = vai_report_new (model, 0.5, NULL, NULL, NULL, NULL);
  g_autofree char *text = text_of (report), *won = g_strdup_printf ("\t%zu\n", model->n_won);
  g_autoptr (VaiChart) calibration = vai_report_chart_new (model, "calibration", 0.5, NULL);
  g_assert_cmpuint (count_of (text, won), ==, 1);
  g_assert_cmpuint (count_of (text, vai_chart_get_finding (calibration)), ==, 1);
  g_assert_cmpuint (count_of (text, "What it looks at"), ==, 1);
  g_assert_cmpuint (count_of (text, model->data_fingerprint), ==, 1);
}

/* What is kept reads back as the same report; without its model charts are tables; a person's words replace ours. */
static void
test_keep (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiModel) model = make_model (TRUE);
  g_autoptr (VaiReport) report = vai_report_new (model, 0.5, "October", "A note", NULL, &error);
  g_autoptr (JsonNode) content = vai_report_content_to_json (report);
  g_autoptr (VaiReport) same = vai_report_new_from_json (content, model, &error);
  g_assert_no_error (error);
  g_assert_true (vai_report_save (report, fixture->html, &error));
  g_autofree char *first = NULL, *second = NULL;
  g_assert_true (g_file_get_contents (fixture->html, &first, NULL, &error));
  g_assert_true (vai_report_save (same, fixture->html, &error));
  g_assert_true (g_file_get_contents (fixture->html, &second, NULL, &error));
  g_assert_cmpstr (first, ==, second);

  g_autoptr (VaiReport) alone = vai_report_new_from_json (content, NULL, &error);
  const GPtrArray *blocks = vai_report_get_blocks (alone);
  guint n_charts = 0, lead = G_MAXUINT;
  for (guint i = 0; i < blocks->len; i++)
    {
      const VaiBlock *block = g_ptr_array_index (blocks, i);
      n_charts += block->kind == VAI_BLOCK_CHART;
      if (block->kind == VAI_BLOCK_LEAD && lead == G_MAXUINT)
        lead = i;
    }
  g_assert_cmpuint (n_charts, ==, 0);
  g_assert_cmpuint (lead, !=, G_MAXUINT);
  vai_report_set_text (alone, lead, "In my own words.");
  g_assert_true (vai_report_save (alone, fixture->html, &error));
  g_autofree char *third = NULL;
  g_assert_true (g_file_get_contents (fixture->html, &third, NULL, &error));
  g_assert_nonnull (strstr (third, "In my own words."));
  g_assert_null (strstr (third, "<svg"));
  g_assert_cmpuint (vai_report_count_pages (report, &error), >=, 2);
}

static void
test_keep_damaged (Fixture *fixture, gconstpointer data)
{
  const char *const damaged[] = { "[]", "{}", "{\"title\":\"x\",\"note\":null,\"blocks\":[{}]}",
                                  "{\"title\":\"x\",\"note\":null,\"blocks\":[{\"kind\":\"poem\",\"text\":\"x\"}]}",
                                  "{\"title\":\"x\",\"note\":null,\"blocks\":[{\"kind\":\"chart\",\"text\":\"x\"}]}" };
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = json_from_string (damaged[i], NULL);
      g_assert_null (vai_report_new_from_json (node, NULL, &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/report/threshold", Fixture, NULL, set_up, test_threshold, tear_down);
  g_test_add ("/report/once", Fixture, NULL, set_up, test_once, tear_down);
  g_test_add ("/report/html", Fixture, NULL, set_up, test_html, tear_down);
  g_test_add ("/report/pdf", Fixture, NULL, set_up, test_pdf, tear_down);
  g_test_add ("/report/long-table", Fixture, NULL, set_up, test_long_table, tear_down);
  g_test_add ("/report/no-signal", Fixture, NULL, set_up, test_no_signal, tear_down);
  g_test_add ("/report/json", Fixture, NULL, set_up, test_json, tear_down);
  g_test_add ("/report/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/report/charts", Fixture, NULL, set_up, test_charts, tear_down);
  g_test_add ("/report/keep", Fixture, NULL, set_up, test_keep, tear_down);
  g_test_add ("/report/keep-damaged", Fixture, NULL, set_up, test_keep_damaged, tear_down);
  return g_test_run ();
}
