#include "vai-config-kind.h"

#include "vai-database.h"

#include <gio/gio.h>
#include <string.h>

/* The widest networks of proxies: the largest that are private, 10.0.0.0/8 and fc00::/7. With a wider one people would
 * be taken for proxies, and whoever is may claim any address. */
#define PROXY_BITS_4 8
#define PROXY_BITS_6 7

static gboolean
has_scheme (const char *value, const char *one, const char *other)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0'
         && (strcmp (g_uri_get_scheme (uri), one) == 0 || strcmp (g_uri_get_scheme (uri), other) == 0);
}

static gboolean
is_http (const char *value)
{
  return has_scheme (value, "http", "https");
}

static gboolean
is_smtp (const char *value)
{
  return has_scheme (value, "smtp", "smtps");
}

static gboolean
is_text (const char *value)
{
  for (const char *c = value; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return FALSE;
  return TRUE;
}

static gboolean
is_word (const char *value)
{
  for (const char *c = value; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return *value != '\0';
}

static gboolean
is_stripe_key (const char *value)
{
  return is_word (value) && (g_str_has_prefix (value, "sk_") || g_str_has_prefix (value, "rk_"));
}

static gboolean
is_webhook_secret (const char *value)
{
  return is_word (value) && g_str_has_prefix (value, "whsec_") && value[strlen ("whsec_")] != '\0';
}

static gboolean
is_path (const char *value)
{
  return is_text (value) && strstr (value, "://") == NULL;
}

static gboolean
is_blobs (const char *value)
{
  return is_path (value)
         || (is_word (value) && g_str_has_prefix (value, "s3://") && g_ascii_isalnum (value[strlen ("s3://")]));
}

static gboolean
is_database (const char *value)
{
  return vai_database_is_address (value) ? vai_database_is_right_address (value) : is_path (value);
}

static gboolean
is_listen (const char *value)
{
  g_autoptr (GSocketConnectable) where = g_network_address_parse (value, 0, NULL);
  return where != NULL && strchr (value, ':') != NULL
         && g_hostname_is_ip_address (g_network_address_get_hostname (G_NETWORK_ADDRESS (where)));
}

/* It becomes a line of a letter's head. */
static gboolean
is_mailbox (const char *value)
{
  const char *at = strrchr (value, '@');
  return is_text (value) && at != NULL && at != value && at[1] != '\0'
         && (strchr (value, '<') == NULL || g_str_has_suffix (value, ">"));
}

static gboolean
is_level (const char *value)
{
  static const char *const levels[] = { "debug", "info", "warning", "error", NULL };
  return g_strv_contains (levels, value);
}

static gboolean
is_each (const char *value, gboolean (*is_one) (const char *))
{
  g_auto (GStrv) each = g_strsplit (value, ",", -1);
  for (guint i = 0; each[i] != NULL; i++)
    if (!is_one (g_strstrip (each[i])))
      return FALSE;
  return TRUE;
}

static gboolean
is_webhook_secrets (const char *value)
{
  return is_each (value, is_webhook_secret);
}

static gboolean
is_network (const char *value)
{
  g_autoptr (GInetAddressMask) mask = g_inet_address_mask_new_from_string (value, NULL);
  if (mask == NULL)
    return FALSE;
  gboolean newer = g_inet_address_mask_get_family (mask) == G_SOCKET_FAMILY_IPV6;
  return g_inet_address_mask_get_length (mask) >= (newer ? PROXY_BITS_6 : PROXY_BITS_4);
}

static gboolean
is_proxies (const char *value)
{
  return is_each (value, is_network);
}

/* As a browser writes it: no path, not even a slash at the end. */
static gboolean
is_origin (const char *value)
{
  g_autoptr (GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);
  return is_http (value) && *g_uri_get_path (uri) == '\0' && g_uri_get_query (uri) == NULL;
}

static gboolean
is_origins (const char *value)
{
  return is_each (value, is_origin);
}

const char *
vai_config_kind_check (VaiConfigKind kind, const char *value)
{
  static const struct
  {
    gboolean (*is_right) (const char *value);
    const char *wanted;
  } kinds[VAI_CONFIG_N] = {
    [VAI_CONFIG_TEXT] = { is_text, "no line of text" },
    [VAI_CONFIG_PASSWORD] = { is_text, "no line of text" },
    [VAI_CONFIG_KEY] = { is_word, "no key: letters, digits and signs without a space" },
    [VAI_CONFIG_STRIPE_KEY] = { is_stripe_key, "no secret key like sk_live_… or rk_live_…" },
    [VAI_CONFIG_WEBHOOK_SECRETS] = { is_webhook_secrets, "no secret like whsec_…, and no list of them with commas" },
    [VAI_CONFIG_WORD] = { is_word, "no word: letters, digits and signs without a space" },
    [VAI_CONFIG_PATH] = { is_path, "no path" },
    [VAI_CONFIG_BLOBS] = { is_blobs, "no folder and no s3://bucket/prefix" },
    [VAI_CONFIG_DATABASE] = { is_database, "no address like postgresql://user@host:5432/database and no path" },
    [VAI_CONFIG_HTTP] = { is_http, "no address like https://example.com" },
    [VAI_CONFIG_SMTP] = { is_smtp, "no address like smtp://mail.example.com:587" },
    [VAI_CONFIG_LISTEN] = { is_listen, "no address and port like 127.0.0.1:8480 or [::]:8480" },
    [VAI_CONFIG_MAILBOX] = { is_mailbox, "no sender like ValutAI <no-reply@example.com>" },
    [VAI_CONFIG_LEVEL] = { is_level, "none of debug, info, warning and error" },
    [VAI_CONFIG_PROXIES]
    = { is_proxies,
        "no list of addresses and networks like 10.0.0.5,10.1.0.0/16, none wider than 10.0.0.0/8 or fc00::/7" },
    [VAI_CONFIG_ORIGINS] = { is_origins, "no list of origins like https://app.example.com" },
  };
  return kinds[kind].is_right == NULL || kinds[kind].is_right (value) ? NULL : kinds[kind].wanted;
}

gboolean
vai_config_kind_is_secret (VaiConfigKind kind)
{
  return kind >= VAI_CONFIG_PASSWORD && kind <= VAI_CONFIG_WEBHOOK_SECRETS;
}
