/* What the API and the pages do alike: each takes the message of its call. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

VaiReply *vai_auth_verify (VaiCall *call);        /* token */
VaiReply *vai_auth_reset (VaiCall *call);         /* token, password */
VaiReply *vai_auth_confirm_email (VaiCall *call); /* token */
VaiReply *vai_auth_setup (VaiCall *call);         /* token, name, email, password */

/* The address of @user_id is hers: the first time that brings the gift. FALSE when she is gone. */
gboolean vai_auth_confirm_address (VaiCall *call, VaiTransaction *transaction, const char *user_id);

G_END_DECLS
