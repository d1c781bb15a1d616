#include "vai-report-private.h"

#include "vai-error.h"
#include "vai-insight.h"
#include "vai-json.h"
#include "vai-model-measure.h"

#include <glib/gi18n-lib.h>

static void
free_block (gpointer data)
{
  VaiBlock *block = data;
  g_free (block->text);
  g_ptr_array_unref (block->rows);
  vai_chart_free (block->chart);
  g_free (block);
}

VaiReport *
vai_report_new_empty (const char *title, const char *note)
{
  VaiReport *self = g_new0 (VaiReport, 1);
  self->title = g_utf8_make_valid (title, -1);
  self->note = note != NULL ? g_utf8_make_valid (note, -1) : NULL;
  self->chart_scale = 1;
  self->blocks = g_ptr_array_new_with_free_func (free_block);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  return self;
}

VaiBlock *
vai_report_add (VaiReport *self, VaiBlockKind kind, const char *text)
{
  VaiBlock *block = g_new0 (VaiBlock, 1);
  block->kind = kind;
  block->text = g_utf8_make_valid (text, -1);
  block->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_ptr_array_add (self->blocks, block);
  return block;
}

void
vai_block_take_row (VaiBlock *self, char *first, ...)
{
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  va_list rest;
  va_start (rest, first);
  for (char *cell = first; cell != NULL; cell = va_arg (rest, char *))
    g_ptr_array_add (cells, cell);
  va_end (rest);
  g_ptr_array_add (cells, NULL);
  g_ptr_array_add (self->rows, g_ptr_array_steal (cells, NULL));
}

static void
add_chart (VaiReport *self, const VaiModel *model, const char *kind, const char *what)
{
  g_autoptr (VaiChart) chart = vai_report_chart_new (model, kind, self->threshold, NULL);
  if (chart == NULL || vai_chart_get_n_rows (chart) == 0)
    return;
  g_autofree char *caption
      = g_strdup_printf (_ ("Figure %u. %s %s"), ++self->n_figures, what, vai_chart_get_finding (chart));
  vai_report_add (self, VAI_BLOCK_CHART, caption)->chart = g_steal_pointer (&chart);
}

static void
add_insights (VaiReport *self)
{
  vai_report_add (self, VAI_BLOCK_HEADING, _ ("What stands out"));
  for (guint i = 0; i < self->insights->len; i++)
    vai_report_add (self, VAI_BLOCK_BULLET, ((VaiInsight *) g_ptr_array_index (self->insights, i))->sentence);
  vai_report_add (self, VAI_BLOCK_PARAGRAPH,
                  self->insights->len > 0
                      ? _ ("Each was tested alone, and the p-values are corrected for everything that was looked at.")
                      : _ ("No single column tells won quotes from lost ones beyond what chance does."));
}

static void
add_charts (VaiReport *self, const VaiModel *model, const VaiMetrics *called)
{
  if (model->reference.opened != NULL)
    {
      vai_report_add (self, VAI_BLOCK_HEADING, _ ("Win rate over time"));
      add_chart (self, model, "win-rate",
                 _ ("Share of decided quotes won, with its 95% range, and what the model predicted."));
    }
  vai_report_add (self, VAI_BLOCK_HEADING, _ ("What it looks at"));
  add_chart (self, model, "importance", _ ("How much each column weighs in the scores."));
  vai_report_add (self, VAI_BLOCK_HEADING, _ ("What it gains"));
  add_chart (self, model, "gain", _ ("Won quotes found when the best-scored are worked first."));
  add_chart (self, model, "confusion", _ ("What came of the quotes on either side of the threshold."));
  add_chart (self, model, "histogram", _ ("The chances given to quotes that were won and lost."));
  vai_report_add (self, VAI_BLOCK_HEADING, _ ("How sure is this?"));
  vai_report_add_certainty (self, model, called);
  add_chart (self, model, "calibration", _ ("The chance it gave, and how often such quotes were won."));
  add_chart (self, model, "roc",
             _ ("Won quotes found against lost quotes that raise false hope, over all thresholds."));
}

/* Where nothing reaches the threshold there is nothing to count. */
static void
measure (const VaiModel *model, double threshold, VaiMetrics *called)
{
  vai_model_measure (model, threshold, called);
  if (!(called->value[VAI_METRIC_RECALL] > 0) && model->at_threshold.value[VAI_METRIC_RECALL] > 0)
    *called = model->at_threshold;
}

VaiReport *
vai_report_new (const VaiModel *model,
                double threshold,
                const char *title,
                const char *note,
                GCancellable *cancellable,
                GError **error)
{
  g_autoptr (VaiReport) self
      = vai_report_new_empty (title != NULL && *title != '\0' ? title : _ ("Which quotes will be won"), note);
  self->insights
      = vai_insights_find (model->reference.frame, model->reference.won, model->reference.groups, cancellable, error);
  if (self->insights == NULL)
    return NULL;
  for (guint i = 0; i < self->insights->len; i++)
    {
      const VaiInsight *insight = g_ptr_array_index (self->insights, i);
      g_ptr_array_add (self->columns, g_strdup (vai_schema_feature (model->schema, insight->feature)->name));
    }
  VaiMetrics called;
  measure (model, threshold, &called);
  self->threshold = called.threshold;
  vai_report_add_summary (self, model, &called);
  add_insights (self);
  add_charts (self, model, &called);
  if (vai_cancelled (cancellable, error))
    return NULL;
  vai_report_add (self, VAI_BLOCK_HEADING, _ ("How to use it"));
  vai_report_add_use (self, model);
  vai_report_add (self, VAI_BLOCK_HEADING, _ ("Limits"));
  vai_report_add_limits (self, model);
  vai_report_add (self, VAI_BLOCK_HEADING, _ ("Model card"));
  vai_report_add_card (self, model);
  return g_steal_pointer (&self);
}

void
vai_report_free (VaiReport *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_free (self->note);
  g_clear_pointer (&self->blocks, g_ptr_array_unref);
  g_clear_pointer (&self->insights, g_ptr_array_unref);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_free (self);
}

const char *
vai_report_get_title (const VaiReport *self)
{
  return self->title;
}

const char *
vai_report_get_note (const VaiReport *self)
{
  return self->note;
}

const GPtrArray *
vai_report_get_blocks (const VaiReport *self)
{
  return self->blocks;
}

void
vai_report_set_title (VaiReport *self, const char *title)
{
  g_free (self->title);
  self->title = g_utf8_make_valid (title, -1);
}

void
vai_report_set_text (VaiReport *self, guint block, const char *text)
{
  g_return_if_fail (block < self->blocks->len);
  VaiBlock *changed = g_ptr_array_index (self->blocks, block);
  g_free (changed->text);
  changed->text = g_utf8_make_valid (text, -1);
}

JsonNode *
vai_report_insights_to_json (const VaiReport *self)
{
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < self->insights->len; i++)
    {
      const VaiInsight *insight = g_ptr_array_index (self->insights, i);
      JsonObject *object = json_object_new ();
      json_object_set_string_member (object, "column", g_ptr_array_index (self->columns, i));
      json_object_set_string_member (object, "sentence", insight->sentence);
      vai_json_set_double (object, "win_rate", insight->rate);
      vai_json_set_double (object, "other_win_rate", insight->other_rate);
      json_object_set_int_member (object, "quotes", insight->n);
      json_object_set_int_member (object, "other_quotes", insight->n_other);
      vai_json_set_double (object, "p_value", insight->p_value);
      json_array_add_object_element (array, object);
    }
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, array);
  return node;
}

VaiOutput *
vai_report_prepare (VaiReport *self, const char *path, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);
  g_autoptr (GBytes) bytes = NULL;
  if (g_str_has_suffix (lower, ".pdf"))
    bytes = vai_report_to_pdf (self, error);
  else if (g_str_has_suffix (lower, ".html"))
    bytes = vai_report_to_html (self, error);
  else
    g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                 _ ("“%s” does not end in .pdf or .html: give the report one of these endings."), path);
  gsize size;
  const void *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;
  return bytes != NULL ? vai_output_new_with_bytes (path, data, size, error) : NULL;
}

gboolean
vai_report_save (VaiReport *self, const char *path, GError **error)
{
  g_autoptr (VaiOutput) output = vai_report_prepare (self, path, error);
  return output != NULL && vai_output_commit (output, error);
}
