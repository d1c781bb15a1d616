#include "vai-reports-page.h"

struct _VaiReportsPage
{
  VaiPage parent_instance;
};

G_DEFINE_TYPE (VaiReportsPage, vai_reports_page, VAI_TYPE_PAGE)

static void
vai_reports_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_REPORTS_PAGE);
  G_OBJECT_CLASS (vai_reports_page_parent_class)->dispose (object);
}

static void
vai_reports_page_class_init (VaiReportsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_reports_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-reports-page.ui");
}

static void
vai_reports_page_init (VaiReportsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
