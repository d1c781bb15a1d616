#include "vai-cli.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const VaiCommand *const commands[] = {
  &vai_command_inspect, &vai_command_train,      &vai_command_score,  &vai_command_explain,
  &vai_command_model,   &vai_command_report,     &vai_command_chart,  &vai_command_workspace,
  &vai_command_dataset, &vai_command_prediction, &vai_command_verify,
};

/* libgomp reads this when it is loaded, before main: waiting threads that spin make training four times slower on a
 * busy machine. */
static void
wait_passively (char **argv)
{
  if (g_getenv ("OMP_WAIT_POLICY") != NULL)
    return;
  g_setenv ("OMP_WAIT_POLICY", "passive", TRUE);
  execv ("/proc/self/exe", argv);
}

static void
print_help (void)
{
  g_print ("%s\n\n  valutai-cli %s\n\n%s\n", _ ("ValutAI: which quotes will be won, why, and what would change it."),
           _ ("COMMAND [OPTION…]"), _ ("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_print ("  %-11s %s\n", commands[i]->name, _ (commands[i]->summary));
  g_print ("\n%s\n", _ ("“valutai-cli COMMAND --help” says more of each; “valutai-cli --version” tells the version."));
}

static int
fail (const GError *error)
{
  if (g_error_matches (error, VAI_ERROR, VAI_ERROR_CANCELLED))
    return VAI_EXIT_INTERRUPTED;
  g_printerr ("valutai-cli: %s\n", error->message);
  return g_error_matches (error, VAI_ERROR, VAI_ERROR_USAGE) ? VAI_EXIT_USAGE : VAI_EXIT_FAILED;
}

/* What was printed must have arrived: a full disk behind a pipe or redirection is a failure too. */
static gboolean
flush (GError **error)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  vai_error_set_errno (error, errno, TRUE, _ ("Cannot write to standard output"));
  return FALSE;
}

static int
run_command (int argc, char **argv)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, argv[1]))
      {
        g_autoptr (GError) error = NULL;
        return commands[i]->run (argc - 1, argv + 1, &error) && flush (&error) ? VAI_EXIT_DONE : fail (error);
      }
  g_printerr (_ ("valutai-cli: there is no command “%s”. See: valutai-cli --help\n"), argv[1]);
  return VAI_EXIT_USAGE;
}

int
main (int argc, char **argv)
{
  wait_passively (argv);
  /* A machine without the wanted locale still shows letters as they are, and LANGUAGE still counts. */
  if (setlocale (LC_ALL, "") == NULL)
    setlocale (LC_ALL, "C.UTF-8");
  /* A checkout runs from its build folder with its own words. */
  const char *locale_dir = g_getenv ("VALUTAI_LOCALE_DIR");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : VAI_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE); /* of the plurals */
  vai_cli_handle_interrupts ();
  if (argc < 2)
    {
      print_help ();
      return VAI_EXIT_USAGE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h") || g_str_equal (argv[1], "help"))
    {
      print_help ();
      return VAI_EXIT_DONE;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("valutai-cli %s\n", VAI_VERSION);
      return VAI_EXIT_DONE;
    }
  return run_command (argc, argv);
}
