#include "vai-password.h"

#include "vai-metrics.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

/* Above OWASP's floor; 78 ms on the machine it was measured on. */
#define MEMORY_BYTES (64 * 1024 * 1024)
#define PASSES 2

static gsize
get_memory (void)
{
#ifdef VAI_FAILPOINTS
  /* For tests that are not about passwords: half of their time would go into hashes. */
  const char *kib = g_getenv ("VALUTAI_HASH_KIB");
  if (kib != NULL)
    return 1024 * (gsize) g_ascii_strtoull (kib, NULL, 10);
#endif
  return MEMORY_BYTES;
}

/* Each that waits holds a worker; a queue of two rounds is all that a person waits for. */
#define WAITING_MAX 16

static GMutex lock;
static GCond freed;
static guint n_running, n_waiting;

/* What is hashed when there is no account, so that the answer takes as long. */
static char *
get_decoy (void)
{
  static gsize once;
  static char decoy[crypto_pwhash_STRBYTES];
  if (g_once_init_enter (&once))
    {
      if (crypto_pwhash_str (decoy, "decoy", 5, PASSES, get_memory ()) != 0)
        g_error ("there is not enough memory for a password hash");
      g_once_init_leave (&once, 1);
    }
  return decoy;
}

/* FALSE when too many wait. */
static gboolean
enter (void)
{
  static guint n_max;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (n_max == 0)
    n_max = (guint) MAX (1, sysconf (_SC_NPROCESSORS_ONLN));
  if (n_waiting >= WAITING_MAX)
    return FALSE;
  n_waiting++;
  while (n_running >= n_max)
    g_cond_wait (&freed, &lock);
  n_waiting--;
  n_running++;
  vai_metrics_count ("valutai_password_hashes_total", "Password hashes that were computed.", 1);
  return TRUE;
}

static void
leave (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  n_running--;
  g_cond_signal (&freed);
}

char *
vai_password_hash (const char *password)
{
  char hash[crypto_pwhash_STRBYTES];
  if (!enter ())
    return NULL;
  int failed = crypto_pwhash_str (hash, password, strlen (password), PASSES, get_memory ());
  leave ();
  return failed ? NULL : g_strdup (hash);
}

VaiPasswordCheck
vai_password_check (const char *password, const char *hash)
{
  if (!enter ())
    return VAI_PASSWORD_BUSY;
  int wrong = crypto_pwhash_str_verify (hash != NULL ? hash : get_decoy (), password, strlen (password));
  leave ();
  return wrong == 0 && hash != NULL ? VAI_PASSWORD_RIGHT : VAI_PASSWORD_WRONG;
}

gboolean
vai_password_is_old (const char *hash)
{
  return crypto_pwhash_str_needs_rehash (hash, PASSES, get_memory ()) != 0;
}

/* The passwords that are tried first: the list that was configured, a line each as such lists are published, or the
 * small one that is built in. Looked through, not kept: passwords are seldom chosen. */
static GInputStream *
open_list (VaiServer *server)
{
  const char *path = vai_server_config_get_text (server->config, "breached-passwords");
  g_autoptr (GError) error = NULL;
  if (path != NULL)
    {
      g_autoptr (GFile) file = g_file_new_for_path (path);
      GFileInputStream *stream = g_file_read (file, NULL, &error);
      if (stream != NULL)
        return G_INPUT_STREAM (stream);
      g_warning ("the list of breached passwords is not read, the one built in is taken: %s", error->message);
    }
  return g_resources_open_stream ("/com/valutai/server/accounts/common-passwords.txt", 0, NULL);
}

/* In whatever case. */
static gboolean
is_breached (VaiServer *server, const char *password)
{
  g_autoptr (GInputStream) bytes = open_list (server);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (bytes);
  g_autofree char *wanted = g_utf8_strdown (password, -1);
  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
      if (line == NULL)
        return FALSE;
      if (g_ascii_strcasecmp (g_strchomp (line), wanted) == 0)
        return TRUE;
    }
}

/* A repeated character, a run of the keyboard. */
static gboolean
is_trivial (const char *password)
{
  static const char *const runs[] = { "0123456789012345", "1234567890123456", "abcdefghijklmnopqrstuvwxyz",
                                      "qwertyuiopasdfghjkl", "0987654321098765" };
  g_autofree char *lower = g_utf8_strdown (password, -1);
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    if (strstr (runs[i], lower) != NULL)
      return TRUE;
  return strspn (lower, (char[]){ lower[0], '\0' }) == strlen (lower);
}

VaiReply *
vai_password_refuse (VaiServer *server, const char *field, const char *password, const char *email, const char *name)
{
  if (g_ascii_strcasecmp (password, email) == 0 || g_ascii_strcasecmp (password, name) == 0)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, field, "Choose a password that is not your name or address.");
  if (is_trivial (password) || is_breached (server, password))
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, field,
                                  "This password is known to those who guess: choose another.");
  return NULL;
}
