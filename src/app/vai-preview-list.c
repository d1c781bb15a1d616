#include "vai-preview-list.h"

#include "vai-cell-row.h"
#include "vai-column-words.h"
#include "vai-compat.h"

#include <glib/gi18n-lib.h>

/* First lines that are shown: each is a row of widgets, in sight or not. */
#define LINES_MAX 50

/* Odd lines that are shown; all can be exported. */
#define REJECTED_MAX 200

/* Lines that are taken away in one turn of the main loop. */
#define LINES_SHED 12

/* Width of a column, from its longest value, in characters. */
#define CHARS_MIN 8
#define CHARS_MAX 26
#define CHAR_WIDTH 8
#define GAP 12

/* Kinds of lines beyond those of VaiPreviewKind. */
#define KIND_TYPES 100
#define KIND_TOTALS 101

/* A line as an object for the list. */
#define VAI_TYPE_PREVIEW_ITEM (vai_preview_item_get_type ())
G_DECLARE_FINAL_TYPE (VaiPreviewItem, vai_preview_item, VAI, PREVIEW_ITEM, GObject)

struct _VaiPreviewItem
{
  GObject parent_instance;

  guint kind;
  guint64 line; /* 0: none */
  GStrv cells;
  char *reason; /* nullable */
};

G_DEFINE_FINAL_TYPE (VaiPreviewItem, vai_preview_item, G_TYPE_OBJECT)

static void
vai_preview_item_finalize (GObject *object)
{
  VaiPreviewItem *self = VAI_PREVIEW_ITEM (object);

  g_strfreev (self->cells);
  g_free (self->reason);
  G_OBJECT_CLASS (vai_preview_item_parent_class)->finalize (object);
}

static void
vai_preview_item_class_init (VaiPreviewItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_preview_item_finalize;
}

static void
vai_preview_item_init (VaiPreviewItem *self)
{
}

/* Takes @cells. */
static VaiPreviewItem *
item_new (guint kind, guint64 line, GStrv cells, const char *reason)
{
  VaiPreviewItem *self = g_object_new (VAI_TYPE_PREVIEW_ITEM, NULL);

  self->kind = kind;
  self->line = line;
  self->cells = cells;
  self->reason = g_strdup (reason);
  return self;
}

struct _VaiPreviewList
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkListView *view;
  GListStore *items;
  GListStore *rejected; /* those that cannot be read */
  VaiCellGrid grid;
  gboolean only_rejected;
  guint n_first;     /* of the items: the first lines, before the odd ones */
  guint64 last_line; /* of those */
};

G_DEFINE_FINAL_TYPE (VaiPreviewList, vai_preview_list, GTK_TYPE_WIDGET)

static void
vai_preview_list_dispose (GObject *object)
{
  VaiPreviewList *self = VAI_PREVIEW_LIST (object);

  if (self->view != NULL)
    gtk_list_view_set_model (self->view, NULL);
  self->view = NULL;
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_object (&self->items);
  g_clear_object (&self->rejected);
  G_OBJECT_CLASS (vai_preview_list_parent_class)->dispose (object);
}

static void
vai_preview_list_class_init (VaiPreviewListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vai_preview_list_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

/* Rows. */

static GtkWidget *
add_label (GtkWidget *row, const char *text, int width, float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_widget_set_size_request (label, width, -1);
  gtk_box_append (GTK_BOX (row), label);
  return label;
}

static void
add_line_number (GtkWidget *row, guint64 line)
{
  g_autofree char *number = line > 0 ? g_strdup_printf ("%" G_GUINT64_FORMAT, line) : g_strdup ("");
  GtkWidget *label = add_label (row, number, 48, 1);

  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "dim-label");
}

static const char *
kind_class (guint kind)
{
  switch (kind)
    {
    case VAI_PREVIEW_ABOVE:
    case KIND_TOTALS:
      return "left-out";
    case VAI_PREVIEW_HEADER:
      return "column-names";
    case KIND_TYPES:
      return "column-types";
    case VAI_PREVIEW_REJECTED:
      return "rejected";
    default:
      return "row";
    }
}

/* A line that is no row of the table runs over all columns. Gives its words. */
static char *
add_whole_line (GtkWidget *row, const VaiPreviewItem *item)
{
  g_autofree char *text = g_strjoinv ("   ", item->cells);
  GtkWidget *label = add_label (row, g_strstrip (text), 200, 0);

  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_tooltip_text (label, text);
  if (item->reason == NULL)
    return g_steal_pointer (&text);
  GtkWidget *reason = gtk_label_new (item->reason);
  gtk_widget_add_css_class (reason, item->kind == KIND_TOTALS ? "dim-label" : "chip-care");
  gtk_box_append (GTK_BOX (row), reason);
  return g_strdup_printf ("%s, %s", item->reason, text);
}

static char *
dup_cell (gpointer item, guint column, gpointer user_data)
{
  const VaiPreviewItem *of = item;

  /* Lines may be shorter than the table is wide. */
  for (guint i = 0; of->cells[i] != NULL; i++)
    if (i == column)
      return g_strdup (of->cells[i]);
  return NULL;
}

static char *
add_cells (VaiPreviewList *self, GtkWidget *row, VaiPreviewItem *item)
{
  GtkWidget *cells = vai_cell_row_new (&self->grid);

  vai_cell_row_set_item (VAI_CELL_ROW (cells), item);
  gtk_box_append (GTK_BOX (row), cells);
  return vai_cell_row_dup_words (VAI_CELL_ROW (cells));
}

static void
scrolled_cb (VaiPreviewList *self)
{
  if (self->view != NULL)
    vai_cell_rows_redraw (GTK_WIDGET (self->view));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiPreviewList *self)
{
  VaiPreviewItem *item = gtk_list_item_get_item (list_item);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  gboolean whole = item->kind == VAI_PREVIEW_ABOVE || item->kind == VAI_PREVIEW_REJECTED || item->kind == KIND_TOTALS;

  gtk_widget_add_css_class (row, "preview-line");
  gtk_widget_add_css_class (row, kind_class (item->kind));
  add_line_number (row, item->line);
  g_autofree char *words = whole ? add_whole_line (row, item) : add_cells (self, row, item);
  gtk_list_item_set_child (list_item, row);
  vai_name_row (list_item, words);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiPreviewList *self)
{
  gtk_list_item_set_child (list_item, NULL);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, VaiPreviewList *self)
{
  gtk_list_item_set_activatable (list_item, FALSE);
  gtk_list_item_set_selectable (list_item, FALSE);
}

static void
vai_preview_list_init (VaiPreviewList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->items = g_list_store_new (VAI_TYPE_PREVIEW_ITEM);
  self->rejected = g_list_store_new (VAI_TYPE_PREVIEW_ITEM);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, 0);
  self->view = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "preview");
  vai_leave_list_by_tab (GTK_WIDGET (self->view));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Preview"), -1);
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->view));
  gtk_widget_add_css_class (self->scroller, "card");
  /* It has the keyboard, to scroll: its lines do not take it. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scroller), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Preview"), -1);
  gtk_widget_set_overflow (self->scroller, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
  self->grid = (VaiCellGrid){ .scroller = self->scroller, .text = dup_cell, .user_data = self };
  GtkAdjustment *const moves[] = { gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->scroller)),
                                   gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller)) };
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      g_signal_connect_object (moves[i], "value-changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (moves[i], "changed", G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
    }
}

/* Columns. */

static void
measure_columns (VaiPreviewList *self, const VaiPreview *preview)
{
  const VaiTable *table = preview->import->table;
  glong chars[VAI_CELLS_MAX];

  self->grid.n = MIN (table->columns->len, VAI_CELLS_MAX);
  for (guint i = 0; i < self->grid.n; i++)
    {
      chars[i] = CHARS_MIN;
      self->grid.right[i] = vai_table_column (table, i)->type == VAI_TYPE_NUMBER;
    }
  for (guint l = 0; l < preview->lines->len; l++)
    {
      const VaiPreviewLine *line = g_ptr_array_index (preview->lines, l);
      if (line->kind == VAI_PREVIEW_ABOVE || line->kind == VAI_PREVIEW_REJECTED)
        continue;
      for (guint i = 0; i < self->grid.n && line->cells[i] != NULL; i++)
        chars[i] = MAX (chars[i], g_utf8_strlen (line->cells[i], -1));
    }
  for (guint i = 0; i < self->grid.n; i++)
    self->grid.x[i + 1] = self->grid.x[i] + MIN (chars[i], CHARS_MAX) * CHAR_WIDTH + GAP;
}

static void
add_types (VaiPreviewList *self, GListStore *items, const VaiTable *table)
{
  GStrv cells = g_new0 (char *, self->grid.n + 1);

  for (guint i = 0; i < self->grid.n; i++)
    {
      const VaiColumn *column = vai_table_column (table, i);
      cells[i] = column->type == VAI_TYPE_NUMBER ? vai_column_dup_type_text (column, column->type)
                                                 : g_strdup (vai_type_title (column->type));
    }
  g_autoptr (VaiPreviewItem) item = item_new (KIND_TYPES, 0, cells, NULL);
  g_list_store_append (items, item);
}

static GListStore *
list_lines (VaiPreviewList *self, const VaiPreview *preview)
{
  GListStore *items = g_list_store_new (VAI_TYPE_PREVIEW_ITEM);
  gboolean typed = FALSE;

  self->last_line = 0;
  for (guint i = 0; i < MIN (preview->lines->len, LINES_MAX); i++)
    {
      const VaiPreviewLine *line = g_ptr_array_index (preview->lines, i);
      self->last_line = line->line;
      if (!typed && line->kind == VAI_PREVIEW_ROW)
        {
          add_types (self, items, preview->import->table);
          typed = TRUE;
        }
      g_autoptr (VaiPreviewItem) item = item_new (line->kind, line->line, g_strdupv (line->cells), line->reason);
      g_list_store_append (items, item);
    }
  return items;
}

void
vai_preview_list_set_odd (VaiPreviewList *self, const VaiImport *import)
{
  g_return_if_fail (VAI_IS_PREVIEW_LIST (self));
  g_return_if_fail (import != NULL);

  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  g_list_store_splice (self->items, MIN (self->n_first, n), n - MIN (self->n_first, n), NULL, 0);
  g_list_store_remove_all (self->rejected);
  for (guint i = 0; i < MIN (import->rejected->len, REJECTED_MAX); i++)
    {
      VaiPreviewLine *line = vai_preview_line_new_rejected (g_ptr_array_index (import->rejected, i));
      g_autoptr (VaiPreviewItem) item = item_new (line->kind, line->line, g_strdupv (line->cells), line->reason);
      g_list_store_append (self->rejected, item);
      if (line->line > self->last_line)
        g_list_store_append (self->items, item);
      vai_preview_line_free (line);
    }
  if (import->totals_line == 0)
    return;
  GStrv cells = g_new0 (char *, 2);
  cells[0] = g_strdup (_ ("totals row"));
  g_autoptr (VaiPreviewItem) item = item_new (KIND_TOTALS, import->totals_line, cells, _ ("totals row, left out"));
  g_list_store_append (self->items, item);
}

static void
show_items (VaiPreviewList *self)
{
  GListModel *model = G_LIST_MODEL (self->only_rejected ? self->rejected : self->items);
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (model));

  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

void
vai_preview_list_set (VaiPreviewList *self, const VaiPreview *preview)
{
  g_return_if_fail (VAI_IS_PREVIEW_LIST (self));

  g_list_store_remove_all (self->rejected);
  g_clear_object (&self->items);
  self->n_first = 0;
  gtk_list_view_set_model (self->view, NULL);
  if (preview == NULL)
    {
      self->items = g_list_store_new (VAI_TYPE_PREVIEW_ITEM);
      return;
    }
  measure_columns (self, preview);
  self->items = list_lines (self, preview);
  self->n_first = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  vai_preview_list_set_odd (self, preview->import);
  show_items (self);
}

void
vai_preview_list_set_only_rejected (VaiPreviewList *self, gboolean only)
{
  g_return_if_fail (VAI_IS_PREVIEW_LIST (self));

  self->only_rejected = only;
  show_items (self);
}

gboolean
vai_preview_list_shed (VaiPreviewList *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  guint few = MIN (n, LINES_SHED);

  g_return_val_if_fail (VAI_IS_PREVIEW_LIST (self), FALSE);
  g_list_store_splice (self->items, n - few, few, NULL, 0);
  return n > 0;
}
