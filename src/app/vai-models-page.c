#include "vai-models-page.h"

#include "vai-object-list.h"

struct _VaiModelsPage
{
  VaiPage parent_instance;

  VaiObjectList *list;
};

G_DEFINE_TYPE (VaiModelsPage, vai_models_page, VAI_TYPE_PAGE)

static void
chosen_cb (VaiModelsPage *self, VaiItem *item)
{
}

static void
describe (VaiItem *item, VaiObjectRow *row)
{
}

static void
vai_models_page_attach (VaiPage *page, VaiWorkspace *workspace)
{
  VAI_PAGE_CLASS (vai_models_page_parent_class)->attach (page, workspace);
  vai_object_list_setup (VAI_MODELS_PAGE (page)->list, workspace, VAI_OBJECT_MODEL, "vai-model-symbolic", describe);
}

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
  VAI_PAGE_CLASS (klass)->attach = vai_models_page_attach;
  g_type_ensure (VAI_TYPE_OBJECT_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-models-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiModelsPage, list);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
}

static void
vai_models_page_init (VaiModelsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
