#include "vai-finding-list.h"

#include "vai-format.h"
#include "vai-page.h"

#include <glib/gi18n-lib.h>

/* Rows that are shown: whoever has more to decide takes the safe ones at once first. */
#define ROWS_MAX 60

struct _VaiFindingList
{
  GtkWidget parent_instance;

  GtkListBox *box;
  GPtrArray *views; /* of VaiFindingView */
  gboolean acting;  /* somebody is told of an act */
  gboolean stale;   /* the rows are those of before the act, until its own has slid out */
};

G_DEFINE_FINAL_TYPE (VaiFindingList, vai_finding_list, GTK_TYPE_WIDGET)

enum
{
  ACT,
  SHOW,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
vai_finding_list_dispose (GObject *object)
{
  VaiFindingList *self = VAI_FINDING_LIST (object);
  GtkWidget *box = GTK_WIDGET (self->box);

  self->stale = FALSE;
  g_clear_pointer (&box, gtk_widget_unparent);
  self->box = NULL;
  g_clear_pointer (&self->views, g_ptr_array_unref);
  G_OBJECT_CLASS (vai_finding_list_parent_class)->dispose (object);
}

static void
vai_finding_list_class_init (VaiFindingListClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_finding_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[ACT] = g_signal_new ("act", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                               G_TYPE_BOOLEAN);
  signals[SHOW]
      = g_signal_new ("show-rows", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

/* Words. */

static char *
dup_title (const VaiFindingView *view)
{
  const char *name = view->column != NULL ? view->column : "";
  g_autofree char *count = vai_format_count (view->n_rows);

  switch (view->kind)
    {
    case VAI_FINDING_CONSTANT:
      return g_strdup_printf (_ ("“%s” is always the same"), name);
    case VAI_FINDING_EMPTY:
      return g_strdup_printf (_ ("“%s” is always empty"), name);
    case VAI_FINDING_MOSTLY_MISSING:
      return g_strdup_printf (_ ("“%s” is mostly empty"), name);
    case VAI_FINDING_IDENTIFIER:
      if (view->act == VAI_ACT_NONE && !view->acted)
        return g_strdup_printf (_ ("“%s” is not learnt from"), name);
      return g_strdup_printf (_ ("“%s” would be learnt by heart"), name);
    case VAI_FINDING_DUPLICATE_ROWS:
      return g_strdup_printf (ngettext ("%s row appears twice", "%s rows appear twice", (gulong) view->n_rows), count);
    case VAI_FINDING_NEAR_DUPLICATES:
      return g_strdup_printf (
          ngettext ("%s row is nearly like another", "%s rows are nearly like others", (gulong) view->n_rows), count);
    case VAI_FINDING_DUPLICATE_COLUMN:
      return g_strdup_printf (_ ("“%s” says what another column says"), name);
    case VAI_FINDING_RARE_VALUES:
      return g_strdup_printf (_ ("“%s” has rare values"), name);
    case VAI_FINDING_OUTLIERS:
      return g_strdup_printf (_ ("“%s” has odd values"), name);
    case VAI_FINDING_PLACEHOLDER:
      return g_strdup_printf (_ ("“%s” has values that mean “not given”"), name);
    case VAI_FINDING_NOT_OF_TYPE:
      return g_strdup_printf (_ ("“%s” does not fit its type"), name);
    case VAI_FINDING_CLASS_BALANCE:
      return g_strdup (_ ("How many were won and lost"));
    case VAI_FINDING_MIXED_TYPES:
      return g_strdup_printf (_ ("“%s” holds values of two kinds"), name);
    case VAI_FINDING_LEAK_DATE:
      if (view->act == VAI_ACT_NONE && !view->acted)
        return g_strdup_printf (_ ("“%s” is known only after the decision"), name);
      return g_strdup_printf (_ ("“%s” comes after the close"), name);
    default:
      return g_strdup_printf (_ ("“%s” gives the answer away"), name);
    }
}

static const char *
act_label (VaiAct act)
{
  switch (act)
    {
    case VAI_ACT_LEAVE_OUT:
      return _ ("Leave Out");
    case VAI_ACT_MAKE_EMPTY:
      return _ ("Make Empty");
    case VAI_ACT_KEEP_ONE:
      return _ ("Keep One");
    case VAI_ACT_SET_IDENTIFIER:
      return _ ("Use as Identifier");
    case VAI_ACT_NONE:
    default:
      return NULL;
    }
}

static const char *
icon_of (const VaiFindingView *view)
{
  if (view->done != VAI_ACT_NONE)
    return "object-select-symbolic";
  if (view->severity == VAI_SEVERITY_LEAK)
    return "vai-leak-symbolic";
  return view->severity == VAI_SEVERITY_WARNING ? "dialog-warning-symbolic" : "dialog-information-symbolic";
}

static const char *
severity_class (const VaiFindingView *view)
{
  if (view->done != VAI_ACT_NONE || view->severity == VAI_SEVERITY_INFO)
    return "dim-label";
  return view->severity == VAI_SEVERITY_LEAK ? "leak" : "care";
}

/* Rows. */

static const char *
id_of (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);

  return row != NULL ? g_object_get_data (G_OBJECT (row), "vai-id") : NULL;
}

static VaiFindingList *
list_of (GtkWidget *widget)
{
  return VAI_FINDING_LIST (gtk_widget_get_ancestor (widget, VAI_TYPE_FINDING_LIST));
}

static void show_rows (VaiFindingList *self);

static void
folded_cb (GtkRevealer *revealer)
{
  VaiFindingList *self = list_of (GTK_WIDGET (revealer));

  if (!gtk_revealer_get_child_revealed (revealer) && self != NULL && self->stale)
    show_rows (self);
}

/* It counts at once; what comes to stand there waits until the row has slid out. */
static void
act_cb (GtkWidget *widget)
{
  GtkRevealer *revealer = GTK_REVEALER (gtk_widget_get_ancestor (widget, GTK_TYPE_REVEALER));
  VaiFindingList *self = list_of (widget);
  const VaiFindingView *view = vai_finding_list_find (self, id_of (widget));

  if (view == NULL || !gtk_revealer_get_reveal_child (revealer))
    return;
  g_autofree char *id = g_strdup (view->id);
  gboolean acted = !view->acted;
  gtk_revealer_set_reveal_child (revealer, FALSE);
  self->acting = gtk_revealer_get_child_revealed (revealer);
  g_signal_emit (self, signals[ACT], 0, id, acted);
  self->acting = FALSE;
}

/* Where the texts were not read there is nothing to see. */
static gboolean
has_rows_to_show (const VaiFindingView *view)
{
  return view->n_rows > 0 && !view->acted && view->kind != VAI_FINDING_NOT_OF_TYPE;
}

static void
show_cb (GtkWidget *widget)
{
  VaiFindingList *self = list_of (widget);
  const VaiFindingView *view = vai_finding_list_find (self, id_of (widget));

  if (view == NULL || !has_rows_to_show (view))
    return;
  g_autofree char *id = g_strdup (view->id);
  g_signal_emit (self, signals[SHOW], 0, id);
}

static GtkWidget *
add_button (GtkWidget *box, const char *label, const char *title, const char *css_class, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  g_autofree char *name = g_strdup_printf ("%s: %s", label, title);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  if (css_class != NULL)
    gtk_widget_add_css_class (button, css_class);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect (button, "clicked", clicked, NULL);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static GtkWidget *
words_new (const VaiFindingView *view, const char *title)
{
  g_autofree char *text = vai_finding_dup_proof (view);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *heading = gtk_label_new (title);
  GtkWidget *proof = gtk_label_new (text);

  for (GtkWidget *label = heading; label != NULL; label = label == heading ? proof : NULL)
    {
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
      gtk_box_append (GTK_BOX (words), label);
    }
  gtk_widget_add_css_class (heading, "heading");
  gtk_widget_add_css_class (proof, "dim-label");
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  return words;
}

/* The buttons stand beside the words, or under them where there is no room. */
static GtkWidget *
body_new (VaiFindingList *self, const VaiFindingView *view, const char *title)
{
  GtkWidget *body = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12),
            *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), VAI_TYPE_PAGE);

  gtk_widget_set_hexpand (body, TRUE);
  gtk_box_append (GTK_BOX (body), words_new (view, title));
  gtk_box_append (GTK_BOX (body), buttons);
  if (has_rows_to_show (view))
    add_button (buttons, _ ("Show"), title, "flat", G_CALLBACK (show_cb));
  if (view->acted)
    add_button (buttons, _ ("Take Back"), title, "flat", G_CALLBACK (act_cb));
  else if (view->act != VAI_ACT_NONE)
    add_button (buttons, act_label (view->act), title, NULL, G_CALLBACK (act_cb));
  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  if (page != NULL)
    vai_page_bind_orientation (VAI_PAGE (page), body);
  return body;
}

static void
add_row (VaiFindingList *self, VaiFindingView *view)
{
  g_autofree char *title = dup_title (view);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *revealer = gtk_revealer_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_of (view));
  g_autofree char *proof = vai_finding_dup_proof (view), *name = g_strdup_printf ("%s. %s", title, proof);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (icon, severity_class (view));
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_add_css_class (box, "finding");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), body_new (self, view, title));
  gtk_revealer_set_child (GTK_REVEALER (revealer), box);
  gtk_revealer_set_reveal_child (GTK_REVEALER (revealer), TRUE);
  g_signal_connect (revealer, "notify::child-revealed", G_CALLBACK (folded_cb), NULL);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), revealer);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), view->act != VAI_ACT_NONE);
  g_object_set_data_full (G_OBJECT (row), "vai-id", g_strdup (view->id), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_list_box_append (self->box, row);
}

static void
row_activated_cb (VaiFindingList *self, GtkListBoxRow *row)
{
  act_cb (gtk_widget_get_first_child (gtk_list_box_row_get_child (row)));
}

static gboolean
key_pressed_cb (VaiFindingList *self, guint key, guint code, GdkModifierType state)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->box));

  if ((key != GDK_KEY_s && key != GDK_KEY_S) || (state & gtk_accelerator_get_default_mod_mask ()) != 0 || row == NULL)
    return GDK_EVENT_PROPAGATE;
  show_cb (gtk_list_box_row_get_child (GTK_LIST_BOX_ROW (row)));
  return GDK_EVENT_STOP;
}

static void
vai_finding_list_init (VaiFindingList *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->views = g_ptr_array_new ();
  self->box = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Worth a look before training"), -1);
  g_signal_connect_swapped (self->box, "row-activated", G_CALLBACK (row_activated_cb), self);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->box), keys);
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
}

GtkWidget *
vai_finding_list_new (void)
{
  return g_object_new (VAI_TYPE_FINDING_LIST, NULL);
}

static void
add_rows (VaiFindingList *self, gboolean acted)
{
  for (guint i = 0, n = 0; i < self->views->len && n < ROWS_MAX; i++)
    {
      VaiFindingView *view = g_ptr_array_index (self->views, i);
      if (view->acted != acted)
        continue;
      add_row (self, view);
      n++;
    }
}

static void
show_rows (VaiFindingList *self)
{
  self->stale = FALSE;
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->box));
  int focused = focus != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (focus)) : -1;
  for (GtkWidget *row; (row = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL;)
    gtk_list_box_remove (self->box, row);
  add_rows (self, FALSE);
  add_rows (self, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->box), self->views->len > 0);
  /* Focus stays in its place, on what slid there. */
  GtkListBoxRow *row = focused >= 0 ? gtk_list_box_get_row_at_index (self->box, focused) : NULL;
  if (focused > 0 && row == NULL)
    row = gtk_list_box_get_row_at_index (self->box, focused - 1);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

void
vai_finding_list_set (VaiFindingList *self, GPtrArray *views)
{
  g_return_if_fail (VAI_IS_FINDING_LIST (self));
  g_return_if_fail (views != NULL);

  g_ptr_array_unref (self->views);
  self->views = views;
  self->stale = self->acting;
  if (!self->stale)
    show_rows (self);
}

const VaiFindingView *
vai_finding_list_find (VaiFindingList *self, const char *id)
{
  g_return_val_if_fail (VAI_IS_FINDING_LIST (self), NULL);
  for (guint i = 0; i < self->views->len; i++)
    {
      const VaiFindingView *view = g_ptr_array_index (self->views, i);
      if (g_strcmp0 (view->id, id) == 0)
        return view;
    }
  return NULL;
}

guint
vai_finding_list_count_open (VaiFindingList *self)
{
  guint n = 0;

  g_return_val_if_fail (VAI_IS_FINDING_LIST (self), 0);
  for (guint i = 0; i < self->views->len; i++)
    {
      const VaiFindingView *view = g_ptr_array_index (self->views, i);
      n += !view->acted && view->act != VAI_ACT_NONE;
    }
  return n;
}
