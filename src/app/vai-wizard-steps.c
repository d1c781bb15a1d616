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
      g_object_notify_by_pspec (object, pspec);
    }
}

static void
vai_wizard_steps_dispose (GObject *object)
{
  VaiWizardSteps *self = VAI_WIZARD_STEPS (object);

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

  self->current = index;
  update (self);
}

guint
vai_wizard_steps_get_current (VaiWizardSteps *self)
{
  g_return_val_if_fail (VAI_IS_WIZARD_STEPS (self), 0);
  return self->current;
}
