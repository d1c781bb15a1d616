#include "vai-dashboard-page.h"

struct _VaiDashboardPage
{
  VaiPage parent_instance;
};

G_DEFINE_TYPE (VaiDashboardPage, vai_dashboard_page, VAI_TYPE_PAGE)

static void
vai_dashboard_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_DASHBOARD_PAGE);
  G_OBJECT_CLASS (vai_dashboard_page_parent_class)->dispose (object);
}

static void
vai_dashboard_page_class_init (VaiDashboardPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_dashboard_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-dashboard-page.ui");
}

static void
vai_dashboard_page_init (VaiDashboardPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
