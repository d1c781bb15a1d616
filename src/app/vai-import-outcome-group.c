#include "vai-import-outcome-group.h"

#include "vai-column-words.h"
#include "vai-format.h"

#include <glib/gi18n-lib.h>

/* Of a value beside its choice: a sentence in a cell must not push the choice aside. */
#define TITLE_LINES 2

struct _VaiImportOutcomeGroup
{
  AdwPreferencesGroup parent_instance;

  VaiImportDraft *draft;
  GPtrArray *rows; /* of GtkWidget, in the group */
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (VaiImportOutcomeGroup, vai_import_outcome_group, ADW_TYPE_PREFERENCES_GROUP)

/* What a value of the outcome can mean, in the order of its drop-down. */
static const VaiOutcome outcomes[] = { VAI_OUTCOME_WON, VAI_OUTCOME_LOST, VAI_OUTCOME_OPEN };

static void
clear_rows (VaiImportOutcomeGroup *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
}

/* The row is of a value, not of a place: the file may have been looked through again since it was made. */
static void
outcome_chosen_cb (AdwComboRow *row, GParamSpec *pspec, VaiImportOutcomeGroup *self)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);
  const GPtrArray *values = quotes != NULL ? quotes->profile->outcome_values : NULL;
  const char *said = g_object_get_data (G_OBJECT (row), "vai-value");
  guint selected = adw_combo_row_get_selected (row);

  for (guint i = 0; !self->filling && selected < G_N_ELEMENTS (outcomes) && values != NULL && i < values->len; i++)
    if (g_str_equal (((const VaiOutcomeValue *) g_ptr_array_index (values, i))->value, said))
      {
        vai_import_draft_set_outcome (self->draft, i, outcomes[selected]);
        return;
      }
}

static void
fill_outcome_row (GtkWidget *row, const VaiOutcomeValue *value, VaiOutcome outcome)
{
  g_autofree char *count = vai_format_count (value->count);
  g_autofree char *subtitle = g_strdup_printf (ngettext ("%s quote", "%s quotes", (gulong) value->count), count);
  guint selected = G_N_ELEMENTS (outcomes) - 1;

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (outcomes[i] == outcome)
      selected = i;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_combo_row_set_selected (ADW_COMBO_ROW (row), selected);
}

static GtkWidget *
outcome_row_new (VaiImportOutcomeGroup *self, const VaiOutcomeValue *value)
{
  GtkWidget *row = adw_combo_row_new ();
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autofree char *shown = g_utf8_make_valid (value->value[0] != '\0' ? value->value : _ ("(empty)"), -1);

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    gtk_string_list_append (titles, vai_outcome_title (outcomes[i]));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), shown);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), TITLE_LINES);
  adw_combo_row_set_model (ADW_COMBO_ROW (row), G_LIST_MODEL (titles));
  gtk_widget_set_sensitive (row, value->value[0] != '\0');
  g_object_set_data_full (G_OBJECT (row), "vai-value", g_strdup (value->value), g_free);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (outcome_chosen_cb), self, 0);
  return row;
}

/* Rows of the same values stay, and the keyboard in them. */
static void
make_outcome_rows (VaiImportOutcomeGroup *self, const GPtrArray *values)
{
  gboolean fit = self->rows->len == values->len;

  for (guint i = 0; fit && i < values->len; i++)
    fit = g_str_equal (g_object_get_data (g_ptr_array_index (self->rows, i), "vai-value"),
                       ((const VaiOutcomeValue *) g_ptr_array_index (values, i))->value);
  if (fit)
    return;
  clear_rows (self);
  for (guint i = 0; i < values->len; i++)
    {
      GtkWidget *row = outcome_row_new (self, g_ptr_array_index (values, i));
      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
    }
}

void
vai_import_outcome_group_fill (VaiImportOutcomeGroup *self)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);
  const VaiProfile *profile = quotes != NULL ? quotes->profile : NULL;

  if (profile == NULL || profile->outcome < 0 || profile->outcome_values == NULL)
    {
      clear_rows (self);
      adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("Outcome"));
      adw_preferences_group_set_description (
          ADW_PREFERENCES_GROUP (self), _ ("Choose which column says what became of a quote: its role is “Outcome”."));
      return;
    }
  g_autofree char *name = vai_format_markup (vai_table_column (quotes->table, profile->outcome)->name);
  g_autofree char *title = g_strdup_printf (_ ("Outcome: “%s”"), name);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), title);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), _ ("Which value means what"));
  make_outcome_rows (self, profile->outcome_values);
  for (guint i = 0; i < profile->outcome_values->len; i++)
    fill_outcome_row (g_ptr_array_index (self->rows, i), g_ptr_array_index (profile->outcome_values, i),
                      vai_import_draft_get_outcome (self->draft, i));
}

gboolean
vai_import_outcome_group_shed (VaiImportOutcomeGroup *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_OUTCOME_GROUP (self), FALSE);
  gboolean any = self->rows->len > 0;
  clear_rows (self);
  return any;
}

static void
vai_import_outcome_group_dispose (GObject *object)
{
  VaiImportOutcomeGroup *self = VAI_IMPORT_OUTCOME_GROUP (object);

  g_clear_object (&self->draft);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (vai_import_outcome_group_parent_class)->dispose (object);
}

static void
vai_import_outcome_group_class_init (VaiImportOutcomeGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vai_import_outcome_group_dispose;
}

static void
vai_import_outcome_group_init (VaiImportOutcomeGroup *self)
{
  self->rows = g_ptr_array_new ();
}

void
vai_import_outcome_group_attach (VaiImportOutcomeGroup *self, VaiImportDraft *draft)
{
  g_return_if_fail (VAI_IS_IMPORT_OUTCOME_GROUP (self));
  g_set_object (&self->draft, draft);
}
