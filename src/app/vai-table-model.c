#include "vai-table-model.h"

struct _VaiTableRow
{
  GObject parent_instance;

  VaiTableModel *model; /* a reference */
  guint position;
};

G_DEFINE_FINAL_TYPE (VaiTableRow, vai_table_row, G_TYPE_OBJECT)

static void
vai_table_row_finalize (GObject *object)
{
  g_object_unref (VAI_TABLE_ROW (object)->model);
  G_OBJECT_CLASS (vai_table_row_parent_class)->finalize (object);
}

static void
vai_table_row_class_init (VaiTableRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_table_row_finalize;
}

static void
vai_table_row_init (VaiTableRow *self)
{
}

struct _VaiTableModel
{
  GObject parent_instance;

  guint n;
  GArray *rows; /* nullable */
};

static void vai_table_model_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (VaiTableModel,
                               vai_table_model,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, vai_table_model_list_init))

static GType
vai_table_model_get_item_type (GListModel *model)
{
  return VAI_TYPE_TABLE_ROW;
}

static guint
vai_table_model_get_n_items (GListModel *model)
{
  return VAI_TABLE_MODEL (model)->n;
}

static gpointer
vai_table_model_get_item (GListModel *model, guint position)
{
  VaiTableModel *self = VAI_TABLE_MODEL (model);

  if (position >= self->n)
    return NULL;
  VaiTableRow *row = g_object_new (VAI_TYPE_TABLE_ROW, NULL);
  row->model = g_object_ref (self);
  row->position = position;
  return row;
}

static void
vai_table_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = vai_table_model_get_item_type;
  iface->get_n_items = vai_table_model_get_n_items;
  iface->get_item = vai_table_model_get_item;
}

static void
vai_table_model_finalize (GObject *object)
{
  g_clear_pointer (&VAI_TABLE_MODEL (object)->rows, g_array_unref);
  G_OBJECT_CLASS (vai_table_model_parent_class)->finalize (object);
}

static void
vai_table_model_class_init (VaiTableModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_table_model_finalize;
}

static void
vai_table_model_init (VaiTableModel *self)
{
}

VaiTableModel *
vai_table_model_new (void)
{
  return g_object_new (VAI_TYPE_TABLE_MODEL, NULL);
}

gboolean
vai_table_row_get_index (VaiTableRow *self, gsize *index)
{
  g_return_val_if_fail (VAI_IS_TABLE_ROW (self), FALSE);

  const VaiTableModel *model = self->model;
  if (self->position >= model->n)
    return FALSE;
  *index = model->rows != NULL ? g_array_index (model->rows, guint32, self->position) : self->position;
  return TRUE;
}

void
vai_table_model_set (VaiTableModel *self, guint n_rows, GArray *rows)
{
  g_return_if_fail (VAI_IS_TABLE_MODEL (self));

  guint before = self->n;
  g_clear_pointer (&self->rows, g_array_unref);
  self->rows = rows != NULL ? g_array_ref (rows) : NULL;
  self->n = rows != NULL ? rows->len : n_rows;
  guint kept = MIN (before, self->n);
  if (before != self->n)
    g_list_model_items_changed (G_LIST_MODEL (self), kept, before - kept, self->n - kept);
}
