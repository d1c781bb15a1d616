/* XGBoost's model file (Universal Binary JSON), read by us alone: its own parser is not made for bytes that may be
 * damaged on purpose. */
#include "vai-tree-read.h"

#include "vai-ubj.h"

#include <stdlib.h>
#include <string.h>

#define KEY_SIZE 128

static void
raw_tree_free (gpointer data)
{
  VaiRawTree *self = data;
  GArray **arrays[]
      = { &self->left, &self->right, &self->column, &self->threshold, &self->missing_left, &self->weight, &self->kind };
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_clear_pointer (arrays[i], g_array_unref);
  g_free (self);
}

void
vai_raw_model_clear (VaiRawModel *self)
{
  g_clear_pointer (&self->trees, g_ptr_array_unref);
}

/* Reads the members of one object: @read takes what it knows and skips the rest. */
typedef gboolean (*ReadMember) (VaiUbj *ubj, const char *key, gpointer data);

static gboolean
read_object (VaiUbj *ubj, ReadMember read, gpointer data)
{
  char key[KEY_SIZE];
  gboolean done = FALSE;
  if (!vai_ubj_enter_object (ubj))
    return FALSE;
  while (vai_ubj_next_key (ubj, key, sizeof key, &done))
    if (!read (ubj, key, data))
      return FALSE;
  return done;
}

static gboolean
read_tree_member (VaiUbj *ubj, const char *key, gpointer data)
{
  VaiRawTree *tree = data;
  const struct
  {
    const char *key;
    GArray **array;
  } known[] = { { "left_children", &tree->left },
                { "right_children", &tree->right },
                { "split_indices", &tree->column },
                { "split_conditions", &tree->threshold },
                { "default_left", &tree->missing_left },
                { "sum_hessian", &tree->weight },
                { "split_type", &tree->kind } };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (key, known[i].key) == 0)
      {
        g_clear_pointer (known[i].array, g_array_unref);
        *known[i].array = vai_ubj_read_numbers (ubj);
        return *known[i].array != NULL;
      }
  return vai_ubj_skip (ubj);
}

static gboolean
tree_is_whole (const VaiRawTree *tree)
{
  const GArray *arrays[]
      = { tree->left, tree->right, tree->column, tree->threshold, tree->missing_left, tree->weight, tree->kind };
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    if (!arrays[i] || arrays[i]->len == 0 || arrays[i]->len != tree->left->len)
      return FALSE;
  return TRUE;
}

static gboolean
read_trees (VaiUbj *ubj, VaiRawModel *model)
{
  VaiUbjArray array;
  gboolean done = FALSE;
  if (!vai_ubj_enter_array (ubj, &array) || array.type)
    return FALSE;
  while (vai_ubj_next_element (ubj, &array, &done))
    {
      VaiRawTree *tree = g_new0 (VaiRawTree, 1);
      g_ptr_array_add (model->trees, tree);
      if (!read_object (ubj, read_tree_member, tree) || !tree_is_whole (tree))
        return FALSE;
    }
  return done;
}

static gboolean
read_inner_member (VaiUbj *ubj, const char *key, gpointer data)
{
  return strcmp (key, "trees") == 0 ? read_trees (ubj, data) : vai_ubj_skip (ubj);
}

static gboolean
read_booster_member (VaiUbj *ubj, const char *key, gpointer data)
{
  char name[KEY_SIZE];
  if (strcmp (key, "model") == 0)
    return read_object (ubj, read_inner_member, data);
  if (strcmp (key, "name") == 0) /* dropout and linear boosters add up in other ways */
    return vai_ubj_read_text (ubj, name, sizeof name) && strcmp (name, "gbtree") == 0;
  return vai_ubj_skip (ubj);
}

static gboolean
read_objective_member (VaiUbj *ubj, const char *key, gpointer data)
{
  char name[KEY_SIZE];
  if (strcmp (key, "name") == 0)
    return vai_ubj_read_text (ubj, name, sizeof name) && strcmp (name, "binary:logistic") == 0;
  return vai_ubj_skip (ubj);
}

static gboolean
read_parameter_member (VaiUbj *ubj, const char *key, gpointer data)
{
  VaiRawModel *model = data;
  char text[KEY_SIZE], *end;
  double *number = strcmp (key, "base_score") == 0    ? &model->base_score
                   : strcmp (key, "num_feature") == 0 ? &model->n_columns
                                                      : NULL;
  if (!number)
    return vai_ubj_skip (ubj);
  if (!vai_ubj_read_text (ubj, text, sizeof text))
    return FALSE;
  *number = g_ascii_strtod (text, &end);
  return end != text && *end == '\0';
}

static gboolean
read_learner_member (VaiUbj *ubj, const char *key, gpointer data)
{
  if (strcmp (key, "gradient_booster") == 0)
    return read_object (ubj, read_booster_member, data);
  if (strcmp (key, "learner_model_param") == 0)
    return read_object (ubj, read_parameter_member, data);
  if (strcmp (key, "objective") == 0)
    return read_object (ubj, read_objective_member, data);
  return vai_ubj_skip (ubj);
}

static gboolean
read_model_member (VaiUbj *ubj, const char *key, gpointer data)
{
  return strcmp (key, "learner") == 0 ? read_object (ubj, read_learner_member, data) : vai_ubj_skip (ubj);
}

gboolean
vai_raw_model_read (VaiRawModel *self, GBytes *ubj)
{
  VaiUbj cursor = { 0 };
  cursor.data = g_bytes_get_data (ubj, &cursor.size);
  *self = (VaiRawModel){ .trees = g_ptr_array_new_with_free_func (raw_tree_free), .base_score = -1 };
  return read_object (&cursor, read_model_member, self) && cursor.at == cursor.size && self->base_score > 0
         && self->base_score < 1;
}
