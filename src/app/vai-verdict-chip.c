#include "vai-verdict-chip.h"

struct _VaiVerdictChip
{
  GtkWidget parent_instance;

  GtkWidget *icon, *label;
};

G_DEFINE_TYPE (VaiVerdictChip, vai_verdict_chip, GTK_TYPE_WIDGET)

VaiColor
vai_verdict_color (VaiVerdict verdict)
{
  switch (verdict)
    {
    case VAI_VERDICT_VERY_LIKELY:
    case VAI_VERDICT_LIKELY:
      return VAI_COLOR_WON;
    case VAI_VERDICT_VERY_UNLIKELY:
    case VAI_VERDICT_UNLIKELY:
      return VAI_COLOR_LOST;
    case VAI_VERDICT_NOT_ENOUGH_SIMILAR:
    case VAI_VERDICT_TOO_CLOSE:
    case VAI_N_VERDICTS:
    default:
      return VAI_COLOR_NEUTRAL;
    }
}

VaiMark
vai_verdict_mark (VaiVerdict verdict)
{
  VaiColor color = vai_verdict_color (verdict);

  if (verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR)
    return VAI_MARK_NONE;
  return color == VAI_COLOR_WON ? VAI_MARK_CIRCLE : color == VAI_COLOR_LOST ? VAI_MARK_DIAMOND : VAI_MARK_SQUARE;
}

const char *
vai_verdict_style (VaiVerdict verdict)
{
  VaiColor color = vai_verdict_color (verdict);

  return color == VAI_COLOR_WON ? "won" : color == VAI_COLOR_LOST ? "lost" : "neutral";
}

const char *
vai_verdict_icon (VaiVerdict verdict)
{
  if (verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR)
    return "dialog-information-symbolic";
  if (verdict == VAI_VERDICT_TOO_CLOSE)
    return "dialog-question-symbolic";
  return vai_verdict_color (verdict) == VAI_COLOR_WON ? "emblem-ok-symbolic" : "dialog-warning-symbolic";
}

static void
vai_verdict_chip_dispose (GObject *object)
{
  VaiVerdictChip *self = VAI_VERDICT_CHIP (object);

  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS (vai_verdict_chip_parent_class)->dispose (object);
}

static void
vai_verdict_chip_class_init (VaiVerdictChipClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_verdict_chip_dispose;
  gtk_widget_class_set_css_name (widget_class, "verdict-chip");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
vai_verdict_chip_init (VaiVerdictChip *self)
{
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  self->icon = gtk_image_new ();
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  self->label = gtk_label_new (NULL);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
}

GtkWidget *
vai_verdict_chip_new (void)
{
  return g_object_new (VAI_TYPE_VERDICT_CHIP, NULL);
}

void
vai_verdict_chip_set (VaiVerdictChip *self, VaiVerdict verdict)
{
  g_return_if_fail (VAI_IS_VERDICT_CHIP (self));
  g_return_if_fail (verdict < VAI_N_VERDICTS);

  const char *classes[] = { vai_verdict_style (verdict), NULL };
  gtk_widget_set_css_classes (GTK_WIDGET (self), classes);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), vai_verdict_icon (verdict));
  gtk_label_set_label (GTK_LABEL (self->label), vai_verdict_chip_word (verdict));
}
