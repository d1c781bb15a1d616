#include "vai-wizard-steps.h"

#include <glib/gi18n-lib.h>

struct _VaiWizardSteps
{
  GtkWidget parent_instance;

  GtkWidget *wide;  /* a box of steps and lines, by turns */
  GtkWidget *label; /* of all steps, when compact */
  GStrv titles;     /* nullable */
  guint current;
  gboolean compact;
  GtkButton *back; /* weak, nullable */

  /* What goes on from the step before. */
  gboolean moved_since_press, moved_since_key;
  guint32 pressed_at; /* ms */
  double pressed_x, pressed_y;
  gboolean swallowing; /* the press that is down now */
  guint held_key;      /* 0: none */
};

G_DEFINE_FINAL_TYPE (VaiWizardSteps, vai_wizard_steps, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_COMPACT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_back (VaiWizardSteps *self)
{
  if (self->back != NULL && self->compact)
    gtk_button_set_icon_name (self->back, "go-previous-symbolic");
  else if (self->back != NULL)
    gtk_button_set_label (self->back, _ ("_Back"));
  if (self->back != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->back), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Back"), -1);
}

static void
vai_wizard_steps_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COMPACT)
    g_value_set_boolean (value, VAI_WIZARD_STEPS (object)->compact);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
vai_wizard_steps_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VaiWizardSteps *self = VAI_WIZARD_STEPS (object);

  if (id != PROP_COMPACT)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  else if (self->compact != g_value_get_boolean (value))
    {
      self->compact = !self->compact;
      gtk_widget_set_visible (self->wide, !self->compact);
      gtk_widget_set_visible (self->label, self->compact);
      show_back (self);
      g_object_notify_by_pspec (object, pspec);
    }
}

static void
vai_wizard_steps_dispose (GObject *object)
{
  VaiWizardSteps *self = VAI_WIZARD_STEPS (object);

  g_clear_weak_pointer (&self->back);
  g_clear_pointer (&self->wide, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_pointer (&self->titles, g_strfreev);
  G_OBJECT_CLASS (vai_wizard_steps_parent_class)->dispose (object);
}

static void
vai_wizard_steps_class_init (VaiWizardStepsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = vai_wizard_steps_get_property;
  object_class->set_property = vai_wizard_steps_set_property;
  object_class->dispose = vai_wizard_steps_dispose;
  properties[PROP_COMPACT] = g_param_spec_boolean (
      "compact", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "wizardsteps");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
vai_wizard_steps_init (VaiWizardSteps *self)
{
  self->wide = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  self->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->label, "heading");
  gtk_widget_set_visible (self->label, FALSE);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->wide, GTK_WIDGET (self));
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

GtkWidget *
vai_wizard_steps_new (void)
{
  return g_object_new (VAI_TYPE_WIZARD_STEPS, NULL);
}

static GtkWidget *
step_new (const char *title)
{
  GtkWidget *step = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *number = gtk_label_new (NULL);

  gtk_widget_add_css_class (step, "step");
  gtk_widget_add_css_class (number, "number");
  gtk_widget_set_valign (number, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (step), number);
  gtk_box_append (GTK_BOX (step), gtk_label_new (title));
  return step;
}

static void
show_step (GtkWidget *step, guint index, guint current)
{
  g_autofree char *number = g_strdup_printf ("%u", index + 1);

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (step)), index < current ? "✓" : number);
  if (index == current)
    gtk_widget_add_css_class (step, "current");
  else
    gtk_widget_remove_css_class (step, "current");
}

static void
update (VaiWizardSteps *self)
{
  guint n = g_strv_length (self->titles);
  GtkWidget *step = gtk_widget_get_first_child (self->wide);

  for (guint i = 0; step != NULL && i < n; i++)
    {
      show_step (step, i, self->current);
      GtkWidget *line = gtk_widget_get_next_sibling (step);
      step = line != NULL ? gtk_widget_get_next_sibling (line) : NULL;
    }
  /* Translators: where a wizard is: “2 of 4, Columns”. */
  g_autofree char *text = g_strdup_printf (_ ("%u of %u, %s"), self->current + 1, n, self->titles[self->current]);
  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

void
vai_wizard_steps_set_titles (VaiWizardSteps *self, const char *const *titles)
{
  g_return_if_fail (VAI_IS_WIZARD_STEPS (self));
  g_return_if_fail (titles != NULL && titles[0] != NULL);

  for (GtkWidget *child; (child = gtk_widget_get_first_child (self->wide)) != NULL;)
    gtk_box_remove (GTK_BOX (self->wide), child);
  g_strfreev (self->titles);
  self->titles = g_strdupv ((char **) titles);
  self->current = 0;
  for (guint i = 0; titles[i] != NULL; i++)
    {
      if (i > 0)
        {
          GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
          gtk_widget_set_valign (line, GTK_ALIGN_CENTER);
          gtk_box_append (GTK_BOX (self->wide), line);
        }
      gtk_box_append (GTK_BOX (self->wide), step_new (titles[i]));
    }
  update (self);
}

void
vai_wizard_steps_set_current (VaiWizardSteps *self, guint index)
{
  g_return_if_fail (VAI_IS_WIZARD_STEPS (self));
  g_return_if_fail (self->titles != NULL && index < g_strv_length (self->titles));

  self->moved_since_press = self->moved_since_key = TRUE;
  self->current = index;
  update (self);
}

guint
vai_wizard_steps_get_current (VaiWizardSteps *self)
{
  g_return_val_if_fail (VAI_IS_WIZARD_STEPS (self), 0);
  return self->current;
}

/* Is it the second press of a double click whose first one changed the step? What it meets is not what was aimed at. */
static gboolean
press (VaiWizardSteps *self, GdkEvent *event)
{
  int time, distance;
  double x = 0, y = 0;
  guint32 now = gdk_event_get_time (event);

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-double-click-time", &time,
                "gtk-double-click-distance", &distance, NULL);
  gdk_event_get_position (event, &x, &y);
  gboolean again = now - self->pressed_at < (guint32) time && ABS (x - self->pressed_x) <= distance
                   && ABS (y - self->pressed_y) <= distance;
  self->swallowing = again && (self->moved_since_press || self->swallowing);
  self->moved_since_press = FALSE;
  self->pressed_at = now;
  self->pressed_x = x;
  self->pressed_y = y;
  return self->swallowing;
}

static gboolean
key_press (VaiWizardSteps *self, GdkEvent *event)
{
  guint key = gdk_key_event_get_keyval (event);

  if (key == self->held_key)
    return self->moved_since_key;
  self->held_key = key;
  self->moved_since_key = FALSE;
  return FALSE;
}

static gboolean
event_cb (VaiWizardSteps *self, GdkEvent *event)
{
  switch (gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
    case GDK_TOUCH_BEGIN:
      return press (self, event);
    case GDK_BUTTON_RELEASE:
    case GDK_TOUCH_END:
      return self->swallowing;
    case GDK_KEY_PRESS:
      return key_press (self, event);
    case GDK_KEY_RELEASE:
      self->held_key = 0;
      return FALSE;
    default:
      return FALSE;
    }
}

void
vai_wizard_steps_attach (VaiWizardSteps *self, GtkWidget *page, GtkButton *back)
{
  g_return_if_fail (VAI_IS_WIZARD_STEPS (self));
  g_return_if_fail (self->back == NULL);

  GtkEventController *events = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (events, GTK_PHASE_CAPTURE);
  g_signal_connect_object (events, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (page, events);
  g_set_weak_pointer (&self->back, back);
  gtk_widget_set_tooltip_text (GTK_WIDGET (back), _ ("Back"));
  show_back (self);
}
