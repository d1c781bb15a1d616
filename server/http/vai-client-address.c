#include "vai-client-address.h"

#include <string.h>

/* @trusted are addresses and networks. */
static gboolean
is_trusted (const char *const *trusted, const char *text)
{
  if (g_strv_contains (trusted, text))
    return TRUE;
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  for (guint i = 0; address != NULL && trusted[i] != NULL; i++)
    {
      g_autoptr (GInetAddressMask) mask
          = strchr (trusted[i], '/') != NULL ? g_inet_address_mask_new_from_string (trusted[i], NULL) : NULL;
      if (mask != NULL && g_inet_address_mask_matches (mask, address))
        return TRUE;
    }
  return FALSE;
}

/* A socket of both families tells an address of the elder one like this. */
static const char *
skip_mapping (const char *peer)
{
  return g_str_has_prefix (peer, "::ffff:") && strchr (peer, '.') != NULL ? peer + strlen ("::ffff:") : peer;
}

char *
vai_client_address_choose (const char *const *trusted, const char *peer, const char *forwarded)
{
  if (peer == NULL)
    return g_strdup ("unknown");
  peer = skip_mapping (peer);
  if (forwarded == NULL || !is_trusted (trusted, peer))
    return g_strdup (peer);
  g_auto (GStrv) hops = g_strsplit (forwarded, ",", -1);
  for (guint i = g_strv_length (hops); i > 0; i--)
    {
      const char *hop = g_strstrip (hops[i - 1]);
      if (!g_hostname_is_ip_address (hop))
        break;
      if (!is_trusted (trusted, hop))
        return g_strdup (hop);
    }
  return g_strdup (peer);
}

gboolean
vai_client_address_is_proxy (const VaiServerConfig *config, const char *peer)
{
  return is_trusted (vai_server_config_get_list (config, "trusted-proxies"), peer);
}

char *
vai_client_address_dup (const VaiServerConfig *config, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  return vai_client_address_choose (vai_server_config_get_list (config, "trusted-proxies"),
                                    soup_server_message_get_remote_host (message),
                                    soup_message_headers_get_list (headers, "X-Forwarded-For"));
}
