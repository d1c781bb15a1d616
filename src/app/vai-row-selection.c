#include "vai-row-selection.h"

struct _VaiRowSelection
{
  GObject parent_instance;
  GListModel *model;
  GtkBitset *selected;
};

static void vai_row_selection_list_init (GListModelInterface *iface);
static void vai_row_selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VaiRowSelection,
                               vai_row_selection,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, vai_row_selection_list_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, vai_row_selection_model_init))

static GType
get_item_type (GListModel *list)
{
  return g_list_model_get_item_type (VAI_ROW_SELECTION (list)->model);
}

static guint
get_n_items (GListModel *list)
{
  return g_list_model_get_n_items (VAI_ROW_SELECTION (list)->model);
}

static gpointer
get_item (GListModel *list, guint position)
{
  return g_list_model_get_item (VAI_ROW_SELECTION (list)->model, position);
}

static void
vai_row_selection_list_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  return gtk_bitset_contains (VAI_ROW_SELECTION (model)->selected, position);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n)
{
  return gtk_bitset_ref (VAI_ROW_SELECTION (model)->selected);
}

/* The other ways to select come down to this one. */
static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  VaiRowSelection *self = VAI_ROW_SELECTION (model);
  g_autoptr (GtkBitset) wanted = gtk_bitset_copy (selected), next = gtk_bitset_copy (self->selected);

  gtk_bitset_intersect (wanted, mask);
  gtk_bitset_subtract (next, mask);
  gtk_bitset_union (next, wanted);
  gtk_bitset_remove_range_closed (next, get_n_items (G_LIST_MODEL (self)), G_MAXUINT);
  g_autoptr (GtkBitset) changes = gtk_bitset_copy (next);
  gtk_bitset_difference (changes, self->selected);
  if (gtk_bitset_is_empty (changes))
    return TRUE;
  guint first = gtk_bitset_get_minimum (changes), last = gtk_bitset_get_maximum (changes);
  gtk_bitset_unref (self->selected);
  self->selected = g_steal_pointer (&next);
  gtk_selection_model_selection_changed (model, first, last - first + 1);
  return TRUE;
}

static void
vai_row_selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->set_selection = set_selection;
}

static void
items_changed_cb (VaiRowSelection *self, guint position, guint removed, guint added)
{
  gtk_bitset_splice (self->selected, position, removed, added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
vai_row_selection_finalize (GObject *object)
{
  VaiRowSelection *self = VAI_ROW_SELECTION (object);

  g_object_unref (self->model);
  gtk_bitset_unref (self->selected);
  G_OBJECT_CLASS (vai_row_selection_parent_class)->finalize (object);
}

static void
vai_row_selection_class_init (VaiRowSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_row_selection_finalize;
}

static void
vai_row_selection_init (VaiRowSelection *self)
{
  self->selected = gtk_bitset_new_empty ();
}

VaiRowSelection *
vai_row_selection_new (GListModel *model)
{
  VaiRowSelection *self = g_object_new (VAI_TYPE_ROW_SELECTION, NULL);

  self->model = model;
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}
