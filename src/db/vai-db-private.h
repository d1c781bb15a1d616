/* Shared by the files of this folder. */
#pragma once

#include "vai-db.h"

#include <sqlite3.h>

G_BEGIN_DECLS

struct _VaiDb
{
  sqlite3 *handle;
  char *path; /* owned */
  gboolean read_only;
  GThread *owner;         /* not owned, only compared */
  GHashTable *statements; /* SQL text → sqlite3_stmt, idle or in use */
  guint depth;            /* of transactions */
  int failure;            /* SQLite's code of the last one */
  guint n_log_pages;      /* after the last commit, where the owner asks */
};

/* The name of the VFS to open with: one that passes failpoints, where they are built in; else NULL, SQLite's own. */
const char *vai_db_vfs_name (void);

/* Converts the failure @code of the last call on @self; @what says what was tried. */
void vai_db_set_error (VaiDb *self, int code, const char *what, GError **error);

/* "Cannot read" or "Cannot write", for vai_db_set_error(): what reads may need room for the index beside the file. */
const char *vai_db_what_failed (int code, gboolean reading);

/* The single integer that @sql gives. */
gboolean vai_db_query_integer (VaiDb *self, const char *sql, gint64 *integer, GError **error);

/* Asserts that this is the thread of @self. */
#define vai_db_assert_owner(self) g_assert ((self) != NULL && (self)->owner == g_thread_self ())

gboolean vai_db_climb (VaiDb *self, const VaiDbLadder *ladder, GError **error);

G_END_DECLS
