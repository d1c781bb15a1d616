#include "vai-cli.h"

#include "vai-output.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "--set A=1 B=2" is "--set A=1 --set B=2": words with '=' that follow such an option, and are no file, belong to it.
 */
static GStrv
repeat_options (int argc, char **argv, const GOptionEntry *entries)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_autofree char *open = NULL;
  for (int i = 0; i < argc; i++)
    {
      gboolean option = g_str_has_prefix (argv[i], "--");
      if (!option && open != NULL && strchr (argv[i], '=') != NULL && !g_file_test (argv[i], G_FILE_TEST_EXISTS))
        g_strv_builder_add (words, open);
      else if (option)
        g_clear_pointer (&open, g_free);
      g_strv_builder_add (words, argv[i]);
      for (const GOptionEntry *entry = entries; option && entry->long_name != NULL; entry++)
        if (entry->arg == G_OPTION_ARG_STRING_ARRAY && g_str_equal (entry->long_name, argv[i] + 2) && i + 1 < argc)
          {
            open = g_strdup (argv[i]);
            g_strv_builder_add (words, argv[++i]);
            break;
          }
    }
  return g_strv_builder_end (words);
}

static GOptionContext *
make_context (const VaiCommand *command, const GOptionEntry *entries)
{
  GOptionContext *context = g_option_context_new (command->arguments);
  g_option_context_set_summary (context, _ (command->summary));
  if (command->details != NULL)
    g_option_context_set_description (context, _ (command->details));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  return context;
}

static void
set_program_name (const VaiCommand *command)
{
  g_autofree char *name = g_strconcat ("valutai-cli ", command->name, NULL);
  g_set_prgname (name);
}

gboolean
vai_cli_parse (const VaiCommand *command,
               const GOptionEntry *entries,
               int argc,
               char **argv,
               guint n_positional,
               guint n_optional,
               GStrv *positional,
               GError **error)
{
  g_auto (GStrv) words = repeat_options (argc, argv, entries);
  g_autoptr (GOptionContext) context = make_context (command, entries);
  g_autoptr (GError) parse_error = NULL;
  set_program_name (command);
  if (!g_option_context_parse_strv (context, &words, &parse_error))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("%s. See: valutai-cli %s --help"), parse_error->message,
                   command->name);
      return FALSE;
    }
  guint n = g_strv_length (words);
  gboolean dashes = n > 1 && g_str_equal (words[1], "--");
  guint given = n - 1 - dashes;
  if (given < n_positional || given > n_positional + n_optional)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                   _ ("This command is written: valutai-cli %s %s. See: valutai-cli %s --help"), command->name,
                   command->arguments, command->name);
      return FALSE;
    }
  *positional = g_strdupv (words + 1 + dashes);
  return TRUE;
}

GStrv
vai_cli_split_list (const char *text)
{
  if (text == NULL)
    return NULL;
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();
  g_autoptr (GString) part = g_string_new (NULL);
  for (const char *at = text;; at++)
    {
      if (at[0] == '\\' && (at[1] == ',' || at[1] == '\\'))
        g_string_append_c (part, *++at);
      else if (*at == ',' || *at == '\0')
        {
          g_strv_builder_add (parts, part->str);
          g_string_truncate (part, 0);
          if (*at == '\0')
            break;
        }
      else
        g_string_append_c (part, *at);
    }
  return g_strv_builder_end (parts);
}

gboolean
vai_cli_split_pair (const char *text, gboolean last, const char *form, char **left, char **right, GError **error)
{
  const char *equals = last ? strrchr (text, '=') : strchr (text, '=');
  if (equals == NULL || equals == text)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("“%s” is not of the form %s."), text, form);
      return FALSE;
    }
  *left = g_strndup (text, equals - text);
  *right = g_strdup (equals + 1);
  return TRUE;
}

static void
interrupted (int signal_number)
{
  static const char clear[] = "\r\033[K";
  vai_output_remove_all_temporaries ();
  if (isatty (STDERR_FILENO) && write (STDERR_FILENO, clear, sizeof clear - 1) < 0)
    _exit (VAI_EXIT_FAILED);
  _exit (VAI_EXIT_INTERRUPTED);
}

void
vai_cli_handle_interrupts (void)
{
  struct sigaction action = { .sa_handler = interrupted };
  sigemptyset (&action.sa_mask);
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGHUP, &action, NULL);
  signal (SIGPIPE, SIG_IGN);
}
