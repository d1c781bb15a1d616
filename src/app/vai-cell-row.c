#include "vai-cell-row.h"

/* Between two columns. */
#define GAP 12

/* Cells of which a screen reader is told. */
#define CELLS_SAID 8

struct _VaiCellRow
{
  GtkWidget parent_instance;

  VaiCellGrid *grid;
  gpointer item;
};

G_DEFINE_FINAL_TYPE (VaiCellRow, vai_cell_row, GTK_TYPE_WIDGET)

static void
vai_cell_row_dispose (GObject *object)
{
  g_clear_object (&VAI_CELL_ROW (object)->item);
  G_OBJECT_CLASS (vai_cell_row_parent_class)->dispose (object);
}

static void
vai_cell_row_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  VaiCellGrid *grid = VAI_CELL_ROW (widget)->grid;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = grid->x[grid->n];
  else
    {
      g_autoptr (PangoLayout) layout = grid->height == 0 ? gtk_widget_create_pango_layout (widget, "Xg") : NULL;
      if (layout != NULL)
        pango_layout_get_pixel_size (layout, NULL, &grid->height);
      *minimum = *natural = grid->height;
    }
}

/* All lines of a list are written alike: what one measured holds until the letters change. */
static void
vai_cell_row_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  VaiCellGrid *grid = VAI_CELL_ROW (widget)->grid;

  GTK_WIDGET_CLASS (vai_cell_row_parent_class)->css_changed (widget, change);
  if (grid != NULL)
    grid->height = 0;
}

static void
draw_cell (VaiCellRow *self, GtkSnapshot *snapshot, PangoLayout *layout, guint column)
{
  const VaiCellGrid *grid = self->grid;
  int width = grid->x[column + 1] - grid->x[column] - GAP;
  g_autofree char *text = grid->text (self->item, column, grid->user_data);

  if (text == NULL || text[0] == '\0')
    return;
  pango_layout_set_text (layout, text, -1);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_alignment (layout, grid->right[column] ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (GTK_WIDGET (self)), grid->x[column], 0, layout);
}

static void
vai_cell_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  VaiCellRow *self = VAI_CELL_ROW (widget);
  const VaiCellGrid *grid = self->grid;
  graphene_rect_t bounds;

  if (self->item == NULL || !gtk_widget_compute_bounds (widget, grid->scroller, &bounds))
    return;
  if (bounds.origin.y > gtk_widget_get_height (grid->scroller) || bounds.origin.y + bounds.size.height < 0)
    return;
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, NULL);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  for (guint i = 0; i < grid->n; i++)
    if (bounds.origin.x + grid->x[i + 1] > 0 && bounds.origin.x + grid->x[i] < gtk_widget_get_width (grid->scroller))
      draw_cell (self, snapshot, layout, i);
}

static void
vai_cell_row_class_init (VaiCellRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_cell_row_dispose;
  widget_class->measure = vai_cell_row_measure;
  widget_class->css_changed = vai_cell_row_css_changed;
  widget_class->snapshot = vai_cell_row_snapshot;
  gtk_widget_class_set_css_name (widget_class, "cells");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
vai_cell_row_init (VaiCellRow *self)
{
}

GtkWidget *
vai_cell_row_new (VaiCellGrid *grid)
{
  VaiCellRow *self = g_object_new (VAI_TYPE_CELL_ROW, NULL);

  self->grid = grid;
  return GTK_WIDGET (self);
}

char *
vai_cell_row_dup_words (VaiCellRow *self)
{
  g_return_val_if_fail (VAI_IS_CELL_ROW (self), NULL);

  GString *words = g_string_new (NULL);
  for (guint i = 0; self->item != NULL && i < MIN (self->grid->n, CELLS_SAID); i++)
    {
      g_autofree char *text = self->grid->text (self->item, i, self->grid->user_data);
      if (text != NULL && text[0] != '\0')
        g_string_append_printf (words, "%s%s", words->len > 0 ? ", " : "", text);
    }
  return g_string_free (words, FALSE);
}

void
vai_cell_row_set_item (VaiCellRow *self, gpointer item)
{
  g_return_if_fail (VAI_IS_CELL_ROW (self));

  g_set_object (&self->item, item);
  g_autofree char *words = vai_cell_row_dup_words (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gpointer
vai_cell_row_get_item (VaiCellRow *self)
{
  g_return_val_if_fail (VAI_IS_CELL_ROW (self), NULL);
  return self->item;
}

void
vai_cell_rows_redraw (GtkWidget *list)
{
  g_return_if_fail (GTK_IS_WIDGET (list));

  for (GtkWidget *child = gtk_widget_get_first_child (list); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (VAI_IS_CELL_ROW (child))
        gtk_widget_queue_draw (child);
      else
        vai_cell_rows_redraw (child);
    }
}
