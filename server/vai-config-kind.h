/* What the values of options may look like. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_CONFIG_TEXT,
  VAI_CONFIG_INTEGER,
  VAI_CONFIG_PASSWORD, /* a secret: not by a flag, never shown; so are the next three */
  VAI_CONFIG_KEY,
  VAI_CONFIG_STRIPE_KEY,      /* sk_… or rk_… */
  VAI_CONFIG_WEBHOOK_SECRETS, /* whsec_…, with commas */
  VAI_CONFIG_WORD,            /* printable ASCII without a space */
  VAI_CONFIG_PATH,
  VAI_CONFIG_BLOBS,    /* a path or s3://bucket/… */
  VAI_CONFIG_DATABASE, /* postgresql://… or a path */
  VAI_CONFIG_HTTP,     /* http://… or https://… */
  VAI_CONFIG_SMTP,     /* smtp://… or smtps://… */
  VAI_CONFIG_LISTEN,   /* an address and a port */
  VAI_CONFIG_MAILBOX,  /* “Name <address>” or an address */
  VAI_CONFIG_LEVEL,    /* of the log */
  VAI_CONFIG_PROXIES,  /* addresses and networks like 10.0.0.0/8, with commas */
  VAI_CONFIG_ORIGINS,  /* https://host[:port], with commas */
  VAI_CONFIG_N
} VaiConfigKind;

/* NULL when @value is right, else what would be: “no address like https://example.com”. Static. Numbers are not looked
 * at here. */
const char *vai_config_kind_check (VaiConfigKind kind, const char *value);

gboolean vai_config_kind_is_secret (VaiConfigKind kind);

G_END_DECLS
