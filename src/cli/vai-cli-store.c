#include "vai-cli-store.h"

#include "vai-config.h"
#include "vai-model-row.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

const char *
vai_cli_object_name (const char *word)
{
  return word != NULL && word[0] == '@' ? word + 1 : NULL;
}

/* Who only looks takes the file as any other program does, so that an older format is brought up to date, dead jobs are
 * found and no log stays behind; where nothing can be written it is read as it stands. */
static VaiStore *
open_to_read (const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  VaiStore *store = vai_store_open (path, VAI_STORE_EXISTING, &local);
  if (store != NULL)
    return store;
  if (g_error_matches (local, VAI_ERROR, VAI_ERROR_NOT_WRITABLE)
      || g_error_matches (local, VAI_ERROR, VAI_ERROR_NOT_READABLE))
    return vai_store_open (path, VAI_STORE_READ_ONLY, error);
  if (g_error_matches (local, VAI_ERROR, VAI_ERROR_NO_SPACE)
      && (store = vai_store_open (path, VAI_STORE_READ_ONLY, NULL)) != NULL)
    return store;
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

VaiStore *
vai_cli_open_store (const char *path, VaiStoreMode mode, GError **error)
{
  g_autofree char *file = path != NULL ? g_strdup (path) : vai_config_dup_workspace_path (error);
  if (file == NULL)
    return NULL;
  g_autofree char *folder = g_path_get_dirname (file);
  if (mode == VAI_STORE_CREATE && path == NULL && g_mkdir_with_parents (folder, 0700) != 0)
    {
      vai_error_set_errno (error, errno, TRUE, _ ("Cannot make the folder “%s”"), folder);
      return NULL;
    }
  if (mode != VAI_STORE_CREATE && !g_file_test (file, G_FILE_TEST_EXISTS))
    {
      g_set_error (
          error, VAI_ERROR, VAI_ERROR_NOT_FOUND,
          _ ("There is no workspace “%s”: “valutai-cli dataset import FILE”, or “train” with --keep, makes one."),
          file);
      return NULL;
    }
  return mode == VAI_STORE_READ_ONLY ? open_to_read (file, error) : vai_store_open (file, mode, error);
}

static GBytes *
load_bytes (const char *word, const char *workspace, GError **error)
{
  const char *name = vai_cli_object_name (word);
  if (name == NULL)
    return vai_model_read_file (word, error);
  g_autoptr (VaiStore) store = vai_cli_open_store (workspace, VAI_STORE_READ_ONLY, error);
  if (store == NULL)
    return NULL;
  g_autofree char *id = vai_store_resolve (store, VAI_OBJECT_MODEL, name, error);
  return id == NULL ? NULL : vai_store_load_model (store, id, error);
}

VaiModel *
vai_cli_load_model (const char *word, const char *workspace, GBytes **bytes, GError **error)
{
  if (vai_cli_object_name (word) == NULL && bytes == NULL)
    return vai_model_load (word, error);
  g_autoptr (GBytes) content = load_bytes (word, workspace, error);
  if (content == NULL)
    return NULL;
  VaiModel *model = vai_model_from_bytes (content, error);
  if (model == NULL)
    g_prefix_error (error, "%s: ", word);
  else if (bytes != NULL)
    *bytes = g_steal_pointer (&content);
  return model;
}

gboolean
vai_cli_find_threshold (const char *word,
                        const char *workspace,
                        const VaiModel *model,
                        double *threshold,
                        GError **error)
{
  const char *name = vai_cli_object_name (word);
  *threshold = 0.5;
  if (name == NULL)
    return TRUE;
  g_autoptr (VaiStore) store = vai_cli_open_store (workspace, VAI_STORE_READ_ONLY, error);
  g_autofree char *id = store != NULL ? vai_store_resolve (store, VAI_OBJECT_MODEL, name, error) : NULL;
  g_autoptr (VaiModelRow) row = id != NULL ? vai_store_get_model (store, id, error) : NULL;
  if (row == NULL)
    return FALSE;
  *threshold = vai_model_row_get_threshold (row, model);
  return TRUE;
}

gboolean
vai_cli_set_cells (VaiFrame *frame, GStrv words, GError **error)
{
  g_autoptr (GHashTable) given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autofree char *column = NULL;
      g_autofree char *value = NULL;
      if (!vai_cli_split_pair (words[i], FALSE, "COL=VALUE", &column, &value, error)
          || !vai_frame_set_text (frame, 0, column, value, error))
        return FALSE;
      if (!g_hash_table_add (given, g_strdup (column)))
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is given two values: give it one."), column);
          return FALSE;
        }
    }
  return TRUE;
}
