#include "vai-import-wizard.h"

struct _VaiImportWizard
{
  VaiPage parent_instance;

  GFile *file; /* nullable */
};

G_DEFINE_TYPE (VaiImportWizard, vai_import_wizard, VAI_TYPE_PAGE)

static void
vai_import_wizard_dispose (GObject *object)
{
  VaiImportWizard *self = VAI_IMPORT_WIZARD (object);

  g_clear_object (&self->file);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_IMPORT_WIZARD);
  G_OBJECT_CLASS (vai_import_wizard_parent_class)->dispose (object);
}

static void
vai_import_wizard_class_init (VaiImportWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_import_wizard_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-import-wizard.ui");
}

static void
vai_import_wizard_init (VaiImportWizard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

VaiPage *
vai_import_wizard_new (GFile *file)
{
  VaiImportWizard *self = g_object_new (VAI_TYPE_IMPORT_WIZARD, NULL);

  g_set_object (&self->file, file);
  return VAI_PAGE (self);
}
