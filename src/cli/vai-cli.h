/* What the commands share. A command parses its own words, calls jobs, and prints: text for people, or one JSON
 * document with --json. */
#pragma once

#include "vai-error.h"
#include "vai-progress.h"

#include <gio/gio.h>

G_BEGIN_DECLS

enum
{
  VAI_EXIT_DONE = 0,
  VAI_EXIT_FAILED = 1,
  VAI_EXIT_USAGE = 2,
  VAI_EXIT_INTERRUPTED = 130,
};

typedef struct
{
  const char *name;
  const char *arguments; /* as shown in help: "MODEL.valutai FILE" */
  const char *summary;   /* marked with N_() */
  const char *details;   /* nullable, marked with N_(): printed below the options */
  /* @argv[0] is the command's name. TRUE when done; else @error. */
  gboolean (*run) (int argc, char **argv, GError **error);
} VaiCommand;

extern const VaiCommand vai_command_chart;
extern const VaiCommand vai_command_dataset;
extern const VaiCommand vai_command_explain;
extern const VaiCommand vai_command_inspect;
extern const VaiCommand vai_command_model;
extern const VaiCommand vai_command_prediction;
extern const VaiCommand vai_command_report;
extern const VaiCommand vai_command_score;
extern const VaiCommand vai_command_train;
extern const VaiCommand vai_command_verify;
extern const VaiCommand vai_command_workspace;

/* Parses @entries for @command; prints help and exits on --help. Leaves exactly @n_positional words in @positional
 * (NULL-terminated, owned by the caller); @n_optional more may follow. Options that take several NAME=VALUE words
 * accept them in a row. Error USAGE. */
gboolean vai_cli_parse (const VaiCommand *command,
                        const GOptionEntry *entries,
                        int argc,
                        char **argv,
                        guint n_positional,
                        guint n_optional,
                        GStrv *positional,
                        GError **error);

/* Splits at commas; "\," is a comma. NULL gives NULL. Free with g_strfreev(). */
GStrv vai_cli_split_list (const char *text);

/* Splits "A=B" at the first '=', or the last with @last. Error USAGE that shows the form @form. */
gboolean
vai_cli_split_pair (const char *text, gboolean last, const char *form, char **left, char **right, GError **error);

/* Ctrl-C and SIGTERM: temporary files go and the process ends at once with 130. */
void vai_cli_handle_interrupts (void);

/* Shows @progress on standard error while it lives: one line that moves on a terminal, a line per tenth elsewhere.
 * NULL-safe. */
typedef struct _VaiProgressLine VaiProgressLine;
VaiProgressLine *vai_progress_line_start (VaiProgress *progress);
void vai_progress_line_stop (VaiProgressLine *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiProgressLine, vai_progress_line_stop)

G_END_DECLS
