#include "vai-welcome-page.h"

#include "vai-ten-dots.h"
#include "vai-window.h"

struct _VaiWelcomePage
{
  VaiPage parent_instance;

  GtkWidget *start;
  GtkBox *kinds, *sample, *example;
  VaiTenDots *dots;
};

G_DEFINE_FINAL_TYPE (VaiWelcomePage, vai_welcome_page, VAI_TYPE_PAGE)

static void
start_cb (VaiWelcomePage *self)
{
  vai_window_begin (VAI_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), VAI_BEGIN_EMPTY);
}

static void
sample_cb (VaiWelcomePage *self)
{
  vai_window_begin (VAI_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), VAI_BEGIN_SAMPLE);
}

/* Enter begins. */
static void
vai_welcome_page_opened (VaiPage *page, const char *target)
{
  gtk_widget_grab_focus (VAI_WELCOME_PAGE (page)->start);
}

static void
vai_welcome_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_WELCOME_PAGE);
  G_OBJECT_CLASS (vai_welcome_page_parent_class)->dispose (object);
}

static void
vai_welcome_page_class_init (VaiWelcomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_welcome_page_dispose;
  VAI_PAGE_CLASS (klass)->opened = vai_welcome_page_opened;
  g_type_ensure (VAI_TYPE_TEN_DOTS);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-welcome-page.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiWelcomePage, start);
  gtk_widget_class_bind_template_child (widget_class, VaiWelcomePage, kinds);
  gtk_widget_class_bind_template_child (widget_class, VaiWelcomePage, sample);
  gtk_widget_class_bind_template_child (widget_class, VaiWelcomePage, example);
  gtk_widget_class_bind_template_child (widget_class, VaiWelcomePage, dots);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, sample_cb);
}

static void
vai_welcome_page_init (VaiWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  vai_page_bind_orientation (VAI_PAGE (self), self->kinds);
  vai_page_bind_orientation (VAI_PAGE (self), self->sample);
  vai_page_bind_orientation (VAI_PAGE (self), self->example);
  vai_ten_dots_set (self->dots, 0.6, 0.8, NULL);
}
