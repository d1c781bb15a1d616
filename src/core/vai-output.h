/* A file that appears whole or not at all. It is written beside its target under a temporary name, synced and renamed.
 * A target that exists and is no regular file (a device, a folder) is refused: renaming over /dev/null would destroy
 * it. */
#pragma once

#include <gio/gio.h>
#include <stdio.h>

G_BEGIN_DECLS

typedef struct _VaiOutput VaiOutput;

/* NULL and @error NOT_WRITABLE, NOT_FOUND or NO_SPACE when @path cannot become a file. A file that is there keeps its
 * permissions, and a link to it stays one. */
VaiOutput *vai_output_new (const char *path, GError **error);

/* FALSE with @error USAGE when @path is the file @input (nullable), by this name or another: what is read would be
 * written over. */
gboolean vai_output_check_apart (const char *path, const char *input, GError **error);

/* To write to with stdio; write errors may be left to vai_output_commit(). Owned by @self. */
FILE *vai_output_get_file (VaiOutput *self);

/* The temporary path, for libraries that want a path and write it by themselves. Owned by @self. */
const char *vai_output_get_temporary_path (VaiOutput *self);

/* Flush and sync: what is left to vai_output_commit() is the renaming, which neither lasts nor needs room. */
gboolean vai_output_prepare (VaiOutput *self, GError **error);

/* Prepares it and renames. On failure the target is as before. */
gboolean vai_output_commit (VaiOutput *self, GError **error);

/* For a file that belongs to something else which may still fail: until @self is freed vai_output_revert() brings back
 * what was there before, or removes the file when there was none. On a file system without hard links a file that was
 * written over stays as it is now. */
gboolean vai_output_commit_revocably (VaiOutput *self, GError **error);

/* Does nothing without such a commit before. */
void vai_output_revert (VaiOutput *self);

/* Frees @self; without a commit before, the temporary file goes and the target is as before. */
void vai_output_free (VaiOutput *self);

/* A prepared file of @size bytes. */
VaiOutput *vai_output_new_with_bytes (const char *path, const void *data, gsize size, GError **error);

/* Writes @size bytes to @path in this way. */
gboolean vai_output_write_bytes (const char *path, const void *data, gsize size, GError **error);

/* Removes the temporary files of every open output. Async-signal-safe: for a program that must end at once. */
void vai_output_remove_all_temporaries (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiOutput, vai_output_free)

G_END_DECLS
