#include "vai-error.h"
#include "vai-json.h"
#include "vai-report-private.h"

#include <glib/gi18n-lib.h>

/* Nothing of ours has more; a stranger's file may. */
#define BLOCKS_MAX 2000

/* By VaiBlockKind. */
static const char *const kind_names[]
    = { "heading", "subheading", "lead", "paragraph", "bullet", "figures", "table", "chart" };

static JsonArray *
rows_to_json (const GPtrArray *rows)
{
  JsonArray *array = json_array_new ();
  for (guint r = 0; r < rows->len; r++)
    {
      JsonArray *cells = json_array_new ();
      for (GStrv cell = g_ptr_array_index (rows, r); *cell != NULL; cell++)
        json_array_add_string_element (cells, *cell);
      json_array_add_array_element (array, cells);
    }
  return array;
}

static JsonObject *
block_to_json (const VaiBlock *block)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "kind", kind_names[block->kind]);
  json_object_set_string_member (object, "text", block->text);
  if (block->rows->len > 0)
    json_object_set_array_member (object, "rows", rows_to_json (block->rows));
  if (block->chart != NULL)
    {
      g_autofree char *text = vai_chart_dup_text (block->chart);
      json_object_set_string_member (object, "chart", vai_chart_kind_name (vai_chart_get_kind (block->chart)));
      json_object_set_string_member (object, "chart_text", text);
    }
  return object;
}

JsonNode *
vai_report_content_to_json (const VaiReport *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *blocks = json_array_new ();
  json_object_set_string_member (object, "title", self->title);
  vai_json_set_text (object, "note", self->note);
  for (guint i = 0; i < self->blocks->len; i++)
    json_array_add_object_element (blocks, block_to_json (g_ptr_array_index (self->blocks, i)));
  json_object_set_double_member (object, "threshold", self->threshold);
  json_object_set_array_member (object, "blocks", blocks);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

static gboolean
read_kind (JsonObject *object, VaiBlockKind *kind, GError **error)
{
  const char *name = vai_json_get_string (object, "kind", error);

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (kind_names); i++)
    if (g_str_equal (kind_names[i], name))
      {
        *kind = i;
        return TRUE;
      }
  if (name != NULL)
    g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED, _ ("The report has a part of an unknown kind: “%s”."), name);
  return FALSE;
}

static gboolean
read_rows (JsonObject *object, VaiBlock *block, GError **error)
{
  JsonArray *rows = json_object_has_member (object, "rows") ? vai_json_get_array (object, "rows", error) : NULL;

  for (guint r = 0; rows != NULL && r < json_array_get_length (rows); r++)
    {
      JsonNode *node = json_array_get_element (rows, r);
      GStrvBuilder *cells = g_strv_builder_new ();
      JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
      for (guint c = 0; array != NULL && c < json_array_get_length (array); c++)
        {
          const char *cell = json_node_get_string (json_array_get_element (array, c));
          g_strv_builder_add (cells, cell != NULL ? cell : "");
        }
      g_ptr_array_add (block->rows, g_strv_builder_end (cells));
      g_strv_builder_unref (cells);
    }
  return rows != NULL || !json_object_has_member (object, "rows");
}

/* Lines of cells parted by tabs, as vai_chart_dup_text() gives them after title and finding. */
static void
chart_to_table (VaiBlock *block, const char *chart_text)
{
  g_auto (GStrv) lines = g_strsplit (chart_text, "\n", -1);

  block->kind = VAI_BLOCK_TABLE;
  for (guint i = 0; lines[i] != NULL; i++)
    if (strchr (lines[i], '\t') != NULL)
      g_ptr_array_add (block->rows, g_strsplit (lines[i], "\t", -1));
}

static gboolean
read_block (VaiReport *self, JsonNode *node, const VaiModel *model, GError **error)
{
  JsonObject *object = vai_json_node_get_object (node, error);
  VaiBlockKind kind;
  const char *text = object != NULL ? vai_json_get_string (object, "text", error) : NULL;

  if (text == NULL || !read_kind (object, &kind, error))
    return FALSE;
  VaiBlock *block = vai_report_add (self, kind, text);
  if (!read_rows (object, block, error))
    return FALSE;
  if (kind != VAI_BLOCK_CHART)
    return TRUE;
  const char *name = vai_json_get_string (object, "chart", error);
  const char *chart_text = name != NULL ? vai_json_get_string (object, "chart_text", error) : NULL;
  if (chart_text == NULL)
    return FALSE;
  block->chart = model != NULL ? vai_report_chart_new (model, name, self->threshold, NULL) : NULL;
  if (block->chart == NULL)
    chart_to_table (block, chart_text);
  return TRUE;
}

VaiReport *
vai_report_new_from_json (JsonNode *content, const VaiModel *model, GError **error)
{
  JsonObject *object = vai_json_node_get_object (content, error);
  const char *title = object != NULL ? vai_json_get_string (object, "title", error) : NULL;
  JsonArray *blocks = title != NULL ? vai_json_get_array (object, "blocks", error) : NULL;
  const char *note = NULL;

  if (blocks == NULL || !vai_json_get_text (object, "note", &note, error))
    return NULL;
  g_autoptr (VaiReport) self = vai_report_new_empty (title, note);
  self->insights = g_ptr_array_new ();
  /* Reports of before had the charts at the threshold of the training. */
  self->threshold = model != NULL ? model->threshold : 0.5;
  if (json_object_has_member (object, "threshold")
      && !vai_json_get_finite (object, "threshold", &self->threshold, error))
    return NULL;
  for (guint i = 0; i < json_array_get_length (blocks) && i < BLOCKS_MAX; i++)
    if (!read_block (self, json_array_get_element (blocks, i), model, error))
      return NULL;
  return g_steal_pointer (&self);
}
