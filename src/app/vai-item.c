#include "vai-item.h"

struct _VaiItem
{
  GObject parent_instance;

  VaiObject kind;
  gpointer row;
};

G_DEFINE_TYPE (VaiItem, vai_item, G_TYPE_OBJECT)

static const VaiRowKind *
row_kind (VaiObject kind)
{
  switch (kind)
    {
    case VAI_OBJECT_DATASET:
      return &vai_dataset_row_kind;
    case VAI_OBJECT_MODEL:
      return &vai_model_row_kind;
    case VAI_OBJECT_PREDICTION:
      return &vai_prediction_row_kind;
    case VAI_OBJECT_REPORT:
      return &vai_report_row_kind;
    case VAI_N_OBJECTS:
    default:
      g_assert_not_reached ();
    }
}

static void
vai_item_finalize (GObject *object)
{
  VaiItem *self = VAI_ITEM (object);

  vai_row_free (row_kind (self->kind), self->row);
  G_OBJECT_CLASS (vai_item_parent_class)->finalize (object);
}

static void
vai_item_class_init (VaiItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_item_finalize;
}

static void
vai_item_init (VaiItem *self)
{
}

VaiItem *
vai_item_new (VaiObject kind, gpointer row)
{
  g_return_val_if_fail (kind < VAI_N_OBJECTS, NULL);
  g_return_val_if_fail (row != NULL, NULL);

  VaiItem *self = g_object_new (VAI_TYPE_ITEM, NULL);
  self->kind = kind;
  self->row = row;
  return self;
}

VaiObject
vai_item_get_kind (VaiItem *self)
{
  g_return_val_if_fail (VAI_IS_ITEM (self), VAI_OBJECT_DATASET);
  return self->kind;
}

const char *
vai_item_get_id (VaiItem *self)
{
  g_return_val_if_fail (VAI_IS_ITEM (self), NULL);
  /* The first field of every kind. */
  return *(char *const *) self->row;
}

const char *
vai_item_get_name (VaiItem *self)
{
  const char *name = NULL;

  g_return_val_if_fail (VAI_IS_ITEM (self), "");
  if (self->kind == VAI_OBJECT_DATASET)
    name = vai_item_get_dataset (self)->name;
  else if (self->kind == VAI_OBJECT_MODEL)
    name = vai_item_get_model (self)->name;
  else if (self->kind == VAI_OBJECT_REPORT)
    name = vai_item_get_report (self)->title;
  else
    name = vai_item_get_prediction (self)->quote_ref;
  return name != NULL ? name : "";
}

static gpointer
row_of (VaiItem *self, VaiObject kind)
{
  g_return_val_if_fail (VAI_IS_ITEM (self), NULL);
  return self->kind == kind ? self->row : NULL;
}

const VaiDatasetRow *
vai_item_get_dataset (VaiItem *self)
{
  return row_of (self, VAI_OBJECT_DATASET);
}

const VaiModelRow *
vai_item_get_model (VaiItem *self)
{
  return row_of (self, VAI_OBJECT_MODEL);
}

const VaiPredictionRow *
vai_item_get_prediction (VaiItem *self)
{
  return row_of (self, VAI_OBJECT_PREDICTION);
}

const VaiReportRow *
vai_item_get_report (VaiItem *self)
{
  return row_of (self, VAI_OBJECT_REPORT);
}

VaiItem *
vai_item_find (GListModel *list, const char *id)
{
  g_return_val_if_fail (G_IS_LIST_MODEL (list), NULL);
  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (VaiItem) item = g_list_model_get_item (list, i);
      if (g_str_equal (vai_item_get_id (item), id))
        return item;
    }
  return NULL;
}
