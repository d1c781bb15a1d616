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

/* What "list" and "show" have to know of one kind of object of the workspace; the rest is the same for all. */
typedef struct
{
  VaiObject object;
  const VaiRowKind *kind;
  const char *list_summary, *show_summary; /* marked with N_() */

  /* Newest first; those in the trash when @deleted. NULL: the command has a list of its own. */
  GPtrArray *(*list) (VaiStore *store, gboolean deleted, GError **error);
  void (*print_list) (const GPtrArray *rows);

  /* A row to free with vai_row_free(). NULL: the command has a show of its own. */
  gpointer (*get) (VaiStore *store, const char *id, GError **error);
} VaiObjectForm;

/* Runs the subcommand that argv[1] names: one of @subcommands, which ends with a NULL name, or one that every kind of
 * object has alike: list, show, delete, restore, purge (with @form; NULL: none of them). Prints the list of them with
 * --help or when there is none such (USAGE). */
gboolean vai_subcommands_run (const VaiCommand *command,
                              const VaiObjectForm *form,
                              const VaiSubcommand *subcommands,
                              int argc,
                              char **argv,
                              GError **error);

/* "dataset export" and its kin: parses --json, --workspace and words; opens the store. */
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

/* "2026-11-22 14:05" in local time; "" for 0. Free with g_free(). */
char *vai_print_dup_time (gint64 ms);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (VaiObjectWords, vai_object_words_clear)

G_END_DECLS
