#include "vai-call.h"

#include "vai-access.h"
#include "vai-error.h"
#include "vai-idempotency.h"

void
vai_call_free (VaiCall *self)
{
  if (self == NULL)
    return;
  g_free (self->request_id);
  g_free (self->path);
  g_free (self->query_text);
  g_strfreev (self->values);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_free (self->address);
  g_free (self->user_agent);
  g_free (self->authorization);
  g_free (self->idempotency_key);
  g_free (self->signature);
  g_free (self->range);
  g_free (self->wanted_range);
  g_free (self->protocol);
  g_free (self->locale);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->message, json_object_unref);
  g_free (self->user_id);
  g_free (self->session_id);
  g_free (self->device_id);
  g_free (self);
}

const char *
vai_call_get_value (VaiCall *self, guint index)
{
  g_assert (index < g_strv_length (self->values));
  return self->values[index];
}

const char *
vai_call_get_query (VaiCall *self, const char *name)
{
  return self->query != NULL ? g_hash_table_lookup (self->query, name) : NULL;
}

VaiReply *
vai_call_read_number (VaiCall *self, const char *name, gint64 least, gint64 most, gint64 *number)
{
  const char *text = vai_call_get_query (self, name);
  if (text == NULL || g_ascii_string_to_signed (text, 10, least, most, number, NULL))
    return NULL;
  return vai_reply_new_refusal (VAI_REFUSAL_INVALID, name,
                                "“%s” is a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ".", name, least,
                                most);
}

gboolean
vai_call_may_wait (VaiCall *self)
{
  return g_get_monotonic_time () < self->wait_until;
}

typedef struct
{
  VaiCall *call;
  VaiCallWork work;
  gpointer data;
  gboolean asks_session; /* whether it lasts was left to this transaction */
  gboolean before;       /* another transaction has the effect */
  VaiReply *reply;       /* of the last run */
} Run;

/* Runs @work beside the look at the session, in each run anew: it may end between two. */
static gboolean
run_for_session (Run *self, VaiTransaction *transaction, VaiWork work)
{
  g_clear_pointer (&self->reply, vai_reply_free);
  if (!self->asks_session)
    return work (transaction, self);
  self->call->session_unchecked = TRUE;
  g_autoptr (VaiRows) session = vai_access_ask_session (self->call, transaction);
  gboolean keep = work (transaction, self);
  VaiReply *refusal = vai_access_take_session (self->call, transaction, session);
  if (refusal == NULL)
    return keep;
  vai_reply_free (self->reply);
  self->reply = refusal;
  return FALSE;
}

static gboolean
keeps_effect (const VaiReply *reply)
{
  return reply->status < 400 || reply->counts;
}

static gboolean
do_work (VaiTransaction *transaction, gpointer data)
{
  Run *run = data;
  run->reply = run->work (run->call, transaction, run->data);
  return keeps_effect (run->reply);
}

static gboolean
do_work_once (VaiTransaction *transaction, gpointer data)
{
  Run *run = data;
  run->reply = vai_idempotency_claim (run->call, transaction);
  if (run->reply != NULL)
    return FALSE;
  vai_transaction_begin_part (transaction);
  run->reply = run->work (run->call, transaction, run->data);
  vai_transaction_end_part (transaction, keeps_effect (run->reply));
  if (run->before && run->reply->status < 400)
    {
      vai_idempotency_release (run->call, transaction);
      return TRUE;
    }
  return vai_idempotency_keep (run->call, transaction, run->reply);
}

static gboolean
read_work (VaiTransaction *transaction, gpointer data)
{
  return run_for_session (data, transaction, do_work);
}

static gboolean
write_work (VaiTransaction *transaction, gpointer data)
{
  Run *run = data;
  return run_for_session (run, transaction, run->call->idempotency_key != NULL ? do_work_once : do_work);
}

VaiReply *
vai_call_refuse_error (VaiCall *self, const GError *error)
{
  g_warning ("request %s: %s", self->request_id, error->message);
  if (g_error_matches (error, VAI_ERROR, VAI_ERROR_NO_SPACE))
    return vai_reply_new_refusal (VAI_REFUSAL_NO_SPACE, NULL, "The server's disk is full. Nothing was changed.");
  return vai_reply_new_refusal (VAI_REFUSAL_UNAVAILABLE, NULL,
                                "The server cannot do this now. Try again with the same idempotency key.");
}

static VaiReply *
finish (Run *run, gboolean done, GError *error)
{
  if (done)
    return run->reply;
  g_clear_pointer (&run->reply, vai_reply_free);
  return vai_call_refuse_error (run->call, error);
}

VaiReply *
vai_call_read (VaiCall *self, VaiCallWork work, gpointer data)
{
  g_autoptr (GError) error = NULL;
  Run run = { .call = self, .work = work, .data = data, .asks_session = self->session_unchecked };
  gboolean done = vai_connection_read (self->connection, read_work, &run, &error);
  return finish (&run, done, error);
}

static VaiReply *
write_run (Run *run)
{
  g_autoptr (GError) error = NULL;
  run->asks_session = run->call->session_unchecked;
  gboolean done = vai_connection_write (run->call->connection, write_work, run, &error);
  return finish (run, done, error);
}

VaiReply *
vai_call_write (VaiCall *self, VaiCallWork work, gpointer data)
{
  return write_run (&(Run){ .call = self, .work = work, .data = data });
}

VaiReply *
vai_call_write_before (VaiCall *self, VaiCallWork work, gpointer data)
{
  return write_run (&(Run){ .call = self, .work = work, .data = data, .before = TRUE });
}

static VaiReply *
repeat_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  VaiReply *first = vai_idempotency_find (call, transaction);
  return first != NULL ? first : vai_reply_new_bytes (0, NULL, NULL);
}

VaiReply *
vai_call_repeat (VaiCall *self)
{
  if (self->idempotency_key == NULL)
    return NULL;
  VaiReply *reply = vai_call_read (self, repeat_work, NULL);
  if (reply->status != 0)
    return reply;
  vai_reply_free (reply);
  return NULL;
}
