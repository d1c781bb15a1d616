#include "vai-dataset-facts.h"

#include "vai-finding-list.h"
#include "vai-json.h"
#include "vai-revise.h"

#include <string.h>

static guint64
count_in (JsonObject *object, const char *member)
{
  return MAX (0, json_object_get_int_member_with_default (object, member, 0));
}

static void
read_quality (const char *quality, VaiDatasetFacts *facts)
{
  g_autoptr (JsonNode) node = quality != NULL ? vai_json_parse (quality, strlen (quality), NULL) : NULL;
  JsonObject *object = node != NULL ? vai_json_node_get_object (node, NULL) : NULL;

  if (object == NULL || !json_object_has_member (object, "won"))
    return;
  facts->has_counts = TRUE;
  facts->n_won = count_in (object, "won");
  facts->n_lost = count_in (object, "lost");
  facts->n_open = count_in (object, "open");
  facts->has_opened = json_object_has_member (object, "opened_first");
  facts->opened_first = json_object_get_int_member_with_default (object, "opened_first", 0);
  facts->opened_last = json_object_get_int_member_with_default (object, "opened_last", 0);
}

static void
read_mapping (const char *mapping, VaiDatasetFacts *facts)
{
  g_autoptr (JsonNode) node = mapping != NULL ? vai_json_parse (mapping, strlen (mapping), NULL) : NULL;
  JsonObject *object = node != NULL ? vai_json_node_get_object (node, NULL) : NULL;
  JsonNode *roles = object != NULL ? json_object_get_member (object, "roles") : NULL;

  if (roles == NULL || !JSON_NODE_HOLDS_OBJECT (roles))
    return;
  g_autoptr (GList) names = json_object_get_members (json_node_get_object (roles));
  for (GList *link = names; link != NULL; link = link->next)
    {
      const char *role = json_object_get_string_member_with_default (json_node_get_object (roles), link->data, NULL);
      facts->n_columns++;
      facts->n_ignored += g_strcmp0 (role, vai_role_name (VAI_ROLE_IGNORED)) == 0;
    }
}

void
vai_dataset_facts_read (const VaiDatasetRow *row, VaiDatasetFacts *facts)
{
  g_return_if_fail (row != NULL && facts != NULL);

  g_auto (GStrv) acts = vai_mapping_dup_acts (row->column_mapping);
  g_autoptr (GPtrArray) views
      = vai_finding_views_of_quality (row->quality, row->column_mapping, (const char *const *) acts);
  *facts = (VaiDatasetFacts){ .n_open = MAX (0, row->open_count) };
  read_quality (row->quality, facts);
  read_mapping (row->column_mapping, facts);
  for (guint i = 0; i < views->len; i++)
    {
      const VaiFindingView *view = g_ptr_array_index (views, i);
      facts->n_leaks += view->severity == VAI_SEVERITY_LEAK && !view->acted && view->act != VAI_ACT_NONE;
    }
}

guint64
vai_dataset_facts_decided (const VaiDatasetFacts *facts, const VaiDatasetRow *row)
{
  g_return_val_if_fail (facts != NULL && row != NULL, 0);
  if (facts->has_counts)
    return facts->n_won + facts->n_lost;
  return row->row_count > row->open_count ? row->row_count - row->open_count : 0;
}

guint64
vai_dataset_facts_quotes (const VaiDatasetFacts *facts, const VaiDatasetRow *row)
{
  g_return_val_if_fail (facts != NULL && row != NULL, 0);
  return facts->has_counts ? facts->n_won + facts->n_lost + facts->n_open : (guint64) MAX (0, row->row_count);
}
