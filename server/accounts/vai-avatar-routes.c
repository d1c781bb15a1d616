/* The picture of a person. */
#include "vai-picture.h"
#include "vai-route.h"
#include "vai-user.h"

#define BODY_MAX (2 * 1024 * 1024)

static VaiReply *
get_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT image FROM \"user\" WHERE id = $1 AND image IS NOT NULL", VAI_TEXT (call->user_id));
  if (!vai_rows_next (rows))
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "There is no picture.");
  return vai_reply_new_bytes (200, "image/png", vai_rows_dup_bytes (rows, 0));
}

static VaiReply *
get_avatar (VaiCall *call)
{
  return vai_call_read (call, get_work, NULL);
}

/* @data is a PNG, or NULL for none. */
static VaiReply *
set_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  if (vai_transaction_run (transaction,
                           "UPDATE \"user\" SET image = $1, updated_at = $2 WHERE id = $3 AND deleted_at IS NULL",
                           VAI_BYTES (data), VAI_INTEGER (call->now), VAI_TEXT (call->user_id))
      == 0)
    return vai_user_refuse_gone ();
  return vai_reply_new_nothing ();
}

static VaiReply *
put_avatar (VaiCall *call)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = vai_picture_shrink (call->body, &error);
  if (png == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_INVALID, NULL, "The picture is not taken: %s", error->message);
  return vai_call_write (call, set_work, png);
}

static VaiReply *
delete_avatar (VaiCall *call)
{
  return vai_call_write (call, set_work, NULL);
}

const VaiRoute vai_avatar_routes[] = {
  { "GET", "/api/v1/me/avatar", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_avatar },
  { "PUT", "/api/v1/me/avatar", VAI_ACCESS_SESSION, VAI_RATE_HEAVY, BODY_MAX, NULL, put_avatar, VAI_ROUTE_RAW },
  { "DELETE", "/api/v1/me/avatar", VAI_ACCESS_SESSION, VAI_RATE_WRITE, 0, NULL, delete_avatar },
  { NULL },
};
