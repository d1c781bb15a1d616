/* Why an administrator does something: asked for with every act, and kept in the audit. */
#pragma once

#include "vai-call.h"
#include "vai-message.h"

G_BEGIN_DECLS

#define VAI_ADMIN_REASON_FIELD                                                                                         \
  {                                                                                                                    \
    "reason", VAI_FIELD_TEXT, VAI_FIELD_VISIBLE, 3, 500                                                                \
  }

/* The reason as a JSON text, quotes included, for the detail of an audit entry. Free with g_free(). */
char *vai_admin_dup_reason (VaiCall *call);

G_END_DECLS
