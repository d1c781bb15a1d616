#include "vai-scoring-page.h"

struct _VaiScoringPage
{
  VaiPage parent_instance;
};

G_DEFINE_TYPE (VaiScoringPage, vai_scoring_page, VAI_TYPE_PAGE)

static void
vai_scoring_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_SCORING_PAGE);
  G_OBJECT_CLASS (vai_scoring_page_parent_class)->dispose (object);
}

static void
vai_scoring_page_class_init (VaiScoringPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_scoring_page_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-scoring-page.ui");
}

static void
vai_scoring_page_init (VaiScoringPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
