#include "vai-application.h"
#include "vai-loop-trace.h"
#include "vai-output.h"
#include "vai-task.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <unistd.h>

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

/* The language of the preferences wins over that of the session; it must be known before the first text. */
static void
choose_language (void)
{
  g_autoptr (GSettings) settings = g_settings_new ("com.valutai.ValutAI");
  g_autofree char *language = g_settings_get_string (settings, "language");

  if (*language != '\0')
    g_setenv ("LANGUAGE", language, TRUE);
}

/* A person who quits does not wait for a training. What libraries take apart at exit its thread still uses, so nothing
 * is: the workspace stands as after a crash, and offers the job again. */
static void
leave_running (int status)
{
  g_settings_sync ();
  vai_output_remove_all_temporaries ();
  _exit (status);
}

int
main (int argc, char **argv)
{
  const char *locale_dir = g_getenv ("VALUTAI_LOCALE_DIR");

  wait_passively (argv);
  choose_language ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir != NULL ? locale_dir : VAI_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("ValutAI");
  vai_loop_trace_begin ();

  g_autoptr (VaiApplication) application = vai_application_new ();
  int status = g_application_run (G_APPLICATION (application), argc, argv);
  if (vai_task_count_running () > 0)
    leave_running (status);
  return status;
}
