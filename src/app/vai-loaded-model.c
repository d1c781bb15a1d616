#include "vai-loaded-model.h"

struct _VaiLoadedModel
{
  GObject parent_instance;

  char *id;
  VaiModel *model;
  VaiScorer *scorer;
};

G_DEFINE_TYPE (VaiLoadedModel, vai_loaded_model, G_TYPE_OBJECT)

static void
vai_loaded_model_finalize (GObject *object)
{
  VaiLoadedModel *self = VAI_LOADED_MODEL (object);

  g_clear_pointer (&self->scorer, vai_scorer_free);
  g_clear_pointer (&self->model, vai_model_unref);
  g_free (self->id);
  G_OBJECT_CLASS (vai_loaded_model_parent_class)->finalize (object);
}

static void
vai_loaded_model_class_init (VaiLoadedModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = vai_loaded_model_finalize;
}

static void
vai_loaded_model_init (VaiLoadedModel *self)
{
}

VaiLoadedModel *
vai_loaded_model_new (VaiStore *store, const char *id, GError **error)
{
  g_autoptr (GBytes) bytes = vai_store_load_model (store, id, error);
  g_autoptr (VaiModel) model = bytes != NULL ? vai_model_from_bytes (bytes, error) : NULL;

  if (model == NULL)
    return NULL;
  VaiLoadedModel *self = g_object_new (VAI_TYPE_LOADED_MODEL, NULL);
  self->id = g_strdup (id);
  self->scorer = vai_scorer_new (model);
  self->model = g_steal_pointer (&model);
  return self;
}

const char *
vai_loaded_model_get_id (VaiLoadedModel *self)
{
  g_return_val_if_fail (VAI_IS_LOADED_MODEL (self), NULL);
  return self->id;
}

VaiModel *
vai_loaded_model_get_model (VaiLoadedModel *self)
{
  g_return_val_if_fail (VAI_IS_LOADED_MODEL (self), NULL);
  return self->model;
}

VaiScorer *
vai_loaded_model_get_scorer (VaiLoadedModel *self)
{
  g_return_val_if_fail (VAI_IS_LOADED_MODEL (self), NULL);
  return self->scorer;
}
