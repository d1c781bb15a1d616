#include "vai-import-draft.h"

#include "vai-error.h"
#include "vai-quotes-json.h"

#include <glib/gi18n-lib.h>

/* Rows of the preview. */
#define PREVIEW_ROWS 100

/* A person who turns through the values of a drop-down by keyboard stays on one for longer than this. */
#define WHOLE_FILE_DELAY_MS 300

struct _VaiImportDraft
{
  GObject parent_instance;

  VaiQuotesOptions options; /* what was said; hash tables are shared with threads and replaced, never changed */
  gboolean without_outcome; /* the outcome found was said to be something else */

  VaiPreview *preview;
  VaiQuotes *read;   /* the whole file, profiled when it was read */
  VaiQuotes *quotes; /* the same or profiled again; nullable */
  GError *error;
  VaiProgress *progress;

  GCancellable *previewing, *loading; /* nullable: what runs now, the latest only */
  guint load_id;
};

G_DEFINE_FINAL_TYPE (VaiImportDraft, vai_import_draft, G_TYPE_OBJECT)

enum
{
  PREVIEWED,
  LOADED,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
stop (GCancellable **running)
{
  if (*running != NULL)
    g_cancellable_cancel (*running);
  g_clear_object (running);
}

static void
vai_import_draft_dispose (GObject *object)
{
  VaiImportDraft *self = VAI_IMPORT_DRAFT (object);

  stop (&self->previewing);
  stop (&self->loading);
  g_clear_handle_id (&self->load_id, g_source_remove);
  G_OBJECT_CLASS (vai_import_draft_parent_class)->dispose (object);
}

static void
vai_import_draft_finalize (GObject *object)
{
  VaiImportDraft *self = VAI_IMPORT_DRAFT (object);

  vai_quotes_options_clear (&self->options);
  vai_preview_free (self->preview);
  vai_quotes_unref (self->read);
  vai_quotes_unref (self->quotes);
  g_clear_error (&self->error);
  g_clear_pointer (&self->progress, vai_progress_unref);
  G_OBJECT_CLASS (vai_import_draft_parent_class)->finalize (object);
}

static void
vai_import_draft_class_init (VaiImportDraftClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_import_draft_dispose;
  G_OBJECT_CLASS (klass)->finalize = vai_import_draft_finalize;
  signals[PREVIEWED] = g_signal_new ("previewed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LOADED] = g_signal_new ("loaded", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
vai_import_draft_init (VaiImportDraft *self)
{
  vai_quotes_options_init (&self->options);
}

VaiImportDraft *
vai_import_draft_new (void)
{
  return g_object_new (VAI_TYPE_IMPORT_DRAFT, NULL);
}

/* Work on other threads. */

typedef struct
{
  VaiQuotesOptions options;
  VaiQuotes *read; /* nullable: to profile again */
  VaiProgress *progress;
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  vai_quotes_options_clear (&self->options);
  vai_quotes_unref (self->read);
  g_clear_pointer (&self->progress, vai_progress_unref);
  g_free (self);
}

void
vai_import_draft_fill (VaiImportDraft *self, VaiQuotesOptions *options)
{
  g_return_if_fail (VAI_IS_IMPORT_DRAFT (self));
  g_return_if_fail (options != NULL);

  vai_quotes_options_override (options, &self->options);
  g_free (options->path);
  options->path = g_strdup (self->options.path);
  vai_dialect_copy (&options->import.dialect, &self->options.import.dialect);
  g_clear_pointer (&options->import.types, g_hash_table_unref);
  if (self->options.import.types != NULL)
    options->import.types = g_hash_table_ref (self->options.import.types);
}

static GTask *
task_new (VaiImportDraft *self, GCancellable **running, GAsyncReadyCallback callback, VaiQuotes *read)
{
  Work *work = g_new0 (Work, 1);
  GTask *task;

  stop (running);
  *running = g_cancellable_new ();
  vai_quotes_options_init (&work->options);
  vai_import_draft_fill (self, &work->options);
  work->options.import.want_sha256 = FALSE;
  work->read = read != NULL ? vai_quotes_ref (read) : NULL;
  work->progress = vai_progress_ref (self->progress);
  task = g_task_new (self, *running, callback, NULL);
  g_task_set_task_data (task, work, work_free);
  return task;
}

static void
preview_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  VaiPreview *preview = vai_preview_read (work->options.path, &work->options.import, PREVIEW_ROWS, cancellable, &error);

  if (preview != NULL)
    g_task_return_pointer (task, preview, (GDestroyNotify) vai_preview_free);
  else
    g_task_return_error (task, error);
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  GError *error = NULL;
  VaiQuotes *quotes = work->read != NULL
                          ? vai_quotes_again (work->read, &work->options, work->progress, cancellable, &error)
                          : vai_quotes_load (&work->options, NULL, work->progress, cancellable, &error);

  if (quotes != NULL)
    g_task_return_pointer (task, quotes, (GDestroyNotify) vai_quotes_unref);
  else
    g_task_return_error (task, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiImportDraft *self = VAI_IMPORT_DRAFT (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiQuotes) quotes = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->loading)
    return;
  g_clear_object (&self->loading);
  g_clear_error (&self->error);
  if (quotes != NULL && quotes->import != NULL)
    {
      vai_quotes_unref (self->read);
      self->read = vai_quotes_ref (quotes);
    }
  if (quotes != NULL)
    {
      vai_quotes_unref (self->quotes);
      self->quotes = g_steal_pointer (&quotes);
    }
  else
    self->error = g_steal_pointer (&error);
  g_signal_emit (self, signals[LOADED], 0);
}

static void
load_now (VaiImportDraft *self, VaiQuotes *read)
{
  g_clear_pointer (&self->progress, vai_progress_unref);
  self->progress = vai_progress_new ();
  g_autoptr (GTask) task = task_new (self, &self->loading, loaded_cb, read);
  g_task_run_in_thread (task, load_thread);
}

static gboolean
load_cb (gpointer user_data)
{
  VaiImportDraft *self = VAI_IMPORT_DRAFT (user_data);

  self->load_id = 0;
  load_now (self, NULL);
  return G_SOURCE_REMOVE;
}

/* The whole file again, a little later. */
static void
load_later (VaiImportDraft *self)
{
  stop (&self->loading);
  g_clear_handle_id (&self->load_id, g_source_remove);
  self->load_id = g_timeout_add (WHOLE_FILE_DELAY_MS, load_cb, self);
}

/* The columns again, without reading the file. What was found in them may then be something else, so no act stays. */
static void
profile_again (VaiImportDraft *self)
{
  g_clear_pointer (&self->options.acts, g_strfreev);
  if (self->read != NULL && self->load_id == 0)
    load_now (self, self->read);
  else
    load_later (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiImportDraft *self = VAI_IMPORT_DRAFT (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiPreview) preview = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->previewing)
    return;
  g_clear_object (&self->previewing);
  g_clear_error (&self->error);
  g_clear_pointer (&self->preview, vai_preview_free);
  if (preview != NULL)
    {
      self->preview = g_steal_pointer (&preview);
      load_later (self);
    }
  else
    self->error = g_steal_pointer (&error);
  g_signal_emit (self, signals[PREVIEWED], 0);
}

static void
read_again (VaiImportDraft *self)
{
  stop (&self->loading);
  g_clear_handle_id (&self->load_id, g_source_remove);
  g_clear_pointer (&self->read, vai_quotes_unref);
  g_clear_pointer (&self->quotes, vai_quotes_unref);
  g_clear_pointer (&self->progress, vai_progress_unref);
  g_clear_error (&self->error);
  self->progress = vai_progress_new ();
  g_autoptr (GTask) task = task_new (self, &self->previewing, previewed_cb, NULL);
  g_task_run_in_thread (task, preview_thread);
  g_signal_emit (self, signals[CHANGED], 0);
  g_signal_emit (self, signals[LOADED], 0);
}

/* What was said. */

/* Other columns: nothing of what was said of the old ones is meant. */
static void
forget_columns (VaiImportDraft *self)
{
  VaiQuotesOptions fresh;

  vai_quotes_options_init (&fresh);
  fresh.path = g_strdup (self->options.path);
  vai_dialect_copy (&fresh.import.dialect, &self->options.import.dialect);
  vai_quotes_options_clear (&self->options);
  self->options = fresh;
  self->without_outcome = FALSE;
}

void
vai_import_draft_set_path (VaiImportDraft *self, const char *path)
{
  g_return_if_fail (VAI_IS_IMPORT_DRAFT (self));
  g_return_if_fail (path != NULL);

  vai_dialect_clear (&self->options.import.dialect);
  vai_dialect_init (&self->options.import.dialect);
  g_free (self->options.path);
  self->options.path = g_strdup (path);
  g_clear_pointer (&self->preview, vai_preview_free);
  forget_columns (self);
  read_again (self);
}

const char *
vai_import_draft_get_path (VaiImportDraft *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), NULL);
  return self->options.path;
}

void
vai_import_draft_set_dialect (VaiImportDraft *self, const VaiDialect *dialect)
{
  g_return_if_fail (VAI_IS_IMPORT_DRAFT (self));
  g_return_if_fail (self->options.path != NULL);

  g_auto (VaiDialect) copy;
  vai_dialect_init (&copy);
  vai_dialect_copy (&copy, dialect);
  vai_dialect_clear (&self->options.import.dialect);
  vai_dialect_copy (&self->options.import.dialect, &copy);
  forget_columns (self);
  read_again (self);
}

const VaiDialect *
vai_import_draft_get_dialect (VaiImportDraft *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), NULL);
  return &self->options.import.dialect;
}

const VaiPreview *
vai_import_draft_get_preview (VaiImportDraft *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), NULL);
  return self->preview;
}

VaiQuotes *
vai_import_draft_get_quotes (VaiImportDraft *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), NULL);
  return self->quotes;
}

const VaiImport *
vai_import_draft_get_import (VaiImportDraft *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), NULL);
  return self->read != NULL ? self->read->import : NULL;
}

const GError *
vai_import_draft_get_error (VaiImportDraft *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), NULL);
  return self->error;
}

char *
vai_import_draft_dup_message (VaiImportDraft *self, const GError *error)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), NULL);
  g_return_val_if_fail (error != NULL, NULL);

  g_autoptr (GString) text = g_string_new (error->message);
  const char *path = vai_import_draft_get_path (self);
  if (path != NULL)
    {
      g_autofree char *base = g_path_get_basename (path);
      g_autofree char *name = g_filename_display_name (base);
      g_string_replace (text, path, name, 0);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
vai_import_draft_is_busy (VaiImportDraft *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), FALSE);
  return self->previewing != NULL || self->loading != NULL || self->load_id != 0;
}

double
vai_import_draft_get_fraction (VaiImportDraft *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), 0);
  return self->progress != NULL ? CLAMP (vai_progress_get_fraction (self->progress), 0, 1) : 0;
}

static const char *
column_name (VaiImportDraft *self, guint column)
{
  return vai_table_column (self->read->import->table, column)->name;
}

/* A copy of @table, nullable, to be changed. */
static GHashTable *
copy_table (GHashTable *table)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer key, value;

  if (table == NULL)
    return copy;
  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), value);
  return copy;
}

static void
take_table (GHashTable **to, GHashTable *table)
{
  g_clear_pointer (to, g_hash_table_unref);
  *to = table;
}

static gboolean
look_up (GHashTable *table, const char *name, gpointer *value)
{
  return table != NULL && g_hash_table_lookup_extended (table, name, NULL, value);
}

VaiRole
vai_import_draft_get_role (VaiImportDraft *self, guint column)
{
  gpointer given;

  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), VAI_ROLE_FEATURE);
  g_return_val_if_fail (self->quotes != NULL, VAI_ROLE_FEATURE);
  if (g_strcmp0 (self->options.outcome, column_name (self, column)) == 0)
    return VAI_ROLE_OUTCOME;
  if (look_up (self->options.roles, column_name (self, column), &given))
    return GPOINTER_TO_INT (given);
  VaiRole found = self->quotes->profile->columns[column].role;
  return found == VAI_ROLE_OUTCOME && self->options.outcome != NULL ? VAI_ROLE_FEATURE : found;
}

VaiType
vai_import_draft_get_type_of (VaiImportDraft *self, guint column)
{
  gpointer given;

  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), VAI_TYPE_TEXT);
  g_return_val_if_fail (self->read != NULL, VAI_TYPE_TEXT);
  if (look_up (self->options.import.types, column_name (self, column), &given))
    return GPOINTER_TO_INT (given);
  return vai_table_column (self->read->import->table, column)->type;
}

static void
forget_outcome (VaiImportDraft *self)
{
  g_clear_pointer (&self->options.outcome, g_free);
  g_clear_pointer (&self->options.won, g_strfreev);
  g_clear_pointer (&self->options.lost, g_strfreev);
}

/* A role that one column only has is taken from the one that has it. */
static void
take_role (VaiImportDraft *self, GHashTable *roles, guint column, VaiRole role)
{
  const char *name = column_name (self, column);

  for (guint i = 0; !vai_role_is_shared (role) && i < self->read->import->table->columns->len; i++)
    if (i != column && vai_import_draft_get_role (self, i) == role)
      g_hash_table_replace (roles, g_strdup (column_name (self, i)), GINT_TO_POINTER (VAI_ROLE_FEATURE));
  if (role == VAI_ROLE_OUTCOME)
    {
      forget_outcome (self);
      self->options.outcome = g_strdup (name);
      self->without_outcome = FALSE;
      g_hash_table_remove (roles, name);
      return;
    }
  if (vai_import_draft_get_role (self, column) == VAI_ROLE_OUTCOME)
    {
      forget_outcome (self);
      self->without_outcome = TRUE;
    }
  g_hash_table_replace (roles, g_strdup (name), GINT_TO_POINTER (role));
}

void
vai_import_draft_set_role (VaiImportDraft *self, const guint *columns, guint n, VaiRole role)
{
  g_return_if_fail (VAI_IS_IMPORT_DRAFT (self));
  g_return_if_fail (self->quotes != NULL && role < VAI_N_ROLES);

  for (guint i = 0; i < n; i++)
    {
      GHashTable *roles = copy_table (self->options.roles);
      take_role (self, roles, columns[i], role);
      take_table (&self->options.roles, roles);
    }
  profile_again (self);
}

void
vai_import_draft_set_type (VaiImportDraft *self, const guint *columns, guint n, VaiType type)
{
  g_return_if_fail (VAI_IS_IMPORT_DRAFT (self));
  g_return_if_fail (self->read != NULL && type < VAI_N_TYPES);

  GHashTable *types = copy_table (self->options.import.types);
  for (guint i = 0; i < n; i++)
    g_hash_table_replace (types, g_strdup (column_name (self, columns[i])), GINT_TO_POINTER (type));
  take_table (&self->options.import.types, types);
  g_clear_pointer (&self->options.acts, g_strfreev);
  load_later (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
vai_import_draft_get_actionable (VaiImportDraft *self, guint column)
{
  gpointer given;

  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), FALSE);
  g_return_val_if_fail (self->quotes != NULL, FALSE);
  if (look_up (self->options.actionable, column_name (self, column), &given))
    return GPOINTER_TO_INT (given);
  return self->quotes->profile->columns[column].actionable;
}

void
vai_import_draft_set_actionable (VaiImportDraft *self, guint column, gboolean actionable)
{
  g_return_if_fail (VAI_IS_IMPORT_DRAFT (self));
  g_return_if_fail (self->quotes != NULL);

  GHashTable *table = copy_table (self->options.actionable);
  g_hash_table_replace (table, g_strdup (column_name (self, column)), GINT_TO_POINTER (actionable));
  take_table (&self->options.actionable, table);
}

static const VaiOutcomeValue *
outcome_value (VaiImportDraft *self, guint value)
{
  return g_ptr_array_index (self->quotes->profile->outcome_values, value);
}

VaiOutcome
vai_import_draft_get_outcome (VaiImportDraft *self, guint value)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), VAI_OUTCOME_OPEN);
  g_return_val_if_fail (self->quotes != NULL, VAI_OUTCOME_OPEN);

  const VaiOutcomeValue *of = outcome_value (self, value);
  const VaiQuotesOptions *said = &self->options;
  if (said->won != NULL && g_strv_contains ((const char *const *) said->won, of->value))
    return VAI_OUTCOME_WON;
  if (said->lost != NULL && g_strv_contains ((const char *const *) said->lost, of->value))
    return VAI_OUTCOME_LOST;
  return said->won != NULL || said->lost != NULL ? VAI_OUTCOME_OPEN : of->outcome;
}

void
vai_import_draft_set_outcome (VaiImportDraft *self, guint value, VaiOutcome outcome)
{
  g_return_if_fail (VAI_IS_IMPORT_DRAFT (self));
  g_return_if_fail (self->quotes != NULL && self->quotes->profile->outcome_values != NULL);

  g_autoptr (GStrvBuilder) won = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) lost = g_strv_builder_new ();
  for (guint i = 0; i < self->quotes->profile->outcome_values->len; i++)
    {
      VaiOutcome now = i == value ? outcome : vai_import_draft_get_outcome (self, i);
      if (now == VAI_OUTCOME_WON)
        g_strv_builder_add (won, outcome_value (self, i)->value);
      else if (now == VAI_OUTCOME_LOST)
        g_strv_builder_add (lost, outcome_value (self, i)->value);
    }
  const char *column = column_name (self, self->quotes->profile->outcome);
  char *name = g_strdup (column);
  forget_outcome (self);
  self->options.outcome = name;
  self->options.won = g_strv_builder_end (won);
  self->options.lost = g_strv_builder_end (lost);
  profile_again (self);
}

gboolean
vai_import_draft_is_acted (VaiImportDraft *self, const char *finding_id)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), FALSE);
  return self->options.acts != NULL && g_strv_contains ((const char *const *) self->options.acts, finding_id);
}

void
vai_import_draft_set_acted (VaiImportDraft *self, const char *finding_id, gboolean acted)
{
  g_return_if_fail (VAI_IS_IMPORT_DRAFT (self));
  g_return_if_fail (finding_id != NULL);

  g_autofree char *id = g_strdup (finding_id);
  g_autoptr (GStrvBuilder) acts = g_strv_builder_new ();
  for (guint i = 0; self->options.acts != NULL && self->options.acts[i] != NULL; i++)
    if (!g_str_equal (self->options.acts[i], id))
      g_strv_builder_add (acts, self->options.acts[i]);
  if (acted)
    g_strv_builder_add (acts, id);
  g_strfreev (self->options.acts);
  self->options.acts = g_strv_builder_end (acts);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Going on. */

static const char *
outcome_obstacle (VaiImportDraft *self)
{
  gboolean some[VAI_OUTCOME_UNKNOWN + 1] = { FALSE };

  if (self->without_outcome || (self->options.outcome == NULL && self->quotes->profile->outcome < 0))
    return _ ("Choose the outcome column");
  if (self->quotes->profile->outcome_values == NULL)
    return _ ("Still looking at the whole file");
  for (guint i = 0; i < self->quotes->profile->outcome_values->len; i++)
    some[vai_import_draft_get_outcome (self, i)] = TRUE;
  if (!some[VAI_OUTCOME_WON])
    return _ ("Say which outcome means won");
  return some[VAI_OUTCOME_LOST] ? NULL : _ ("Say which outcome means lost");
}

const char *
vai_import_draft_get_obstacle (VaiImportDraft *self, guint step)
{
  g_return_val_if_fail (VAI_IS_IMPORT_DRAFT (self), NULL);

  if (self->options.path == NULL)
    return _ ("Choose a file first");
  if (self->error != NULL)
    return step == 0 ? _ ("The file cannot be read like this") : _ ("The columns do not fit together like this");
  if (self->preview == NULL || self->previewing != NULL || self->quotes == NULL)
    return _ ("Still reading the file");
  if (step == 1 && vai_import_draft_is_busy (self))
    return _ ("Still looking at the whole file");
  return step == 1 ? outcome_obstacle (self) : NULL;
}
