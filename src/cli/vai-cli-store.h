/* How commands name things: a path is a file, "@NAME" is an object of the workspace. */
#pragma once

#include "vai-cli.h"
#include "vai-model.h"
#include "vai-store.h"

G_BEGIN_DECLS

/* "@NAME" → "NAME"; NULL for a path. */
const char *vai_cli_object_name (const char *word);

/* @path NULL: the workspace of the configuration; its folder is made when the mode is to create.
 * With VAI_STORE_READ_ONLY a workspace is read also where nothing can be written. */
VaiStore *vai_cli_open_store (const char *path, VaiStoreMode mode, GError **error);

/* The model of a file or of the workspace. @bytes is nullable. */
VaiModel *vai_cli_load_model (const char *word, const char *workspace, GBytes **bytes, GError **error);

/* vai_model_row_get_threshold() of that model; 0.5 of a file, which knows of no choice. */
gboolean vai_cli_find_threshold (const char *word,
                                 const char *workspace,
                                 const VaiModel *model,
                                 double *threshold,
                                 GError **error);

/* Sets the cells of the one row of @frame by @words "COL=VALUE" (nullable). Error USAGE when a column is given twice,
 * else as vai_frame_set_text(). */
gboolean vai_cli_set_cells (VaiFrame *frame, GStrv words, GError **error);

G_END_DECLS
