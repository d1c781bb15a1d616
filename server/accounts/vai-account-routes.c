/* What a person sees and changes of her own account. */
#include "vai-route.h"
#include "vai-user.h"

static VaiReply *
get_me_work (VaiCall *call, VaiTransaction *transaction, gpointer data)
{
  g_autoptr (VaiUser) user = vai_user_find (transaction, call->user_id);
  if (user == NULL)
    return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "This account is gone.");
  JsonBuilder *builder = json_builder_new ();
  vai_user_write (user, builder);
  return vai_reply_new_json (200, builder);
}

static VaiReply *
get_me (VaiCall *call)
{
  return vai_call_read (call, get_me_work, NULL);
}

const VaiRoute vai_account_routes[] = {
  { "GET", "/api/v1/me", VAI_ACCESS_SESSION, VAI_RATE_READ, 0, NULL, get_me },
  { NULL },
};
