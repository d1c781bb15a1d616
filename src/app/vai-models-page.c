#include "vai-models-page.h"

struct _VaiModelsPage
{
  VaiPage parent_instance;
};

G_DEFINE_TYPE (VaiModelsPage, vai_models_page, VAI_TYPE_PAGE)

static void
vai_models_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_MODELS_PAGE);
  G_OBJECT_CLASS (vai_models_page_parent_class)->dispose (object);
}

static void
vai_models_page_class_init (VaiModelsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_models_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-models-page.ui");
}

static void
vai_models_page_init (VaiModelsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
