#include "vai-client-address.h"

char *
vai_client_address_choose (const char *const *trusted, const char *peer, const char *forwarded)
{
  if (peer == NULL || forwarded == NULL || !g_strv_contains (trusted, peer))
    return g_strdup (peer != NULL ? peer : "unknown");
  g_auto (GStrv) hops = g_strsplit (forwarded, ",", -1);
  for (guint i = g_strv_length (hops); i > 0; i--)
    {
      const char *hop = g_strstrip (hops[i - 1]);
      if (!g_hostname_is_ip_address (hop))
        break;
      if (!g_strv_contains (trusted, hop))
        return g_strdup (hop);
    }
  return g_strdup (peer);
}

char *
vai_client_address_dup (const VaiServerConfig *config, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  return vai_client_address_choose (vai_server_config_get_list (config, "trusted-proxies"),
                                    soup_server_message_get_remote_host (message),
                                    soup_message_headers_get_list (headers, "X-Forwarded-For"));
}
