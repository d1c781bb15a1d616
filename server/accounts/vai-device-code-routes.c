/* Signing in a machine that has no window: it shows a short code, and somebody who is signed in elsewhere lets it in
 * (RFC 8628). */
#include "vai-audit.h"
#include "vai-auth-answer.h"
#include "vai-json-build.h"
#include "vai-limit.h"
#include "vai-message.h"
#include "vai-route.h"
#include "vai-secret.h"
#include "vai-server.h"
#include "vai-session.h"
#include "vai-user.h"

#include <string.h>

#define TEXT(call, name) vai_message_get_text ((call)->message, name, NULL)

#define LIFETIME_SECONDS 600
#define POLL_SECONDS 5 /* and this much more each time somebody asks too soon */

/* Consonants: no words, and nothing to confuse; 34 bits for ten minutes, with few tries. */
#define LETTERS "BCDFGHJKLMNPQRSTVWXZ"
#define LENGTH 8

/* As it was shown, whatever case and marks it was typed with; under the master key. */
static char *
hash_user_code (VaiCall *call, const char *code)
{
  g_autoptr (GString) text = g_string_new ("device\n");
  for (; *code != '\0'; code++)
    if (g_ascii_isalnum (*code))
      g_string_append_c (text, g_ascii_toupper (*code));
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, call->server->master_key, sizeof call->server->master_key,
                                    text->str, (gssize) text->len);
}

/* ── The machine asks ── */

static const VaiField begin_fields[] = {
  { "name", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL | VAI_FIELD_VISIBLE, 1, 100 },
  { NULL },
};

static VaiReply *
answer_codes (VaiCall *call, const char *device_code, const char *user_code)
{
  g_autofree char *uri = g_strconcat (call->server->public_url, "/device", NULL);
  g_autofree char *complete = g_strconcat (uri, "?user_code=", user_code, NULL);
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "device_code", device_code);
  vai_json_add_text (builder, "user_code", user_code);
  vai_json_add_text (builder, "verification_uri", uri);
  vai_json_add_text (builder, "verification_uri_complete", complete);
  vai_json_add_integer (builder, "expires_in", LIFETIME_SECONDS);
  vai_json_add_integer (builder, "interval", POLL_SECONDS);
  json_builder_end_object (builder);
  VaiReply *reply = vai_reply_new_json (200, builder);
  reply->secret = TRUE;
  return reply;
}

static VaiReply *
begin_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  char user_code[LENGTH + 2] = "";
  for (guint i = 0; i < LENGTH; i++)
    user_code[i < 4 ? i : i + 1] = LETTERS[randombytes_uniform ((uint32_t) strlen (LETTERS))];
  user_code[4] = '-';
  g_autofree char *device_code = vai_secret_new ();
  g_autofree char *hash = vai_secret_hash (device_code);
  g_autofree char *user_hash = hash_user_code (call, user_code);
  if (vai_transaction_run (transaction,
                           "INSERT INTO device_code (code_hash, user_code_hash, name, ip_address, user_agent, "
                           "poll_seconds, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) "
                           "ON CONFLICT DO NOTHING",
                           VAI_TEXT (hash), VAI_TEXT (user_hash), VAI_TEXT (TEXT (call, "name")),
                           VAI_TEXT (call->address), VAI_TEXT (call->user_agent), VAI_INTEGER (POLL_SECONDS),
                           VAI_INTEGER (call->now), VAI_INTEGER (call->now + LIFETIME_SECONDS * 1000))
      == 0)
    return vai_auth_refuse_busy (); /* the short code is in use: the next one will not be */
  return answer_codes (call, device_code, user_code);
}

static VaiReply *
begin (VaiCall *call)
{
  return vai_call_write (call, begin_work, NULL);
}

/* ── The machine waits ── */

static const VaiField token_fields[] = {
  { "device_code", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 20, 100 },
  { "refresh_token_hash", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 64, 64 },
  { NULL },
};

typedef struct
{
  char *hash;
  char *refresh_token, *refresh_hash;
  VaiRefusal refusal; /* VAI_REFUSAL_N: none, the machine may come in */
} Poll;

/* Notes that somebody asked; the answer waits until that is kept. */
static VaiReply *
poll_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Poll *poll = data;
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT status, poll_seconds, polled_at, expires_at FROM device_code WHERE code_hash = $1",
      VAI_TEXT (poll->hash));
  gboolean there = vai_rows_next (rows);
  const char *status = there ? vai_rows_get_text (rows, 0) : "none";
  gint64 seconds = there ? vai_rows_get_integer (rows, 1) : 0;
  gint64 polled_at = there ? vai_rows_get_integer (rows, 2) : 0;
  if (!there || vai_rows_get_integer (rows, 3) <= call->now)
    poll->refusal = VAI_REFUSAL_CODE_EXPIRED;
  else if (strcmp (status, "denied") == 0)
    poll->refusal = VAI_REFUSAL_CODE_DENIED;
  else if (strcmp (status, "pending") != 0)
    poll->refusal = VAI_REFUSAL_N;
  else
    poll->refusal = call->now - polled_at < seconds * 1000 ? VAI_REFUSAL_SLOW_DOWN : VAI_REFUSAL_CODE_PENDING;
  if (poll->refusal == VAI_REFUSAL_SLOW_DOWN)
    seconds += POLL_SECONDS;
  if (there)
    vai_transaction_run (transaction, "UPDATE device_code SET poll_seconds = $1, polled_at = $2 WHERE code_hash = $3",
                         VAI_INTEGER (seconds), VAI_INTEGER (call->now), VAI_TEXT (poll->hash));
  return vai_reply_new_nothing ();
}

static VaiReply *
refuse (VaiRefusal refusal)
{
  switch (refusal)
    {
    case VAI_REFUSAL_CODE_PENDING:
      return vai_reply_new_refusal (refusal, NULL, "Nobody has decided yet: ask again.");
    case VAI_REFUSAL_SLOW_DOWN:
      return vai_reply_new_refusal (refusal, NULL, "Ask less often: five seconds more between two.");
    case VAI_REFUSAL_CODE_DENIED:
      return vai_reply_new_refusal (refusal, NULL, "This machine was not let in.");
    default:
      return vai_reply_new_refusal (VAI_REFUSAL_CODE_EXPIRED, NULL, "This code is used or too old: take a new one.");
    }
}

/* Opens the session, for once; not while her sessions are being ended. */
static VaiReply *
enter_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  Poll *poll = data;
  g_autofree char *id = vai_transaction_dup_text (transaction, "SELECT user_id FROM device_code WHERE code_hash = $1",
                                                  VAI_TEXT (poll->hash));
  vai_transaction_lock (transaction, "user", id);
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "UPDATE device_code SET status = 'used' WHERE code_hash = $1 AND status = 'approved' "
                               "AND expires_at > $2 RETURNING user_id",
                               VAI_TEXT (poll->hash), VAI_INTEGER (call->now));
  g_autoptr (VaiUser) user = vai_rows_next (rows) ? vai_user_find (transaction, vai_rows_get_text (rows, 0)) : NULL;
  if (user == NULL || user->suspended_at != 0)
    return refuse (VAI_REFUSAL_CODE_EXPIRED);
  g_autofree char *session = vai_session_open (call, transaction, user->id, poll->refresh_hash);
  vai_audit_add (transaction, user->id, "sign_in", user->id, call->now, "{\"session\":\"%s\",\"by\":\"device code\"}",
                 session);
  return vai_auth_answer_tokens (call, user->id, session, poll->refresh_token);
}

static VaiReply *
poll_and_enter (VaiCall *call, Poll *poll)
{
  if (!vai_auth_take_refresh (call, &poll->refresh_token, &poll->refresh_hash))
    return vai_auth_refuse_hash ("refresh_token_hash");
  /* The key belongs to the answer that holds the tokens. */
  char *key = g_steal_pointer (&call->idempotency_key);
  VaiReply *reply = vai_call_write (call, poll_work, poll);
  call->idempotency_key = key;
  if (reply->status != 204)
    return reply;
  vai_reply_free (reply);
  return poll->refusal == VAI_REFUSAL_N ? vai_call_write (call, enter_work, poll) : refuse (poll->refusal);
}

static VaiReply *
take_tokens (VaiCall *call)
{
  VaiReply *reply = vai_call_repeat (call);
  if (reply != NULL)
    return reply;
  Poll poll = { .hash = vai_secret_hash (TEXT (call, "device_code")) };
  reply = poll_and_enter (call, &poll);
  g_free (poll.hash);
  g_free (poll.refresh_token);
  g_free (poll.refresh_hash);
  return reply;
}

/* ── Somebody decides ── */

static const VaiField user_code_fields[] = {
  { "user_code", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, LENGTH, 20 },
  { NULL },
};

/* Which answer of a person is it. */
typedef enum
{
  LOOK,
  APPROVE,
  DENY,
} Decision;

static VaiReply *
describe (VaiRows *rows)
{
  JsonBuilder *builder = vai_json_new_object ();
  vai_json_add_text (builder, "name", vai_rows_get_text (rows, 1));
  vai_json_add_text (builder, "ip_address", vai_rows_get_text (rows, 2));
  vai_json_add_text (builder, "user_agent", vai_rows_get_text (rows, 3));
  vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 4));
  json_builder_end_object (builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
refuse_unknown (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, "user_code", "No machine waits with this code.");
}

static VaiReply *
decide_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  const Decision *decision = data;
  /* One guess after the other, and none after her sessions were ended. */
  vai_transaction_lock (transaction, "user", call->user_id);
  gint64 wait_ms = vai_limit_wait (call, transaction, VAI_LIMIT_CODE, call->user_id);
  if (wait_ms > 0)
    return vai_auth_refuse_wait (wait_ms);
  g_autofree char *hash = hash_user_code (call, TEXT (call, "user_code"));
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT code_hash, name, ip_address, user_agent, created_at FROM device_code "
                               "WHERE user_code_hash = $1 AND status = 'pending' AND expires_at > $2",
                               VAI_TEXT (hash), VAI_INTEGER (call->now));
  if (!vai_rows_next (rows))
    {
      vai_limit_note (call, transaction, VAI_LIMIT_CODE, call->user_id);
      return vai_reply_counting (refuse_unknown ());
    }
  if (*decision == LOOK)
    return describe (rows);
  if (vai_transaction_run (
          transaction,
          "UPDATE device_code SET status = $1, user_id = $2 WHERE code_hash = $3 AND status = 'pending' "
          "AND EXISTS (SELECT 1 FROM session WHERE id = $4 AND revoked_at IS NULL)",
          VAI_TEXT (*decision == APPROVE ? "approved" : "denied"), VAI_TEXT (call->user_id),
          VAI_TEXT (vai_rows_get_text (rows, 0)), VAI_TEXT (call->session_id))
      == 0)
    return refuse_unknown ();
  vai_audit_add (transaction, call->user_id, *decision == APPROVE ? "device_code.approve" : "device_code.deny",
                 call->user_id, call->now, "{}");
  return vai_reply_new_nothing ();
}

static VaiReply *
decide (VaiCall *call, Decision decision)
{
  return vai_call_write (call, decide_work, &decision);
}

static VaiReply *
look (VaiCall *call)
{
  return decide (call, LOOK);
}

static VaiReply *
approve (VaiCall *call)
{
  return decide (call, APPROVE);
}

static VaiReply *
deny (VaiCall *call)
{
  return decide (call, DENY);
}

const VaiRoute vai_device_code_routes[] = {
  { "POST", "/api/v1/auth/device", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, begin_fields, begin },
  { "POST", "/api/v1/auth/device/token", VAI_ACCESS_PUBLIC, VAI_RATE_SIGN_IN, VAI_BODY_SMALL, token_fields,
    take_tokens },
  { "POST", "/api/v1/auth/device/look", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, user_code_fields, look },
  { "POST", "/api/v1/auth/device/approve", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, user_code_fields,
    approve },
  { "POST", "/api/v1/auth/device/deny", VAI_ACCESS_SESSION, VAI_RATE_WRITE, VAI_BODY_SMALL, user_code_fields, deny },
  { NULL },
};
