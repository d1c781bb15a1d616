#include "vai-cors.h"

#include <string.h>

/* The origin of @message when it is listed, else NULL. */
static const char *
listed_origin (const VaiServerConfig *config, SoupServerMessage *message)
{
  const char *origin = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Origin");
  return origin != NULL && g_strv_contains (vai_server_config_get_list (config, "cors-origins"), origin) ? origin
                                                                                                         : NULL;
}

void
vai_cors_add (const VaiServerConfig *config, SoupServerMessage *message)
{
  const char *origin = listed_origin (config, message);
  if (origin == NULL)
    return;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", origin);
  soup_message_headers_replace (headers, "Vary", "Origin");
  soup_message_headers_replace (headers, "Access-Control-Expose-Headers", "ETag, Retry-After, X-Request-Id");
  soup_message_headers_replace (headers, "Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE");
  soup_message_headers_replace (headers, "Access-Control-Allow-Headers",
                                "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-ValutAI-Protocol");
  soup_message_headers_replace (headers, "Access-Control-Max-Age", "600");
}

gboolean
vai_cors_is_question (const VaiServerConfig *config, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  return strcmp (soup_server_message_get_method (message), "OPTIONS") == 0
         && soup_message_headers_get_one (headers, "Access-Control-Request-Method") != NULL
         && listed_origin (config, message) != NULL;
}
