/* Commands on the objects of the workspace have a second word: list, show, delete… */
#pragma once

#include "vai-cli-store.h"
#include "vai-print.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary; /* marked with N_() */
  gboolean (*run) (int argc, char **argv, GError **error);
} VaiSubcommand;

/* Runs the subcommand that argv[1] names; prints the list of them with --help or when there is none such (USAGE).
 * @subcommands ends with a NULL name. */
gboolean vai_subcommands_run (const VaiCommand *command,
                              const VaiSubcommand *subcommands,
                              int argc,
                              char **argv,
                              GError **error);

/* "dataset list" and its kin: parses --json, --workspace and words; opens the store. */
typedef struct
{
  VaiStore *store; /* owned */
  GStrv words;     /* owned */
  char *workspace;
  gboolean json;
} VaiObjectWords;

gboolean vai_object_words_parse (VaiObjectWords *self,
                                 const char *command,
                                 const char *arguments,
                                 const char *summary,
                                 GArray *entries,
                                 guint n_words,
                                 guint n_optional,
                                 VaiStoreMode mode,
                                 int argc,
                                 char **argv,
                                 GError **error);
void vai_object_words_clear (VaiObjectWords *self);

/* Prints rows as JSON: an array of objects. */
gboolean vai_print_rows_json (const VaiRowKind *kind, const GPtrArray *rows, GError **error);
gboolean vai_print_row_json (const VaiRowKind *kind, gconstpointer row, GError **error);
void vai_print_row (const VaiRowKind *kind, gconstpointer row);

/* The subcommands that every kind has alike. */
gboolean vai_object_delete (VaiObject object, const char *command, int argc, char **argv, GError **error);
gboolean vai_object_restore (VaiObject object, const char *command, int argc, char **argv, GError **error);
gboolean vai_object_purge (VaiObject object, const char *command, int argc, char **argv, GError **error);

/* "2026-11-22 14:05" in local time; "" for 0. Free with g_free(). */
char *vai_print_dup_time (gint64 ms);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiObjectWords, vai_object_words_clear)

G_END_DECLS
