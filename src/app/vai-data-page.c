#include "vai-data-page.h"

struct _VaiDataPage
{
  VaiPage parent_instance;
};

G_DEFINE_TYPE (VaiDataPage, vai_data_page, VAI_TYPE_PAGE)

static void
vai_data_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_DATA_PAGE);
  G_OBJECT_CLASS (vai_data_page_parent_class)->dispose (object);
}

static void
vai_data_page_class_init (VaiDataPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_data_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-data-page.ui");
}

static void
vai_data_page_init (VaiDataPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
