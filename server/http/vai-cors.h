/* Web pages of other origins may call only when the operator lists them; by default none. */
#pragma once

#include "vai-server-config.h"

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Adds what a browser must hear with the answer to @message, when its origin is listed. */
void vai_cors_add (const VaiServerConfig *config, SoupServerMessage *message);

/* TRUE when @message is a browser's question before a call, from an origin that is listed: answer it with 204. */
gboolean vai_cors_is_question (const VaiServerConfig *config, SoupServerMessage *message);

G_END_DECLS
