#include "vai-mail.h"

#include "vai-server.h"
#include "vai-text.h"
#include "vai-time.h"
#include "vai-vault.h"

#include <curl/curl.h>
#include <string.h>

/* After each failure twice as long, from half a minute to an hour; a day of that, and somebody has to look. */
#define RETRY_FIRST_MS 30000
#define RETRY_MAX_MS (3600 * G_GINT64_CONSTANT (1000))
#define TRIES_MAX 30

#define BATCH_MAX 20
#define SMTP_SECONDS_MAX 20

static const char *const names[] = {
  [VAI_MAIL_VERIFY] = "mail-verify.txt",
  [VAI_MAIL_ALREADY_THERE] = "mail-already-there.txt",
  [VAI_MAIL_RESET] = "mail-reset.txt",
  [VAI_MAIL_CHANGE] = "mail-change.txt",
  [VAI_MAIL_CHANGED] = "mail-changed.txt",
  [VAI_MAIL_PASSWORD_CHANGED] = "mail-password-changed.txt",
  [VAI_MAIL_TWO_FACTOR_ON] = "mail-two-factor-on.txt",
  [VAI_MAIL_TWO_FACTOR_OFF] = "mail-two-factor-off.txt",
  [VAI_MAIL_DELETED] = "mail-deleted.txt",
  [VAI_MAIL_PAYMENT_FAILED] = "mail-payment-failed.txt",
};

void
vai_mail_queue (VaiServer *server,
                VaiTransaction *transaction,
                VaiMail mail,
                const char *recipient,
                const char *locale,
                const char *link,
                gint64 now)
{
  g_autofree char *text = vai_text_fill (names[mail], locale, "link", link != NULL ? link : "", NULL);
  char *body = strchr (text, '\n');
  *body++ = '\0';
  g_autoptr (GBytes) clear = g_bytes_new (body, strlen (body));
  g_autoptr (GBytes) sealed = vai_vault_seal (server, clear, TRUE);
  g_autofree char *id = vai_uuid_new ();
  vai_transaction_run (transaction,
                       "INSERT INTO mail_outbox (id, recipient, subject, body, next_try_at, created_at) "
                       "VALUES ($1, $2, $3, $4, $5, $6)",
                       VAI_TEXT (id), VAI_TEXT (recipient), VAI_TEXT (text), VAI_BYTES (sealed), VAI_INTEGER (now),
                       VAI_INTEGER (now));
}

/* ── SMTP ── */

typedef struct
{
  char *id, *recipient, *subject;
  GBytes *sealed;
  char *body;
  gint64 tries;
} Letter;

static void
letter_free (gpointer data)
{
  Letter *letter = data;
  g_free (letter->id);
  g_free (letter->recipient);
  g_free (letter->subject);
  g_bytes_unref (letter->sealed);
  g_free (letter->body);
  g_free (letter);
}

/* The address between the brackets of “Name <address>”. */
static char *
bare_address (const char *text)
{
  const char *open = strchr (text, '<');
  return open == NULL ? g_strdup (text) : g_strndup (open + 1, strcspn (open + 1, ">"));
}

static char *
compose (const char *from, const Letter *letter)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *date = g_date_time_format (now, "%a, %d %b %Y %H:%M:%S +0000");
  g_autofree char *subject = g_base64_encode ((const guchar *) letter->subject, strlen (letter->subject));
  g_autofree char *encoded = g_base64_encode ((const guchar *) letter->body, strlen (letter->body));
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text,
                          "Date: %s\r\nFrom: %s\r\nTo: %s\r\nSubject: =?UTF-8?B?%s?=\r\nMessage-ID: <%s@valutai>\r\n"
                          "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                          "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n",
                          date, from, letter->recipient, subject, letter->id);
  for (gsize i = 0; i < strlen (encoded); i += 76)
    g_string_append_printf (text, "%.76s\r\n", encoded + i);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

typedef struct
{
  const char *rest;
} Reader;

static size_t
read_cb (char *buffer, size_t size, size_t n, void *data)
{
  Reader *reader = data;
  size_t length = MIN (size * n, strlen (reader->rest));
  memcpy (buffer, reader->rest, length);
  reader->rest += length;
  return length;
}

/* On this machine nobody listens in between. */
static gboolean
is_here (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  g_autoptr (GInetAddress) address = host != NULL ? g_inet_address_new_from_string (host) : NULL;
  return g_strcmp0 (host, "localhost") == 0 || (address != NULL && g_inet_address_get_is_loopback (address));
}

static gboolean
send_letter (VaiServer *server, Letter *letter, char **why)
{
  g_autoptr (GBytes) clear = vai_vault_open (server, letter->sealed);
  if (clear == NULL)
    {
      *why = g_strdup ("its text was kept under another master key");
      return FALSE;
    }
  letter->body = g_strndup (g_bytes_get_data (clear, NULL), g_bytes_get_size (clear));
  const char *url = vai_server_config_get_text (server->config, "smtp-url");
  if (url == NULL)
    {
      g_message ("mail to %s: %s\n%s", letter->recipient, letter->subject, letter->body);
      return TRUE;
    }
  const char *from = vai_server_config_get_text (server->config, "mail-from");
  g_autofree char *sender = bare_address (from);
  g_autofree char *text = compose (from, letter);
  Reader reader = { text };
  CURL *curl = curl_easy_init ();
  struct curl_slist *recipients = curl_slist_append (NULL, letter->recipient);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long) SMTP_SECONDS_MAX);
  /* Whoever is in between could leave out that the mail server offers it. */
  curl_easy_setopt (curl, CURLOPT_USE_SSL, (long) (is_here (url) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  curl_easy_setopt (curl, CURLOPT_MAIL_FROM, sender);
  curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, read_cb);
  curl_easy_setopt (curl, CURLOPT_READDATA, &reader);
  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  const char *user = vai_server_config_get_text (server->config, "smtp-user");
  if (user != NULL)
    curl_easy_setopt (curl, CURLOPT_USERNAME, user);
  const char *password = vai_server_config_get_text (server->config, "smtp-password");
  if (password != NULL)
    curl_easy_setopt (curl, CURLOPT_PASSWORD, password);
  CURLcode code = curl_easy_perform (curl);
  curl_slist_free_all (recipients);
  curl_easy_cleanup (curl);
  *why = g_strdup (curl_easy_strerror (code));
  return code == CURLE_OK;
}

/* ── The chore ── */

static gboolean
read_due (VaiTransaction *transaction, gpointer data)
{
  GPtrArray *letters = data;
  g_ptr_array_set_size (letters, 0);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction,
      "SELECT id, recipient, subject, body, tries FROM mail_outbox WHERE status = 'new' AND next_try_at <= $1 "
      "ORDER BY next_try_at LIMIT $2",
      VAI_INTEGER (vai_server_now ()), VAI_INTEGER (BATCH_MAX));
  while (vai_rows_next (rows))
    {
      Letter *letter = g_new0 (Letter, 1);
      *letter = (Letter){ g_strdup (vai_rows_get_text (rows, 0)),
                          g_strdup (vai_rows_get_text (rows, 1)),
                          g_strdup (vai_rows_get_text (rows, 2)),
                          vai_rows_dup_bytes (rows, 3),
                          NULL,
                          vai_rows_get_integer (rows, 4) };
      g_ptr_array_add (letters, letter);
    }
  return FALSE;
}

typedef struct
{
  const Letter *letter;
  gboolean claimed;
  gboolean sent;
  const char *why;
} Try;

/* Several servers share the outbox: the one that moves the next try on is the one that sends. */
static gboolean
claim (VaiTransaction *transaction, gpointer data)
{
  Try *try = data;
  gint64 wait = MIN (RETRY_MAX_MS, (gint64) RETRY_FIRST_MS << MIN (try->letter->tries, 7));
  try->claimed = vai_transaction_run (transaction,
                                      "UPDATE mail_outbox SET tries = tries + 1, next_try_at = $1 "
                                      "WHERE id = $2 AND status = 'new' AND tries = $3",
                                      VAI_INTEGER (vai_server_now () + wait), VAI_TEXT (try->letter->id),
                                      VAI_INTEGER (try->letter->tries))
                 == 1;
  return TRUE;
}

/* What was sent keeps no link: the text goes. */
static gboolean
note (VaiTransaction *transaction, gpointer data)
{
  Try *try = data;
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  if (try->sent)
    vai_transaction_run (transaction,
                         "UPDATE mail_outbox SET status = 'sent', sent_at = $1, body = $2, error = NULL WHERE id = $3",
                         VAI_INTEGER (vai_server_now ()), VAI_BYTES (nothing), VAI_TEXT (try->letter->id));
  else
    vai_transaction_run (transaction, "UPDATE mail_outbox SET status = $1, error = $2 WHERE id = $3",
                         VAI_TEXT (try->letter->tries + 1 >= TRIES_MAX ? "failed" : "new"), VAI_TEXT (try->why),
                         VAI_TEXT (try->letter->id));
  return TRUE;
}

static gboolean
send_one (VaiServer *server, VaiConnection *connection, Letter *letter, GError **error)
{
  Try try = { .letter = letter };
  if (!vai_connection_write (connection, claim, &try, error))
    return FALSE;
  if (!try.claimed)
    return TRUE;
  g_autofree char *why = NULL;
  try.sent = send_letter (server, letter, &why);
  try.why = why;
  if (!try.sent)
    g_warning ("a mail was not sent: %s", why);
  return vai_connection_write (connection, note, &try, error);
}

void
vai_mail_send_due (VaiServer *server, VaiConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) letters = g_ptr_array_new_with_free_func (letter_free);
  gboolean done = vai_connection_read (connection, read_due, letters, &error);
  for (guint i = 0; done && i < letters->len; i++)
    done = send_one (server, connection, letters->pdata[i], &error);
  if (!done)
    g_warning ("mail waits: %s", error->message);
}
