#include "vai-quote-field-private.h"

#include "vai-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _VaiQuoteForm
{
  AdwBin parent_instance;

  GtkBox *box;
  GtkWidget *facts, *changeable; /* lists */
  GtkWidget *changeable_title;
  GtkWidget *ref;      /* AdwEntryRow */
  VaiModel *model;     /* nullable */
  VaiFrame *frame;     /* nullable; one row */
  GPtrArray *fields;   /* of VaiQuoteField, by feature */
  char *today;         /* nullable: the day that was proposed, as the frame has it … */
  guint today_feature; /* … and its feature */
  gboolean compact;
  gboolean filling; /* many values at once: one signal at the end */
};

G_DEFINE_FINAL_TYPE (VaiQuoteForm, vai_quote_form, ADW_TYPE_BIN)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_changed (gpointer form)
{
  if (!VAI_QUOTE_FORM (form)->filling)
    g_signal_emit (form, signals[CHANGED], 0);
}

static VaiQuoteField *
field_at (VaiQuoteForm *self, guint feature)
{
  return g_ptr_array_index (self->fields, feature);
}

static void
vai_quote_form_dispose (GObject *object)
{
  VaiQuoteForm *self = VAI_QUOTE_FORM (object);

  g_ptr_array_set_size (self->fields, 0);
  g_clear_pointer (&self->frame, vai_frame_free);
  g_clear_pointer (&self->model, vai_model_unref);
  G_OBJECT_CLASS (vai_quote_form_parent_class)->dispose (object);
}

static void
vai_quote_form_finalize (GObject *object)
{
  g_ptr_array_unref (VAI_QUOTE_FORM (object)->fields);
  g_free (VAI_QUOTE_FORM (object)->today);
  G_OBJECT_CLASS (vai_quote_form_parent_class)->finalize (object);
}

static void
vai_quote_form_class_init (VaiQuoteFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vai_quote_form_dispose;
  G_OBJECT_CLASS (klass)->finalize = vai_quote_form_finalize;
  signals[CHANGED]
      = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
list_new (const char *name)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return list;
}

static void
vai_quote_form_init (VaiQuoteForm *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_quote_field_free);
  self->box = GTK_BOX (box);
  self->facts = list_new (_ ("The quote"));
  self->changeable = list_new (_ ("What you can change"));
  self->changeable_title = gtk_label_new (_ ("What you can change"));
  gtk_label_set_xalign (GTK_LABEL (self->changeable_title), 0);
  gtk_widget_add_css_class (self->changeable_title, "heading");
  gtk_box_append (self->box, self->facts);
  gtk_box_append (self->box, self->changeable_title);
  gtk_box_append (self->box, self->changeable);
  self->ref = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->ref), _ ("Quote"));
  g_signal_connect_swapped (self->ref, "changed", G_CALLBACK (emit_changed), self);
  gtk_list_box_append (GTK_LIST_BOX (self->facts), self->ref);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
vai_quote_form_new (void)
{
  return g_object_new (VAI_TYPE_QUOTE_FORM, NULL);
}

/* A field looks at its widgets to let go of them, so the rows go last. */
static void
remove_fields (VaiQuoteForm *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();

  for (guint i = 0; i < self->fields->len; i++)
    g_ptr_array_add (rows, field_at (self, i)->row);
  g_ptr_array_set_size (self->fields, 0);
  for (guint i = 0; i < rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (rows, i);
      gtk_list_box_remove (GTK_LIST_BOX (gtk_widget_get_parent (row)), row);
    }
}

/* Values whose names both models know. */
static void
keep_values (VaiQuoteForm *self, const VaiFrame *before)
{
  for (guint i = 0; before != NULL && i < before->n_features; i++)
    {
      const char *name = vai_schema_feature (before->schema, i)->name;
      if (vai_schema_find (self->frame->schema, name) < 0)
        continue;
      g_autofree char *text = vai_frame_dup_text (before, 0, i);
      vai_frame_set_text (self->frame, 0, name, text, NULL);
    }
}

/* A new quote is one of today, unless she says otherwise: the day that she would write in any case. */
static void
propose_today (VaiQuoteForm *self)
{
  const char *name = self->model != NULL ? self->model->schema->opened_date : NULL;
  int feature = name != NULL ? vai_schema_find (self->model->schema, name) : -1;

  if (feature < 0 || vai_schema_feature (self->model->schema, (guint) feature)->type != VAI_TYPE_DATE)
    return;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *today = g_date_time_format (now, "%Y-%m-%d");
  vai_quote_field_set (field_at (self, (guint) feature), today);
  g_free (self->today);
  self->today = vai_frame_dup_text (self->frame, 0, (guint) feature);
  self->today_feature = (guint) feature;
}

void
vai_quote_form_set_model (VaiQuoteForm *self, VaiModel *model)
{
  g_return_if_fail (VAI_IS_QUOTE_FORM (self));

  if (model == self->model)
    return;
  gboolean empty = self->frame == NULL || vai_quote_form_is_empty (self);
  g_autoptr (VaiFrame) before = g_steal_pointer (&self->frame);
  g_autoptr (VaiModel) model_before = g_steal_pointer (&self->model);
  remove_fields (self);
  self->model = vai_model_ref (model);
  self->frame = vai_frame_new_empty (model->schema, 1);
  keep_values (self, empty ? NULL : before);
  gboolean any = FALSE;
  for (guint i = 0; i < self->frame->n_features; i++)
    {
      gboolean actionable = vai_schema_feature (model->schema, i)->actionable;
      VaiQuoteField *field = vai_quote_field_new (self->frame, i, emit_changed, self);
      g_ptr_array_add (self->fields, field);
      gtk_list_box_append (GTK_LIST_BOX (actionable ? self->changeable : self->facts), field->row);
      any |= actionable;
    }
  gtk_widget_set_visible (self->changeable, any);
  gtk_widget_set_visible (self->changeable_title, any);
  g_clear_pointer (&self->today, g_free);
  if (empty)
    propose_today (self);
  emit_changed (self);
}

const VaiFrame *
vai_quote_form_get_frame (VaiQuoteForm *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), NULL);
  return self->frame;
}

const char *
vai_quote_form_get_ref (VaiQuoteForm *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), "");
  return gtk_editable_get_text (GTK_EDITABLE (self->ref));
}

static void
set_ref (VaiQuoteForm *self, const char *ref)
{
  self->filling = TRUE;
  vai_quote_write (GTK_EDITABLE (self->ref), ref != NULL ? ref : "");
  self->filling = FALSE;
}

static void
set_values (VaiQuoteForm *self, JsonObject *inputs)
{
  for (guint i = 0; i < self->fields->len; i++)
    {
      VaiQuoteField *field = field_at (self, i);
      const char *name = vai_schema_feature (self->frame->schema, i)->name;
      g_clear_pointer (&field->original, g_free);
      const char *text = inputs != NULL && json_object_has_member (inputs, name)
                             ? json_object_get_string_member_with_default (inputs, name, "")
                             : "";
      vai_quote_field_set (field, text != NULL ? text : "");
    }
}

void
vai_quote_form_clear (VaiQuoteForm *self)
{
  g_return_if_fail (VAI_IS_QUOTE_FORM (self));
  set_ref (self, NULL);
  set_values (self, NULL);
  propose_today (self);
  emit_changed (self);
}

void
vai_quote_form_fill (VaiQuoteForm *self, const char *ref, const char *inputs)
{
  g_return_if_fail (VAI_IS_QUOTE_FORM (self));

  g_autoptr (JsonNode) node = inputs != NULL ? vai_json_parse (inputs, strlen (inputs), NULL) : NULL;
  JsonObject *object = node != NULL ? vai_json_node_get_object (node, NULL) : NULL;
  set_ref (self, ref);
  set_values (self, object);
  emit_changed (self);
}

void
vai_quote_form_fill_row (VaiQuoteForm *self, const char *ref, const VaiFrame *frame, guint row)
{
  g_return_if_fail (VAI_IS_QUOTE_FORM (self));
  g_return_if_fail (self->frame != NULL && frame->schema == self->frame->schema);

  set_ref (self, ref);
  vai_frame_copy_row (self->frame, 0, frame, row);
  for (guint i = 0; i < self->fields->len; i++)
    {
      VaiQuoteField *field = field_at (self, i);
      g_clear_pointer (&field->original, g_free);
      field->unreadable = FALSE;
      vai_quote_field_show (field);
    }
  emit_changed (self);
}

char *
vai_quote_form_dup_state (VaiQuoteForm *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), NULL);

  GString *state = g_string_new (vai_quote_form_get_ref (self));
  for (guint i = 0; i < self->fields->len; i++)
    {
      g_autofree char *text = vai_frame_dup_text (self->frame, 0, i);
      g_string_append_printf (state, "\n%zu %s", strlen (text), text);
    }
  return g_string_free (state, FALSE);
}

/* What nobody wrote is no part of a quote. */
static gboolean
is_proposed (VaiQuoteForm *self, guint feature)
{
  g_autofree char *text = vai_frame_dup_text (self->frame, 0, feature);

  return self->today != NULL && feature == self->today_feature && g_str_equal (text, self->today);
}

gboolean
vai_quote_form_is_empty (VaiQuoteForm *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), TRUE);

  gboolean empty = TRUE;
  for (guint i = 0; empty && i < self->fields->len; i++)
    empty = vai_frame_is_missing (self->frame, 0, i) || is_proposed (self, i);
  return empty;
}

char *
vai_quote_form_dup_trouble (VaiQuoteForm *self, guint feature)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), NULL);

  const VaiQuoteField *field = field_at (self, feature);
  if (!field->unreadable)
    return NULL;
  return g_strdup_printf ("“%s”: %s", vai_schema_feature (self->frame->schema, feature)->name,
                          gtk_label_get_label (GTK_LABEL (field->note)));
}

GArray *
vai_quote_form_dup_locked (VaiQuoteForm *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), NULL);

  GArray *locked = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < self->fields->len; i++)
    if (vai_quote_field_is_locked (field_at (self, i)))
      g_array_append_val (locked, i);
  return locked;
}

gboolean
vai_quote_form_toggle_lock (VaiQuoteForm *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), FALSE);

  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  for (guint i = 0; focus != NULL && i < self->fields->len; i++)
    {
      VaiQuoteField *field = field_at (self, i);
      if (field->lock == NULL || !gtk_widget_is_ancestor (focus, field->row))
        continue;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (field->lock), !vai_quote_field_is_locked (field));
      return TRUE;
    }
  return FALSE;
}

void
vai_quote_form_try (VaiQuoteForm *self, guint feature, const char *text)
{
  g_return_if_fail (VAI_IS_QUOTE_FORM (self));
  g_return_if_fail (feature < self->fields->len);

  VaiQuoteField *field = field_at (self, feature);
  if (field->original == NULL)
    field->original = vai_frame_dup_text (self->frame, 0, feature);
  vai_quote_field_set (field, text);
}

gboolean
vai_quote_form_is_trying (VaiQuoteForm *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), FALSE);

  for (guint i = 0; i < self->fields->len; i++)
    if (field_at (self, i)->original != NULL)
      return TRUE;
  return FALSE;
}

gboolean
vai_quote_form_stop_trying (VaiQuoteForm *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_FORM (self), FALSE);

  if (!vai_quote_form_is_trying (self))
    return FALSE;
  for (guint i = 0; i < self->fields->len; i++)
    vai_quote_field_restore (field_at (self, i));
  emit_changed (self);
  return TRUE;
}

void
vai_quote_form_adopt (VaiQuoteForm *self)
{
  g_return_if_fail (VAI_IS_QUOTE_FORM (self));

  if (!vai_quote_form_is_trying (self))
    return;
  for (guint i = 0; i < self->fields->len; i++)
    {
      g_clear_pointer (&field_at (self, i)->original, g_free);
      vai_quote_field_show (field_at (self, i));
    }
  emit_changed (self);
}

void
vai_quote_form_set_compact (VaiQuoteForm *self, gboolean compact)
{
  g_return_if_fail (VAI_IS_QUOTE_FORM (self));

  if (self->compact == compact)
    return;
  self->compact = compact;
  gtk_box_reorder_child_after (self->box, self->facts, compact ? self->changeable : NULL);
}
