#include "vai-lazy-cells.h"

#include <math.h>

/* Cells filled in one turn of the main loop: a few milliseconds. */
#define CELLS_A_TURN 96

/* A screen shows fewer rows; while the list does not know its height yet, no more are thought to be in sight. */
#define ROWS_MAX 80

/* After what is to be drawn, before all that can wait. */
#define PRIORITY (GDK_PRIORITY_REDRAW + 10)

typedef struct
{
  GtkColumnView *view;   /* which owns this */
  GHashTable *waiting;   /* GtkListItem → Column: bound and not filled */
  GPtrArray *columns;    /* of Column */
  GtkAdjustment *scroll; /* nullable; a reference */
  guint idle;
} Cells;

typedef struct
{
  Cells *cells;
  const VaiLazyCell *cell;
  gpointer user_data;
} Column;

static void schedule (Cells *self);

static void
cells_free (gpointer data)
{
  Cells *self = data;

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->scroll != NULL)
    g_signal_handlers_disconnect_by_data (self->scroll, self);
  g_clear_object (&self->scroll);
  g_hash_table_unref (self->waiting);
  g_ptr_array_unref (self->columns);
  g_free (self);
}

/* The rows in sight, from @first to before @end. */
static void
get_sight (Cells *self, double *first, double *end)
{
  GListModel *model = G_LIST_MODEL (gtk_column_view_get_model (self->view));
  guint n = model != NULL ? g_list_model_get_n_items (model) : 0;
  double upper = self->scroll != NULL ? gtk_adjustment_get_upper (self->scroll) : 0;
  double height = n > 0 && upper > 0 ? upper / n : 1;

  *first = self->scroll != NULL ? floor (gtk_adjustment_get_value (self->scroll) / height) : 0;
  double n_rows = self->scroll != NULL ? ceil (gtk_adjustment_get_page_size (self->scroll) / height) + 1 : 0;
  *end = *first + MIN (n_rows, ROWS_MAX);
}

static void fill (Cells *self, GtkListItem *item, Column *column);

/* Cells of the rows from @first to before @end, at most @most; gives how many. */
static guint
fill_rows (Cells *self, double first, double end, guint most)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->waiting);
  while (items->len < most && g_hash_table_iter_next (&iter, &item, NULL))
    {
      double position = gtk_list_item_get_position (item);
      if (position >= first && position < end)
        g_ptr_array_add (items, item);
    }
  for (guint i = 0; i < items->len; i++)
    {
      Column *column = g_hash_table_lookup (self->waiting, items->pdata[i]);
      if (column != NULL)
        fill (self, items->pdata[i], column);
    }
  return items->len;
}

/* What is in sight, then a screen above and below, which a turn of the wheel or a key comes to. */
static gboolean
fill_cb (gpointer data)
{
  Cells *self = data;
  double first, end;

  get_sight (self, &first, &end);
  guint n = fill_rows (self, first, end, CELLS_A_TURN);
  if (n == 0)
    n = fill_rows (self, 2 * first - end, 2 * end - first, CELLS_A_TURN);
  if (n > 0)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
  return G_SOURCE_REMOVE;
}

static void
schedule (Cells *self)
{
  if (self->idle == 0 && gtk_widget_get_mapped (GTK_WIDGET (self->view)))
    self->idle = g_idle_add_full (PRIORITY, fill_cb, self, NULL);
}

static void
wait (GtkListItem *item, Column *column)
{
  GtkWidget *child = gtk_list_item_get_child (item);

  /* What it showed before. */
  if (child != NULL)
    gtk_widget_set_opacity (child, 0);
  g_hash_table_insert (column->cells->waiting, item, column);
  schedule (column->cells);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Column *column)
{
  g_object_set_data (G_OBJECT (item), "vai-lazy-column", column);
  wait (item, column);
}

static void changed_cb (GObject *object, GParamSpec *pspec, GtkListItem *item);

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Column *column)
{
  if (g_hash_table_remove (column->cells->waiting, item))
    return;
  if (column->cell->follows != NULL)
    g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), changed_cb, item);
  if (column->cell->unbind != NULL)
    column->cell->unbind (item, column->user_data);
}

/* What the item shows has changed: the cell is bound anew when it is in sight. */
static void
changed_cb (GObject *object, GParamSpec *pspec, GtkListItem *item)
{
  Column *column = g_object_get_data (G_OBJECT (item), "vai-lazy-column");

  unbind_cb (NULL, item, column);
  wait (item, column);
}

static void
fill (Cells *self, GtkListItem *item, Column *column)
{
  g_hash_table_remove (self->waiting, item);
  if (gtk_list_item_get_child (item) == NULL)
    column->cell->setup (item, column->user_data);
  gtk_widget_set_opacity (gtk_list_item_get_child (item), 1);
  column->cell->bind (item, column->user_data);
  if (column->cell->follows != NULL)
    g_signal_connect_object (gtk_list_item_get_item (item), column->cell->follows, G_CALLBACK (changed_cb), item, 0);
}

/* The scroller gives the view another adjustment. */
static void
follow_scroll (Cells *self)
{
  if (self->scroll != NULL)
    g_signal_handlers_disconnect_by_data (self->scroll, self);
  g_set_object (&self->scroll, gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view)));
  if (self->scroll == NULL)
    return;
  g_signal_connect_swapped (self->scroll, "changed", G_CALLBACK (schedule), self);
  g_signal_connect_swapped (self->scroll, "value-changed", G_CALLBACK (schedule), self);
}

static Cells *
cells_of (GtkColumnView *view)
{
  Cells *self = g_object_get_data (G_OBJECT (view), "vai-lazy-cells");

  if (self != NULL)
    return self;
  self = g_new0 (Cells, 1);
  self->view = view;
  self->waiting = g_hash_table_new (NULL, NULL);
  self->columns = g_ptr_array_new_with_free_func (g_free);
  g_object_set_data_full (G_OBJECT (view), "vai-lazy-cells", self, cells_free);
  g_signal_connect_swapped (view, "notify::vadjustment", G_CALLBACK (follow_scroll), self);
  g_signal_connect_swapped (view, "map", G_CALLBACK (schedule), self);
  follow_scroll (self);
  return self;
}

void
vai_lazy_cells_add (GtkColumnView *view, GtkColumnViewColumn *column, const VaiLazyCell *cell, gpointer user_data)
{
  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  Cells *self = cells_of (view);
  Column *own = g_new0 (Column, 1);
  *own = (Column){ self, cell, user_data };
  g_ptr_array_add (self->columns, own);
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), own);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), own);
  gtk_column_view_column_set_factory (column, factory);
}
