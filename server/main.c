/* valutai-server: options, start, and a graceful end. */
#include "vai-config-check.h"
#include "vai-db.h"
#include "vai-error.h"
#include "vai-log.h"
#include "vai-move.h"
#include "vai-route-list.h"
#include "vai-server.h"
#include "vai-sync.h"

#include <glib-unix.h>
#include <locale.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* An arena for each thread would keep what each of them once needed; in fewer of them the main thread, the writer and
 * the workers wait for each other. */
#define ARENAS_MAX 4

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static int
fail (const GError *error)
{
  g_printerr ("valutai-server: %s\n", error->message);
  return 1;
}

static int
serve (const VaiServerConfig *config)
{
  g_autoptr (GError) error = NULL;
  if (!vai_config_check_places (config, &error))
    return fail (error);
  vai_log_start (vai_server_config_get_text (config, "log-level"));
  vai_db_count_no_memory ();
  g_autoptr (VaiServer) server = vai_server_start (config, &error);
  if (server == NULL)
    return fail (error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  printf ("valutai-server: serving on %s\n", server->public_url);
  fflush (stdout);
  g_message ("valutai-server %s serves on %s with %s", VAI_VERSION, server->public_url,
             vai_database_get_kind (server->database));
  g_main_loop_run (loop);
  g_message ("asked to stop: what runs is finished first");
  return 0;
}

/* ── Commands beside serving ── */

static gboolean
is_embedded (const VaiServerConfig *config, GError **error)
{
  if (!vai_database_is_address (vai_server_config_get_text (config, "database")))
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
               "This is for the embedded database; PostgreSQL has pg_dump and pg_restore.");
  return FALSE;
}

static int
backup (const VaiServerConfig *config, const char *target)
{
  g_autoptr (GError) error = NULL;
  if (!is_embedded (config, &error)
      || !vai_database_backup (vai_server_config_get_text (config, "database"), target, &error))
    return fail (error);
  printf ("The database is copied to “%s”. Keep the master key and the blobs too, apart from it.\n", target);
  return 0;
}

static gboolean
renew_epoch (VaiTransaction *transaction, gpointer data)
{
  vai_sync_renew_epoch (transaction);
  return TRUE;
}

/* Machines have cursors from a time that this database no longer knows. */
static gboolean
begin_new_epoch (const char *path, GError **error)
{
  g_autoptr (VaiDatabase) database = vai_database_open (path, error);
  if (database == NULL)
    return FALSE;
  g_autoptr (VaiConnection) connection = vai_connection_new (database);
  return vai_connection_write (connection, renew_epoch, NULL, error);
}

static int
restore (const VaiServerConfig *config, const char *from)
{
  g_autoptr (GError) error = NULL;
  const char *path = vai_server_config_get_text (config, "database");
  if (!is_embedded (config, &error) || !vai_database_restore (path, from, &error) || !begin_new_epoch (path, &error))
    return fail (error);
  printf ("Restored from “%s”.\n", from);
  return 0;
}

static int
move_to (const VaiServerConfig *config, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) report = g_string_new (NULL);
  if (!is_embedded (config, &error))
    return fail (error);
  if (!vai_database_is_address (address))
    {
      g_printerr ("valutai-server: “%s” is no address like postgresql://user@host/database.\n", address);
      return 2;
    }
  g_autoptr (VaiDatabase) from = vai_database_open (vai_server_config_get_text (config, "database"), &error);
  g_autoptr (VaiDatabase) to = from != NULL ? vai_database_open (address, &error) : NULL;
  if (to == NULL || !vai_move (from, to, report, &error))
    return fail (error);
  printf ("%sMoved, and the same on both sides. Serve it with --database=postgresql://… and the same master key.\n",
          report->str);
  return 0;
}

static int
run_command (const VaiServerConfig *config, GStrv arguments)
{
  static const struct
  {
    const char *name, *wants;
    int (*run) (const VaiServerConfig *config, const char *argument);
  } commands[]
      = { { "backup", "FILE", backup }, { "restore", "FILE", restore }, { "migrate-to", "postgresql://…", move_to } };
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (arguments[0], commands[i].name) == 0)
      {
        if (g_strv_length (arguments) == 2)
          return commands[i].run (config, arguments[1]);
        g_printerr ("valutai-server: “%s” takes one thing after it: %s %s.\n", commands[i].name, commands[i].name,
                    commands[i].wants);
        return 2;
      }
  g_printerr ("valutai-server: there is no command “%s”: see --help.\n", arguments[0]);
  return 2;
}

static int
check_config (const VaiServerConfig *config, const char *more)
{
  g_autoptr (GError) error = NULL;
  if (more != NULL)
    {
      g_printerr ("valutai-server: “%s” is too much: --check-config takes options only.\n", more);
      return 2;
    }
  g_autofree char *text = vai_server_config_describe (config);
  fputs (text, stdout);
  if (!vai_config_check_places (config, &error))
    {
      fail (error);
      return 2;
    }
  g_autofree char *notes = vai_config_dup_notes (config);
  printf ("%sRight: every option, and the folders and files that they name. Nothing was made or asked: whether the\n"
          "database, the blob store, the mail server and Stripe answer shows when it serves.\n",
          notes);
  return 0;
}

static void
print_help (void)
{
  g_autofree char *options = vai_server_config_dup_help ();
  printf ("Usage: valutai-server [OPTION…]              serves\n"
          "       valutai-server backup FILE [OPTION…]     copies the embedded database, also while it is served\n"
          "       valutai-server restore FILE [OPTION…]    puts such a copy in its place\n"
          "       valutai-server migrate-to postgresql://… [OPTION…]  moves the embedded database, and proves it\n"
          "       valutai-server --check-config [OPTION…]  says what is configured, or what is wrong\n"
          "       valutai-server --routes                  lists what can be asked, as JSON\n"
          "       valutai-server --version | --help\n\n"
          "  --config=FILE             key file with a group [server]\n%s\n"
          "Each may also be given as VALUTAI_NAME in the environment; secrets only there or in the file.\n",
          options);
}

/* Takes @flag out of @arguments; TRUE when it was there. */
static gboolean
take_flag (GStrv arguments, const char *flag)
{
  for (guint i = 0; arguments[i] != NULL; i++)
    if (g_strcmp0 (arguments[i], flag) == 0)
      {
        g_free (arguments[i]);
        for (; arguments[i] != NULL; i++)
          arguments[i] = arguments[i + 1];
        return TRUE;
      }
  return FALSE;
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "C.UTF-8");
  /* All that it writes is of persons: for its own user only. */
  umask (S_IRWXG | S_IRWXO);
  mallopt (M_ARENA_MAX, ARENAS_MAX);
  g_auto (GStrv) arguments = g_strdupv (argv + 1);
  if (take_flag (arguments, "--help"))
    {
      print_help ();
      return 0;
    }
  if (take_flag (arguments, "--version"))
    {
      printf ("valutai-server %s\n", VAI_VERSION);
      return 0;
    }
  if (take_flag (arguments, "--routes"))
    {
      g_autofree char *routes = vai_route_list_to_json ();
      printf ("%s\n", routes);
      return 0;
    }
  gboolean checking = take_flag (arguments, "--check-config");
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiServerConfig) config = vai_server_config_new (&arguments, &error);
  if (config == NULL)
    {
      g_printerr ("valutai-server: %s\n", error->message);
      return 2;
    }
  if (checking)
    return check_config (config, arguments[0]);
  return arguments[0] != NULL ? run_command (config, arguments) : serve (config);
}
