#include "vai-schema.h"

#include "vai-error.h"
#include "vai-json.h"
#include "vai-order.h"
#include "vai-role.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The grid of a number that has more distinct values than this is thinned to so many quantiles: enough for a curve. */
#define GRID_MAX 64

/* Far above any table that trains in memory. */
#define FEATURES_MAX 100000

static const double quantile_levels[VAI_N_SEEN_QUANTILES] = { 0, .01, .05, .25, .5, .75, .95, .99, 1 };

static VaiFeature *
feature_new (const char *name, VaiType type)
{
  VaiFeature *self = g_new0 (VaiFeature, 1);
  self->name = g_strdup (name);
  self->type = type;
  self->grid = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < VAI_N_SEEN_QUANTILES; i++)
    self->seen[i] = NAN;
  return self;
}

static void
feature_free (gpointer data)
{
  VaiFeature *self = data;
  g_free (self->name);
  g_free (self->unit);
  g_clear_pointer (&self->values, vai_dictionary_free);
  g_free (self->counts);
  g_array_unref (self->grid);
  g_strfreev (self->empty_values);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiFeature, feature_free)

static VaiSchema *
schema_alloc (void)
{
  VaiSchema *self = g_new0 (VaiSchema, 1);
  g_atomic_ref_count_init (&self->refs);
  self->features = g_ptr_array_new_with_free_func (feature_free);
  return self;
}

/* Linear interpolation between order statistics, as numpy's default. */
static double
quantile (const GArray *sorted, double level)
{
  double position = level * (sorted->len - 1);
  guint below = floor (position);
  double low = g_array_index (sorted, double, below);
  double high = g_array_index (sorted, double, MIN (below + 1, sorted->len - 1));
  return low + (high - low) * (position - below);
}

static void
fill_grid (VaiFeature *self, const GArray *sorted)
{
  g_autoptr (GArray) distinct = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint i = 0; i < sorted->len; i++)
    if (i == 0 || g_array_index (sorted, double, i) > g_array_index (sorted, double, i - 1))
      g_array_append_val (distinct, g_array_index (sorted, double, i));
  const GArray *from = distinct->len <= GRID_MAX ? distinct : sorted;
  guint n = MIN (from->len, GRID_MAX);
  for (guint i = 0; i < n; i++)
    {
      double x = g_array_index (from, double, n > 1 ? (guint64) i * (from->len - 1) / (n - 1) : 0);
      if (self->grid->len == 0 || x > g_array_index (self->grid, double, self->grid->len - 1))
        g_array_append_val (self->grid, x);
    }
}

static void
learn_numbers (VaiFeature *self, const VaiColumn *column, const guint32 *rows, gsize n_rows)
{
  g_autoptr (GArray) sorted = g_array_sized_new (FALSE, FALSE, sizeof (double), n_rows);
  for (gsize i = 0; i < n_rows; i++)
    if (!vai_column_is_missing (column, rows[i]))
      {
        double x = column->type == VAI_TYPE_DATE ? column->times[rows[i]] / (double) VAI_SECONDS_PER_DAY
                                                 : column->numbers[rows[i]];
        if (isfinite (x))
          g_array_append_val (sorted, x);
      }
  self->n_missing = n_rows - sorted->len;
  if (sorted->len == 0)
    return;
  vai_sort_doubles ((double *) sorted->data, sorted->len);
  for (guint i = 0; i < VAI_N_SEEN_QUANTILES; i++)
    self->seen[i] = quantile (sorted, quantile_levels[i]);
  fill_grid (self, sorted);
}

char *
vai_schema_clean_value (const char *text, gsize length)
{
  GString *clean = g_string_sized_new (length);
  for (gsize i = 0; i < length; i++)
    if (text[i])
      g_string_append_c (clean, text[i]);
    else
      g_string_append (clean, "\342\220\200"); /* U+2400, the symbol for NUL: JSON texts end at a NUL */
  return g_string_free (clean, FALSE);
}

static gint32
add_value (VaiFeature *self, const VaiColumn *column, gint32 code)
{
  gsize length;
  const char *text = vai_dictionary_get (column->dictionary, code, &length);
  if (!memchr (text, 0, length))
    return vai_dictionary_add (self->values, text, length);
  g_autofree char *clean = vai_schema_clean_value (text, length);
  return vai_dictionary_add (self->values, clean, strlen (clean));
}

static void
learn_values (VaiFeature *self, const VaiColumn *column, const guint32 *rows, gsize n_rows)
{
  guint n_codes = vai_dictionary_get_size (column->dictionary);
  g_autofree gint32 *map = g_new (gint32, n_codes + 1);
  self->values = vai_dictionary_new ();
  self->counts = g_new0 (gsize, n_codes + 1);
  for (guint i = 0; i < n_codes; i++)
    map[i] = VAI_CODE_MISSING;
  for (gsize i = 0; i < n_rows; i++)
    {
      gint32 code = column->codes[rows[i]];
      if (code == VAI_CODE_MISSING)
        self->n_missing++;
      else
        {
          if (map[code] == VAI_CODE_MISSING)
            map[code] = add_value (self, column, code);
          self->counts[map[code]]++;
        }
    }
}

/* TRUE when @self is not the same in every row. */
static gboolean
feature_varies (const VaiFeature *self, const VaiColumn *column, const guint32 *rows, gsize n_rows)
{
  if (self->n_missing > 0)
    return self->n_missing < n_rows;
  if (self->type == VAI_TYPE_NUMBER || self->type == VAI_TYPE_DATE)
    return self->seen[0] < self->seen[VAI_N_SEEN_QUANTILES - 1];
  if (self->type == VAI_TYPE_CATEGORY)
    return vai_dictionary_get_size (self->values) > 1;
  for (gsize i = 1; i < n_rows; i++)
    if (column->codes[rows[i]] != column->codes[rows[0]])
      return TRUE;
  return FALSE;
}

static gboolean
is_feature_role (VaiRole role)
{
  return role != VAI_ROLE_IGNORED && role != VAI_ROLE_OUTCOME && role != VAI_ROLE_IDENTIFIER
         && role != VAI_ROLE_CLOSED_DATE;
}

static VaiFeature *
learn_feature (const VaiColumn *column, const VaiColumnProfile *profile, const guint32 *rows, gsize n_rows)
{
  VaiFeature *self = feature_new (column->name, column->type);
  self->role = profile->role;
  self->actionable = profile->actionable;
  self->unit = g_strdup (column->unit);
  self->decimals = column->decimals;
  if (column->type == VAI_TYPE_NUMBER || column->type == VAI_TYPE_DATE)
    learn_numbers (self, column, rows, n_rows);
  else if (column->type == VAI_TYPE_CATEGORY)
    learn_values (self, column, rows, n_rows);
  else
    for (gsize i = 0; i < n_rows; i++)
      self->n_missing += column->codes[rows[i]] == VAI_CODE_MISSING;
  return self;
}

/* NULL when there are none. */
static GStrv
empty_values_of (const VaiProfile *profile, guint column)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean any = FALSE;
  for (guint i = 0; profile->findings != NULL && i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      if (finding->column != (int) column || finding->act != VAI_ACT_MAKE_EMPTY || !finding->taken)
        continue;
      g_strv_builder_add (builder, finding->value);
      any = TRUE;
    }
  return any ? g_strv_builder_end (builder) : NULL;
}

static GStrv
values_of (const VaiProfile *profile, VaiOutcome outcome)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (guint i = 0; i < profile->outcome_values->len; i++)
    {
      const VaiOutcomeValue *value = g_ptr_array_index (profile->outcome_values, i);
      if (value->outcome == outcome)
        g_strv_builder_add (builder, value->value);
    }
  return g_strv_builder_end (builder);
}

static void
remember_role (VaiSchema *self, VaiRole role, const char *name)
{
  char **place = role == VAI_ROLE_OPENED_DATE   ? &self->opened_date
                 : role == VAI_ROLE_CLOSED_DATE ? &self->closed_date
                 : role == VAI_ROLE_IDENTIFIER  ? &self->identifier
                                                : NULL;
  if (place && !*place)
    *place = g_strdup (name);
}

VaiSchema *
vai_schema_new (const VaiTable *table, const VaiProfile *profile, const guint32 *rows, gsize n_rows, GError **error)
{
  g_autoptr (VaiSchema) self = schema_alloc ();
  for (guint i = 0; i < table->columns->len; i++)
    {
      const VaiColumn *column = vai_table_column (table, i);
      const VaiColumnProfile *found = &profile->columns[i];
      remember_role (self, found->role, column->name);
      if (!is_feature_role (found->role))
        continue;
      g_autoptr (VaiFeature) feature = learn_feature (column, found, rows, n_rows);
      feature->empty_values = empty_values_of (profile, i);
      if (feature_varies (feature, column, rows, n_rows))
        g_ptr_array_add (self->features, g_steal_pointer (&feature));
    }
  if (profile->outcome >= 0)
    self->outcome = g_strdup (vai_table_column (table, profile->outcome)->name);
  self->won = values_of (profile, VAI_OUTCOME_WON);
  self->lost = values_of (profile, VAI_OUTCOME_LOST);
  if (self->features->len > 0)
    return g_steal_pointer (&self);
  g_set_error (error, VAI_ERROR, VAI_ERROR_NO_FEATURES,
               _ ("No column is left that could tell anything: every other column is ignored, empty or the same in "
                  "every row. Keep at least one."));
  return NULL;
}

VaiSchema *
vai_schema_ref (VaiSchema *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
vai_schema_unref (VaiSchema *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_ptr_array_unref (self->features);
  g_free (self->outcome);
  g_strfreev (self->won);
  g_strfreev (self->lost);
  g_free (self->opened_date);
  g_free (self->closed_date);
  g_free (self->identifier);
  g_free (self);
}

const char *
vai_feature_unit (const VaiFeature *self)
{
  if (self->unit != NULL)
    return self->unit;
  return self->type == VAI_TYPE_NUMBER && strchr (self->name, '%') != NULL ? "%" : NULL;
}

int
vai_schema_find (const VaiSchema *self, const char *name)
{
  for (guint i = 0; i < self->features->len; i++)
    if (g_str_equal (vai_schema_feature (self, i)->name, name))
      return i;
  return -1;
}

static void
values_to_json (const VaiFeature *self, JsonObject *object)
{
  guint n = vai_dictionary_get_size (self->values);
  JsonArray *texts = json_array_sized_new (n), *counts = json_array_sized_new (n);
  for (guint i = 0; i < n; i++)
    {
      json_array_add_string_element (texts, vai_dictionary_get (self->values, i, NULL));
      json_array_add_int_element (counts, self->counts[i]);
    }
  json_object_set_array_member (object, "values", texts);
  json_object_set_array_member (object, "counts", counts);
}

static JsonObject *
feature_to_json (const VaiFeature *self)
{
  JsonObject *object = json_object_new ();
  vai_json_set_text (object, "name", self->name);
  vai_json_set_text (object, "type", vai_type_name (self->type));
  vai_json_set_text (object, "role", vai_role_name (self->role));
  json_object_set_boolean_member (object, "actionable", self->actionable);
  json_object_set_int_member (object, "monotone", self->monotone);
  vai_json_set_text (object, "unit", self->unit);
  json_object_set_int_member (object, "decimals", self->decimals);
  json_object_set_int_member (object, "missing", self->n_missing);
  if (self->values)
    values_to_json (self, object);
  if (self->empty_values)
    vai_json_set_strings (object, "empty_values", (const char *const *) self->empty_values);
  json_object_set_array_member (object, "seen", vai_json_array_new_doubles (self->seen, VAI_N_SEEN_QUANTILES));
  json_object_set_array_member (object, "grid",
                                vai_json_array_new_doubles ((double *) self->grid->data, self->grid->len));
  return object;
}

JsonNode *
vai_schema_to_json (const VaiSchema *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *features = json_array_new ();
  for (guint i = 0; i < self->features->len; i++)
    json_array_add_object_element (features, feature_to_json (vai_schema_feature (self, i)));
  json_object_set_array_member (object, "features", features);
  vai_json_set_text (object, "outcome", self->outcome);
  vai_json_set_strings (object, "won", (const char *const *) self->won);
  vai_json_set_strings (object, "lost", (const char *const *) self->lost);
  vai_json_set_text (object, "opened_date", self->opened_date);
  vai_json_set_text (object, "closed_date", self->closed_date);
  vai_json_set_text (object, "identifier", self->identifier);
  vai_json_set_text (object, "date_order", vai_date_order_name (self->date_order));
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

static gboolean
damaged (GError **error, const char *what)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("The model file is damaged: column “%s” does not hold together. Train the model again."), what);
  return FALSE;
}

static gboolean
values_from_json (VaiFeature *self, JsonObject *object, GError **error)
{
  g_auto (GStrv) texts = vai_json_get_strings (object, "values", error);
  if (!texts)
    return FALSE;
  guint n = g_strv_length (texts);
  g_autofree double *counts = g_new (double, n + 1);
  if (!vai_json_get_doubles (object, "counts", counts, n, error))
    return FALSE;
  self->values = vai_dictionary_new ();
  self->counts = g_new0 (gsize, n + 1);
  for (guint i = 0; i < n; i++)
    {
      double count = counts[i];
      if (!(count >= 0 && count <= G_MAXUINT32)
          || vai_dictionary_add (self->values, texts[i], strlen (texts[i])) != (gint32) i)
        return damaged (error, self->name);
      self->counts[i] = count;
    }
  return TRUE;
}

static gboolean
numbers_from_json (VaiFeature *self, JsonObject *object, GError **error)
{
  JsonArray *array = vai_json_get_array (object, "grid", error);
  if (!array || !vai_json_get_doubles (object, "seen", self->seen, VAI_N_SEEN_QUANTILES, error))
    return FALSE;
  if (json_array_get_length (array) > GRID_MAX)
    return damaged (error, self->name);
  g_array_set_size (self->grid, json_array_get_length (array));
  double *grid = (double *) self->grid->data;
  if (!vai_json_get_doubles (object, "grid", grid, self->grid->len, error))
    return FALSE;
  for (guint i = 1; i < VAI_N_SEEN_QUANTILES; i++)
    if (isnan (self->seen[i]) != isnan (self->seen[0]) || self->seen[i] < self->seen[i - 1])
      return damaged (error, self->name);
  for (guint i = 0; i < self->grid->len; i++)
    if (isnan (grid[i]) || (i > 0 && grid[i] <= grid[i - 1]))
      return damaged (error, self->name);
  return TRUE;
}

static VaiFeature *
feature_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = vai_json_node_get_object (node, error);
  const char *name = object ? vai_json_get_string (object, "name", error) : NULL;
  const char *type_name = name ? vai_json_get_string (object, "type", error) : NULL;
  const char *role_name = type_name ? vai_json_get_string (object, "role", error) : NULL;
  const char *unit;
  gint64 monotone, decimals, missing;
  VaiType type;
  if (!role_name || !vai_json_get_text (object, "unit", &unit, error)
      || !vai_json_get_int (object, "monotone", -1, 1, &monotone, error)
      || !vai_json_get_int (object, "decimals", 0, 400, &decimals, error)
      || !vai_json_get_int (object, "missing", 0, G_MAXUINT32, &missing, error))
    return NULL;
  if (!vai_type_from_name (type_name, &type))
    {
      damaged (error, name);
      return NULL;
    }
  g_autoptr (VaiFeature) self = feature_new (name, type);
  self->unit = g_strdup (unit);
  self->monotone = monotone;
  self->decimals = decimals;
  self->n_missing = missing;
  if (!vai_role_from_name (role_name, &self->role) || !is_feature_role (self->role))
    {
      damaged (error, name);
      return NULL;
    }
  if (json_object_has_member (object, "empty_values")
      && !(self->empty_values = vai_json_get_strings (object, "empty_values", error)))
    return NULL;
  if (!vai_json_get_boolean (object, "actionable", &self->actionable, error) || !numbers_from_json (self, object, error)
      || (type == VAI_TYPE_CATEGORY && !values_from_json (self, object, error)))
    return NULL;
  return g_steal_pointer (&self);
}

static gboolean
header_from_json (VaiSchema *self, JsonObject *object, GError **error)
{
  const char *outcome, *opened, *closed, *identifier, *order;
  if (!vai_json_get_text (object, "outcome", &outcome, error)
      || !(self->won = vai_json_get_strings (object, "won", error))
      || !(self->lost = vai_json_get_strings (object, "lost", error))
      || !vai_json_get_text (object, "opened_date", &opened, error)
      || !vai_json_get_text (object, "closed_date", &closed, error)
      || !vai_json_get_text (object, "identifier", &identifier, error)
      || !(order = vai_json_get_string (object, "date_order", error)))
    return FALSE;
  self->outcome = g_strdup (outcome);
  self->opened_date = g_strdup (opened);
  self->closed_date = g_strdup (closed);
  self->identifier = g_strdup (identifier);
  for (VaiDateOrder i = VAI_DATE_ORDER_UNKNOWN; i <= VAI_DATE_ORDER_MDY; i++)
    if (g_str_equal (order, vai_date_order_name (i)))
      {
        self->date_order = i;
        return TRUE;
      }
  return damaged (error, "date_order");
}

VaiSchema *
vai_schema_from_json (JsonNode *node, GError **error)
{
  JsonObject *object = vai_json_node_get_object (node, error);
  JsonArray *features = object ? vai_json_get_array (object, "features", error) : NULL;
  g_autoptr (VaiSchema) self = schema_alloc ();
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  if (!features || !header_from_json (self, object, error))
    return NULL;
  if (json_array_get_length (features) == 0 || json_array_get_length (features) > FEATURES_MAX)
    {
      damaged (error, "features");
      return NULL;
    }
  for (guint i = 0; i < json_array_get_length (features); i++)
    {
      VaiFeature *feature = feature_from_json (json_array_get_element (features, i), error);
      if (!feature)
        return NULL;
      g_ptr_array_add (self->features, feature);
      if (!g_hash_table_add (names, feature->name))
        {
          damaged (error, feature->name);
          return NULL;
        }
    }
  return g_steal_pointer (&self);
}
