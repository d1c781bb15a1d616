#include "vai-training-column.h"

#include "vai-column-words.h"
#include "vai-quotes-json.h"

#include <glib/gi18n-lib.h>

struct _VaiTrainingColumn
{
  GObject parent_instance;

  guint index; /* in the table */
  char *name, *kind, *reason;
  VaiRole role;
  gboolean is_number;
  gboolean used, changeable;
  gboolean was_used, was_changeable; /* as the dataset says */
  VaiDirection direction;
};

G_DEFINE_FINAL_TYPE (VaiTrainingColumn, vai_training_column, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_USED,
  PROP_CHANGEABLE,
  PROP_DIRECTION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
vai_training_column_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VaiTrainingColumn *self = VAI_TRAINING_COLUMN (object);

  if (id == PROP_USED)
    g_value_set_boolean (value, self->used);
  else if (id == PROP_CHANGEABLE)
    g_value_set_boolean (value, self->changeable);
  else if (id == PROP_DIRECTION)
    g_value_set_uint (value, self->direction);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vai_training_column_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VaiTrainingColumn *self = VAI_TRAINING_COLUMN (object);

  if (id == PROP_USED)
    self->used = g_value_get_boolean (value);
  else if (id == PROP_CHANGEABLE)
    self->changeable = g_value_get_boolean (value);
  else if (id == PROP_DIRECTION)
    self->direction = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vai_training_column_finalize (GObject *object)
{
  VaiTrainingColumn *self = VAI_TRAINING_COLUMN (object);

  g_free (self->name);
  g_free (self->kind);
  g_free (self->reason);
  G_OBJECT_CLASS (vai_training_column_parent_class)->finalize (object);
}

static void
vai_training_column_class_init (VaiTrainingColumnClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = vai_training_column_get_property;
  object_class->set_property = vai_training_column_set_property;
  object_class->finalize = vai_training_column_finalize;
  properties[PROP_USED] = g_param_spec_boolean ("used", NULL, NULL, FALSE, flags);
  properties[PROP_CHANGEABLE] = g_param_spec_boolean ("changeable", NULL, NULL, FALSE, flags);
  properties[PROP_DIRECTION]
      = g_param_spec_uint ("direction", NULL, NULL, 0, VAI_N_DIRECTIONS - 1, VAI_DIRECTION_FREE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vai_training_column_init (VaiTrainingColumn *self)
{
}

/* The worst thing that is known of it. */
static const VaiFinding *
find_leak (const VaiProfile *profile, guint column)
{
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      if (finding->column == (int) column && finding->severity == VAI_SEVERITY_LEAK)
        return finding;
    }
  return NULL;
}

/* Columns that are never learned from are not asked about. */
static gboolean
may_be_used (const VaiQuotes *quotes, guint column)
{
  const VaiColumn *data = vai_table_column (quotes->table, column);
  VaiRole role = quotes->profile->columns[column].role;

  return role != VAI_ROLE_OUTCOME && role != VAI_ROLE_IDENTIFIER && role != VAI_ROLE_CLOSED_DATE
         && data->n_missing < data->n_rows;
}

static VaiTrainingColumn *
column_new (const VaiQuotes *quotes, guint index)
{
  const VaiColumn *data = vai_table_column (quotes->table, index);
  const VaiColumnProfile *known = &quotes->profile->columns[index];
  const VaiFinding *leak = find_leak (quotes->profile, index);
  VaiTrainingColumn *self = g_object_new (VAI_TYPE_TRAINING_COLUMN, NULL);
  g_autofree char *type = vai_column_dup_type_text (data, data->type);

  self->index = index;
  self->name = g_strdup (data->name);
  self->kind = known->role == VAI_ROLE_FEATURE || known->role == VAI_ROLE_IGNORED
                   ? g_strdup (type)
                   : g_strdup_printf ("%s · %s", vai_role_title (known->role), type);
  self->role = known->role == VAI_ROLE_IGNORED ? VAI_ROLE_FEATURE : known->role;
  self->is_number = data->type == VAI_TYPE_NUMBER;
  self->was_used = known->role != VAI_ROLE_IGNORED;
  self->used = self->was_used && leak == NULL;
  self->changeable = self->was_changeable = known->actionable;
  if (leak != NULL)
    self->reason = g_strdup (leak->sentence);
  else if (!self->was_used)
    self->reason = g_strdup (_ ("Left out in the data"));
  return self;
}

GListStore *
vai_training_columns_new (const VaiQuotes *quotes)
{
  GListStore *columns = g_list_store_new (VAI_TYPE_TRAINING_COLUMN);

  for (guint i = 0; i < quotes->table->columns->len; i++)
    if (may_be_used (quotes, i))
      {
        g_autoptr (VaiTrainingColumn) column = column_new (quotes, i);
        g_list_store_append (columns, column);
      }
  return columns;
}

static void
set_named (GHashTable **table, const char *name, int value)
{
  if (*table == NULL)
    *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_insert (*table, g_strdup (name), GINT_TO_POINTER (value));
}

static int
column_of_finding (const VaiQuotes *quotes, const char *id)
{
  for (guint i = 0; i < quotes->profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (quotes->profile->findings, i);
      if (g_str_equal (finding->id, id))
        return finding->column;
    }
  return -1;
}

/* Takes back what left the column out, whether by name or by acting on a finding. */
static void
take_back (VaiTrainingColumn *self, const VaiQuotes *quotes, VaiQuotesOptions *options)
{
  g_autoptr (GStrvBuilder) ignore = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) acts = g_strv_builder_new ();

  for (guint i = 0; options->ignore != NULL && options->ignore[i] != NULL; i++)
    if (!g_str_equal (options->ignore[i], self->name))
      g_strv_builder_add (ignore, options->ignore[i]);
  for (guint i = 0; options->acts != NULL && options->acts[i] != NULL; i++)
    if (column_of_finding (quotes, options->acts[i]) != (int) self->index)
      g_strv_builder_add (acts, options->acts[i]);
  g_strfreev (options->ignore);
  g_strfreev (options->acts);
  options->ignore = g_strv_builder_end (ignore);
  options->acts = g_strv_builder_end (acts);
}

static void
apply_one (VaiTrainingColumn *self, const VaiQuotes *quotes, VaiQuotesOptions *options, GHashTable *monotone)
{
  if (self->used && !self->was_used)
    take_back (self, quotes, options);
  if (self->used != self->was_used)
    set_named (&options->roles, self->name, self->used ? self->role : VAI_ROLE_IGNORED);
  if (self->used && self->changeable != self->was_changeable)
    set_named (&options->actionable, self->name, self->changeable);
  if (self->used && self->is_number && self->direction != VAI_DIRECTION_FREE)
    g_hash_table_insert (monotone, g_strdup (self->name),
                         GINT_TO_POINTER (self->direction == VAI_DIRECTION_RAISE ? 1 : -1));
}

gboolean
vai_training_columns_apply (GListModel *columns,
                            const VaiQuotes *quotes,
                            VaiQuotesOptions *options,
                            GHashTable *monotone,
                            GError **error)
{
  const char *mapping = quotes->dataset != NULL ? quotes->dataset->column_mapping : NULL;

  if (mapping != NULL && !vai_quotes_options_from_mapping (options, mapping, error))
    return FALSE;
  /* A mapping that came from a file names it. */
  g_clear_pointer (&options->path, g_free);
  g_free (options->dataset_id);
  options->dataset_id = g_strdup (quotes->dataset != NULL ? quotes->dataset->id : NULL);
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (VaiTrainingColumn) column = g_list_model_get_item (columns, i);
      apply_one (column, quotes, options, monotone);
    }
  return TRUE;
}

guint
vai_training_columns_count_used (GListModel *columns)
{
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (VaiTrainingColumn) column = g_list_model_get_item (columns, i);
      n += column->used;
    }
  return n;
}

const char *
vai_training_column_get_name (VaiTrainingColumn *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_COLUMN (self), "");
  return self->name;
}

const char *
vai_training_column_get_kind (VaiTrainingColumn *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_COLUMN (self), "");
  return self->kind;
}

const char *
vai_training_column_get_reason (VaiTrainingColumn *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_COLUMN (self), NULL);
  return self->reason;
}

gboolean
vai_training_column_get_used (VaiTrainingColumn *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_COLUMN (self), FALSE);
  return self->used;
}

gboolean
vai_training_column_get_changeable (VaiTrainingColumn *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_COLUMN (self), FALSE);
  return self->changeable;
}

VaiDirection
vai_training_column_get_direction (VaiTrainingColumn *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_COLUMN (self), VAI_DIRECTION_FREE);
  return self->direction;
}

gboolean
vai_training_column_has_direction (VaiTrainingColumn *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_COLUMN (self), FALSE);
  return self->is_number;
}
