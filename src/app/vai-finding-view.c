/* Findings as they are shown, from wherever they are. */
#include "vai-finding-list.h"

#include "vai-format.h"
#include "vai-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
view_free (gpointer data)
{
  VaiFindingView *self = data;

  g_free (self->id);
  g_free (self->column);
  g_free (self->sentence);
  g_free (self);
}

static gboolean
is_among (const char *const *acts, const char *id)
{
  return acts != NULL && g_strv_contains (acts, id);
}

GPtrArray *
vai_finding_views_of_profile (const VaiProfile *profile, const VaiTable *table, const char *const *acts)
{
  GPtrArray *views = g_ptr_array_new_with_free_func (view_free);

  g_return_val_if_fail (profile != NULL && table != NULL, views);
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      VaiRole role = finding->column >= 0 ? profile->columns[finding->column].role : VAI_ROLE_FEATURE;
      VaiFindingView *view = g_new0 (VaiFindingView, 1);
      *view = (VaiFindingView){
        .id = g_strdup (finding->id),
        .kind = finding->kind,
        .severity = finding->severity,
        .act = vai_act_is_done (finding->act, role) ? VAI_ACT_NONE : finding->act,
        .column = finding->column >= 0 ? g_strdup (vai_table_column (table, finding->column)->name) : NULL,
        .sentence = g_strdup (finding->sentence),
        .n_rows = finding->n_rows,
        .acted = is_among (acts, finding->id),
      };
      view->done = view->acted || view->act != finding->act ? finding->act : VAI_ACT_NONE;
      g_ptr_array_add (views, view);
    }
  return views;
}

static const char *
text_of (JsonObject *object, const char *member)
{
  const char *text = json_object_get_string_member_with_default (object, member, NULL);

  return text != NULL ? text : "";
}

/* The role of a column in dataset.column_mapping. */
static VaiRole
role_in (JsonObject *mapping, const char *column)
{
  JsonNode *roles = mapping != NULL ? json_object_get_member (mapping, "roles") : NULL;
  VaiRole role = VAI_ROLE_FEATURE;

  if (roles != NULL && JSON_NODE_HOLDS_OBJECT (roles) && column != NULL)
    vai_role_from_name (text_of (json_node_get_object (roles), column), &role);
  return role;
}

static VaiFindingView *
view_of_json (JsonObject *object, JsonObject *mapping, const char *const *acts)
{
  VaiFindingView *view = g_new0 (VaiFindingView, 1);
  const char *column = text_of (object, "column");

  view->id = g_strdup (text_of (object, "id"));
  view->kind = VAI_FINDING_RARE_VALUES;
  for (guint i = 0; i < VAI_N_FINDINGS; i++)
    if (g_str_equal (text_of (object, "kind"), vai_finding_kind_name (i)))
      view->kind = i;
  for (guint i = VAI_SEVERITY_INFO; i <= VAI_SEVERITY_LEAK; i++)
    if (g_str_equal (text_of (object, "severity"), vai_severity_name (i)))
      view->severity = i;
  for (guint i = VAI_ACT_NONE; i <= VAI_ACT_SET_IDENTIFIER; i++)
    if (g_str_equal (text_of (object, "act"), vai_act_name (i)))
      view->act = i;
  view->column = column[0] != '\0' ? g_strdup (column) : NULL;
  view->sentence = g_strdup (text_of (object, "sentence"));
  view->n_rows = MAX (0, json_object_get_int_member_with_default (object, "rows", 0));
  view->acted = is_among (acts, view->id);
  gboolean by_role = !view->acted && vai_act_is_done (view->act, role_in (mapping, view->column));
  view->done = view->acted || by_role ? view->act : VAI_ACT_NONE;
  if (by_role)
    view->act = VAI_ACT_NONE;
  return view;
}

static JsonNode *
parse (const char *text)
{
  return text != NULL ? vai_json_parse (text, strlen (text), NULL) : NULL;
}

GPtrArray *
vai_finding_views_of_quality (const char *quality, const char *mapping, const char *const *acts)
{
  GPtrArray *views = g_ptr_array_new_with_free_func (view_free);
  g_autoptr (JsonNode) node = parse (quality);
  g_autoptr (JsonNode) mapping_node = parse (mapping);
  JsonObject *said = mapping_node != NULL ? vai_json_node_get_object (mapping_node, NULL) : NULL;
  JsonObject *object = node != NULL ? vai_json_node_get_object (node, NULL) : NULL;
  JsonArray *findings = object != NULL && json_object_has_member (object, "findings")
                            ? json_node_get_array (json_object_get_member (object, "findings"))
                            : NULL;

  for (guint i = 0; findings != NULL && i < json_array_get_length (findings); i++)
    g_ptr_array_add (views, view_of_json (json_array_get_object_element (findings, i), said, acts));
  return views;
}

static const char *
done_words (VaiAct act)
{
  switch (act)
    {
    case VAI_ACT_LEAVE_OUT:
      return _ ("Left out.");
    case VAI_ACT_MAKE_EMPTY:
      return _ ("Made empty.");
    case VAI_ACT_KEEP_ONE:
      return _ ("One of each was kept.");
    case VAI_ACT_SET_IDENTIFIER:
      return _ ("It only tells rows apart.");
    case VAI_ACT_NONE:
    default:
      return "";
    }
}

/* A finding ends with its question, after a colon or as a sentence of its own: what was decided is not asked again. */
char *
vai_finding_dup_proof (const VaiFindingView *view)
{
  g_return_val_if_fail (view != NULL, NULL);

  gsize length = strlen (view->sentence);
  if (view->done == VAI_ACT_NONE || !g_str_has_suffix (view->sentence, "?"))
    return g_strdup (view->sentence);
  while (length > 0 && !(view->sentence[length] == ' ' && strchr (":.", view->sentence[length - 1]) != NULL))
    length--;
  return length > 0 ? g_strdup_printf ("%.*s. %s", (int) length - 1, view->sentence, done_words (view->done))
                    : g_strdup (done_words (view->done));
}

char *
vai_finding_dup_done (const VaiFindingView *view)
{
  g_return_val_if_fail (view != NULL, NULL);

  g_autofree char *count = vai_format_count (view->n_rows);
  switch (view->act)
    {
    case VAI_ACT_LEAVE_OUT:
      return g_strdup_printf (_ ("“%s” left out"), view->column);
    case VAI_ACT_MAKE_EMPTY:
      return g_strdup_printf (_ ("%s values of “%s” made empty"), count, view->column);
    case VAI_ACT_KEEP_ONE:
      return g_strdup (_ ("One of each row kept"));
    case VAI_ACT_SET_IDENTIFIER:
      return g_strdup_printf (_ ("“%s” only tells rows apart now"), view->column);
    case VAI_ACT_NONE:
    default:
      return g_strdup ("");
    }
}
