#include "vai-training-wizard.h"

struct _VaiTrainingWizard
{
  VaiPage parent_instance;

  char *dataset_id; /* nullable */
};

G_DEFINE_TYPE (VaiTrainingWizard, vai_training_wizard, VAI_TYPE_PAGE)

static void
vai_training_wizard_dispose (GObject *object)
{
  VaiTrainingWizard *self = VAI_TRAINING_WIZARD (object);

  g_clear_pointer (&self->dataset_id, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_TRAINING_WIZARD);
  G_OBJECT_CLASS (vai_training_wizard_parent_class)->dispose (object);
}

static void
vai_training_wizard_class_init (VaiTrainingWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_training_wizard_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-training-wizard.ui");
}

static void
vai_training_wizard_init (VaiTrainingWizard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

VaiPage *
vai_training_wizard_new (const char *dataset_id)
{
  VaiTrainingWizard *self = g_object_new (VAI_TYPE_TRAINING_WIZARD, NULL);

  self->dataset_id = g_strdup (dataset_id);
  return VAI_PAGE (self);
}
