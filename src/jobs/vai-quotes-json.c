#include "vai-quotes-json.h"

#include "vai-error.h"
#include "vai-json.h"

#include <string.h>

static void
replace_text (char **to, const char *from)
{
  if (from == NULL)
    return;
  g_free (*to);
  *to = g_strdup (from);
}

static void
replace_texts (GStrv *to, GStrv from)
{
  if (from == NULL)
    return;
  g_strfreev (*to);
  *to = g_strdupv (from);
}

static void
replace_table (GHashTable **to, GHashTable *from)
{
  if (from == NULL)
    return;
  g_clear_pointer (to, g_hash_table_unref);
  *to = g_hash_table_ref (from);
}

void
vai_quotes_options_override (VaiQuotesOptions *self, const VaiQuotesOptions *given)
{
  /* Other values of the outcome, or another column, make the stored ones meaningless. */
  if (given->outcome != NULL || given->won != NULL || given->lost != NULL)
    {
      g_clear_pointer (&self->won, g_strfreev);
      g_clear_pointer (&self->lost, g_strfreev);
    }
  replace_text (&self->outcome, given->outcome);
  replace_texts (&self->won, given->won);
  replace_texts (&self->lost, given->lost);
  replace_text (&self->date, given->date);
  replace_texts (&self->ignore, given->ignore);
  replace_table (&self->roles, given->roles);
  replace_table (&self->actionable, given->actionable);
  replace_texts (&self->acts, given->acts);
}

/* A hash of names → enum values, in the order of the names: equal options give equal text. */
static void
set_named_values (JsonObject *object, const char *member, GHashTable *table, const char *(*name_of) (guint value))
{
  if (table == NULL)
    return;
  JsonObject *values = json_object_new ();
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (table), (GCompareFunc) strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_string_member (values, l->data, name_of (GPOINTER_TO_UINT (g_hash_table_lookup (table, l->data))));
  json_object_set_object_member (object, member, values);
}

static void
set_flags (JsonObject *object, const char *member, GHashTable *flags)
{
  if (flags == NULL)
    return;
  JsonObject *values = json_object_new ();
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (flags), (GCompareFunc) strcmp);
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_boolean_member (values, l->data, GPOINTER_TO_INT (g_hash_table_lookup (flags, l->data)));
  json_object_set_object_member (object, member, values);
}

static const char *
role_name (guint value)
{
  return vai_role_name (value);
}

static const char *
type_name (guint value)
{
  return vai_type_name (value);
}

static void
set_texts (JsonObject *object, const char *member, GStrv texts)
{
  if (texts != NULL)
    vai_json_set_strings (object, member, (const char *const *) texts);
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

static void
set_mark (JsonObject *object, const char *member, char mark)
{
  char text[] = { mark, '\0' };
  vai_json_set_text (object, member, mark != '\0' ? text : NULL);
}

/* Every member is there; what is not known is null. */
static JsonObject *
dialect_to_json (const VaiDialect *dialect)
{
  const char *format = dialect->format != VAI_FORMAT_UNKNOWN ? vai_format_name (dialect->format) : NULL;
  const char *encoding = dialect->encoding != VAI_ENCODING_UNKNOWN ? vai_encoding_name (dialect->encoding) : NULL;
  const char *order = dialect->date_order != VAI_DATE_ORDER_UNKNOWN ? vai_date_order_name (dialect->date_order) : NULL;
  JsonObject *object = json_object_new ();
  vai_json_set_text (object, "format", format);
  json_object_set_boolean_member (object, "gzip", dialect->gzip);
  json_object_set_boolean_member (object, "wrapped_lines", dialect->wrapped_lines);
  vai_json_set_text (object, "encoding", encoding);
  json_object_set_boolean_member (object, "bom", dialect->bom);
  set_mark (object, "delimiter", dialect->delimiter);
  set_mark (object, "quote", dialect->quote);
  vai_json_set_text (object, "sheet", dialect->sheet);
  json_object_set_int_member (object, "preamble", dialect->preamble);
  json_object_set_boolean_member (object, "has_header", dialect->has_header);
  set_mark (object, "decimal_mark", dialect->decimal_mark);
  set_mark (object, "thousands_mark", dialect->thousands_mark);
  vai_json_set_text (object, "date_order", order);
  return object;
}

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return node;
}

static char *
dup_text_of (JsonObject *object)
{
  g_autoptr (JsonNode) node = take_object (object);
  return json_to_string (node, FALSE);
}

JsonNode *
vai_dialect_to_json (const VaiDialect *dialect)
{
  return take_object (dialect_to_json (dialect));
}

static JsonObject *
options_to_object (const VaiQuotesOptions *options)
{
  JsonObject *object = json_object_new ();
  g_autofree char *path = options->path != NULL ? g_canonicalize_filename (options->path, NULL) : NULL;
  set_text (object, "path", path);
  set_text (object, "dataset_id", options->dataset_id);
  set_text (object, "outcome", options->outcome);
  set_texts (object, "won", options->won);
  set_texts (object, "lost", options->lost);
  set_text (object, "date", options->date);
  set_texts (object, "ignore", options->ignore);
  set_named_values (object, "roles", options->roles, role_name);
  set_flags (object, "actionable", options->actionable);
  set_named_values (object, "types", options->import.types, type_name);
  set_texts (object, "acts", options->acts);
  json_object_set_object_member (object, "dialect", dialect_to_json (&options->import.dialect));
  json_object_set_int_member (object, "rows_max", options->import.rows_max);
  return object;
}

JsonNode *
vai_quotes_options_to_json (const VaiQuotesOptions *options)
{
  return take_object (options_to_object (options));
}

/* Reading back. A member that is not there leaves the field as it is. */

static gboolean
get_text (JsonObject *object, const char *member, char **text, GError **error)
{
  if (!json_object_has_member (object, member))
    return TRUE;
  const char *value = vai_json_get_string (object, member, error);
  replace_text (text, value);
  return value != NULL;
}

static gboolean
get_texts (JsonObject *object, const char *member, GStrv *texts, GError **error)
{
  if (!json_object_has_member (object, member))
    return TRUE;
  g_strfreev (*texts);
  *texts = vai_json_get_strings (object, member, error);
  return *texts != NULL;
}

/* Names that this version does not know are left out: a column then has the role or type that is found for it. */
static gboolean
get_roles (JsonObject *object, GHashTable **roles, GError **error)
{
  if (!json_object_has_member (object, "roles"))
    return TRUE;
  JsonObject *values = vai_json_get_object (object, "roles", error);
  if (values == NULL)
    return FALSE;
  g_clear_pointer (roles, g_hash_table_unref);
  *roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) names = json_object_get_members (values);
  VaiRole role;
  for (GList *l = names; l != NULL; l = l->next)
    if (vai_role_from_name (json_object_get_string_member_with_default (values, l->data, ""), &role))
      g_hash_table_insert (*roles, g_strdup (l->data), GUINT_TO_POINTER (role));
  return TRUE;
}

static gboolean
get_flags (JsonObject *object, const char *member, GHashTable **flags, GError **error)
{
  if (!json_object_has_member (object, member))
    return TRUE;
  JsonObject *values = vai_json_get_object (object, member, error);
  if (values == NULL)
    return FALSE;
  g_clear_pointer (flags, g_hash_table_unref);
  *flags = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) names = json_object_get_members (values);
  for (GList *l = names; l != NULL; l = l->next)
    g_hash_table_insert (*flags, g_strdup (l->data),
                         GINT_TO_POINTER (json_object_get_boolean_member_with_default (values, l->data, FALSE)));
  return TRUE;
}

static gboolean
get_types (JsonObject *object, GHashTable **types, GError **error)
{
  if (!json_object_has_member (object, "types"))
    return TRUE;
  JsonObject *values = vai_json_get_object (object, "types", error);
  if (values == NULL)
    return FALSE;
  g_clear_pointer (types, g_hash_table_unref);
  *types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GList) names = json_object_get_members (values);
  VaiType type;
  for (GList *l = names; l != NULL; l = l->next)
    if (vai_type_from_name (json_object_get_string_member_with_default (values, l->data, ""), &type))
      g_hash_table_insert (*types, g_strdup (l->data), GUINT_TO_POINTER (type));
  return TRUE;
}

/* "" for a member that is missing or null: of what is not known. */
static const char *
known_text (JsonObject *object, const char *member)
{
  const char *text = json_object_get_string_member_with_default (object, member, NULL);
  return text != NULL ? text : "";
}

static char
get_mark (JsonObject *object, const char *member)
{
  return known_text (object, member)[0];
}

static void
dialect_from_json (VaiDialect *dialect, JsonObject *object)
{
  const char *format = known_text (object, "format");
  const char *encoding = known_text (object, "encoding");
  const char *order = known_text (object, "date_order");
  for (VaiFormat i = VAI_FORMAT_DELIMITED; i <= VAI_FORMAT_XLS; i++)
    if (strcmp (format, vai_format_name (i)) == 0)
      dialect->format = i;
  for (VaiEncoding i = VAI_ENCODING_UTF8; i <= VAI_ENCODING_WINDOWS_1252; i++)
    if (strcmp (encoding, vai_encoding_name (i)) == 0)
      dialect->encoding = i;
  for (VaiDateOrder i = VAI_DATE_ORDER_YMD; i <= VAI_DATE_ORDER_MDY; i++)
    if (strcmp (order, vai_date_order_name (i)) == 0)
      dialect->date_order = i;
  dialect->gzip = json_object_get_boolean_member_with_default (object, "gzip", dialect->gzip);
  dialect->wrapped_lines
      = json_object_get_boolean_member_with_default (object, "wrapped_lines", dialect->wrapped_lines);
  dialect->bom = json_object_get_boolean_member_with_default (object, "bom", dialect->bom);
  dialect->delimiter = get_mark (object, "delimiter");
  dialect->quote = get_mark (object, "quote");
  dialect->decimal_mark = get_mark (object, "decimal_mark");
  dialect->thousands_mark = get_mark (object, "thousands_mark");
  replace_text (&dialect->sheet, json_object_get_string_member_with_default (object, "sheet", NULL));
  dialect->preamble = json_object_get_int_member_with_default (object, "preamble", dialect->preamble);
  dialect->has_header = json_object_get_boolean_member_with_default (object, "has_header", dialect->has_header);
}

gboolean
vai_quotes_options_from_json (VaiQuotesOptions *self, JsonObject *object, GError **error)
{
  if (!get_text (object, "path", &self->path, error) || !get_text (object, "dataset_id", &self->dataset_id, error)
      || !get_text (object, "outcome", &self->outcome, error) || !get_texts (object, "won", &self->won, error)
      || !get_texts (object, "lost", &self->lost, error) || !get_text (object, "date", &self->date, error)
      || !get_texts (object, "ignore", &self->ignore, error) || !get_roles (object, &self->roles, error)
      || !get_flags (object, "actionable", &self->actionable, error) || !get_types (object, &self->import.types, error)
      || !get_texts (object, "acts", &self->acts, error))
    return FALSE;
  JsonObject *dialect = NULL;
  if (json_object_has_member (object, "dialect") && (dialect = vai_json_get_object (object, "dialect", error)) == NULL)
    return FALSE;
  if (dialect != NULL)
    dialect_from_json (&self->import.dialect, dialect);
  self->import.rows_max = MAX (0, json_object_get_int_member_with_default (object, "rows_max", 0));
  return TRUE;
}

/* What was found, said so that it is not searched for again: the outcome and its values. */
static void
pin_outcome (VaiQuotesOptions *pinned, const VaiQuotes *quotes)
{
  const VaiProfile *profile = quotes->profile;
  if (profile->outcome < 0)
    return;
  g_autoptr (GStrvBuilder) won = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) lost = g_strv_builder_new ();
  for (guint i = 0; i < profile->outcome_values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (profile->outcome_values, i);
      if (value->outcome == VAI_OUTCOME_WON)
        g_strv_builder_add (won, value->value);
      else if (value->outcome == VAI_OUTCOME_LOST)
        g_strv_builder_add (lost, value->value);
    }
  replace_text (&pinned->outcome, vai_table_column (quotes->table, profile->outcome)->name);
  g_strfreev (pinned->won);
  g_strfreev (pinned->lost);
  pinned->won = g_strv_builder_end (won);
  pinned->lost = g_strv_builder_end (lost);
}

char *
vai_quotes_dup_mapping (const VaiQuotes *quotes, const VaiQuotesOptions *options)
{
  g_auto (VaiQuotesOptions) pinned;
  vai_quotes_options_init (&pinned);
  vai_quotes_options_override (&pinned, options);
  pin_outcome (&pinned, quotes);
  g_strfreev (pinned.acts);
  g_autoptr (GStrvBuilder) acts = g_strv_builder_new ();
  for (guint i = 0; i < quotes->acted->len; i++)
    g_strv_builder_add (acts, g_ptr_array_index (quotes->acted, i));
  pinned.acts = g_strv_builder_end (acts);
  JsonObject *mapping = json_object_new ();
  vai_json_set_text (mapping, "outcome", pinned.outcome);
  set_texts (mapping, "won", pinned.won);
  set_texts (mapping, "lost", pinned.lost);
  JsonObject *roles = json_object_new ();
  for (guint i = 0; i < quotes->table->columns->len; i++)
    json_object_set_string_member (roles, vai_table_column (quotes->table, i)->name,
                                   vai_role_name (quotes->profile->columns[i].role));
  json_object_set_object_member (mapping, "roles", roles);
  json_object_set_object_member (mapping, "given", options_to_object (&pinned));
  return dup_text_of (mapping);
}

gboolean
vai_quotes_options_from_mapping (VaiQuotesOptions *self, const char *mapping, GError **error)
{
  g_autoptr (JsonNode) node = vai_json_parse (mapping, strlen (mapping), error);
  JsonObject *object = node != NULL ? vai_json_node_get_object (node, error) : NULL;
  JsonObject *given = object != NULL ? vai_json_get_object (object, "given", error) : NULL;
  return given != NULL && vai_quotes_options_from_json (self, given, error);
}

VaiDateOrder
vai_quotes_get_date_order (const VaiQuotes *quotes)
{
  if (quotes->import != NULL)
    return quotes->import->dialect.date_order;
  const char *text = quotes->dataset != NULL ? quotes->dataset->dialect : NULL;
  g_autoptr (JsonNode) node = text != NULL ? vai_json_parse (text, strlen (text), NULL) : NULL;
  JsonObject *object = node != NULL ? vai_json_node_get_object (node, NULL) : NULL;
  g_auto (VaiDialect) dialect;
  vai_dialect_init (&dialect);
  if (object != NULL)
    dialect_from_json (&dialect, object);
  return dialect.date_order;
}

char *
vai_quotes_dup_dialect (const VaiDialect *dialect)
{
  return dup_text_of (dialect_to_json (dialect));
}

static JsonObject *
finding_to_json (const VaiFinding *finding, const VaiTable *table)
{
  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "id", finding->id);
  json_object_set_string_member (object, "kind", vai_finding_kind_name (finding->kind));
  json_object_set_string_member (object, "severity", vai_severity_name (finding->severity));
  vai_json_set_text (object, "column", finding->column >= 0 ? vai_table_column (table, finding->column)->name : NULL);
  vai_json_set_text (object, "value", finding->value);
  json_object_set_string_member (object, "sentence", finding->sentence);
  json_object_set_string_member (object, "act", vai_act_name (finding->act));
  json_object_set_boolean_member (object, "safe", finding->safe);
  json_object_set_int_member (object, "rows", finding->n_rows);
  return object;
}

static JsonArray *
findings_to_array (const VaiQuotes *quotes)
{
  JsonArray *findings = json_array_new ();
  for (guint i = 0; i < quotes->profile->findings->len; i++)
    json_array_add_object_element (findings,
                                   finding_to_json (g_ptr_array_index (quotes->profile->findings, i), quotes->table));
  return findings;
}

JsonNode *
vai_findings_to_json (const VaiQuotes *quotes)
{
  JsonNode *node = json_node_alloc ();
  json_node_init (node, JSON_NODE_ARRAY);
  json_node_take_array (node, findings_to_array (quotes));
  return node;
}

/* The first and the last day on which a quote was opened, when there is such a column with dates. */
static void
set_opened (JsonObject *object, const VaiQuotes *quotes)
{
  for (guint i = 0; i < quotes->table->columns->len; i++)
    {
      const VaiColumn *column = vai_table_column (quotes->table, i);
      gint64 first = G_MAXINT64, last = G_MININT64;
      if (quotes->profile->columns[i].role != VAI_ROLE_OPENED_DATE || column->times == NULL)
        continue;
      for (gsize row = 0; row < column->n_rows; row++)
        if (column->times[row] != VAI_TIME_MISSING)
          first = MIN (first, column->times[row]), last = MAX (last, column->times[row]);
      if (first > last)
        continue;
      json_object_set_int_member (object, "opened_first", first);
      json_object_set_int_member (object, "opened_last", last);
    }
}

char *
vai_quotes_dup_quality (const VaiQuotes *quotes)
{
  JsonObject *object = json_object_new ();
  json_object_set_array_member (object, "findings", findings_to_array (quotes));
  json_object_set_int_member (object, "duplicate_rows", quotes->profile->n_duplicate_rows);
  json_object_set_int_member (object, "won", quotes->profile->n_won);
  json_object_set_int_member (object, "lost", quotes->profile->n_lost);
  json_object_set_int_member (object, "open", quotes->profile->n_open);
  set_opened (object, quotes);
  return dup_text_of (object);
}
