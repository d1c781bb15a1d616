/* The answer to a request: JSON, bytes, or an error `{error:{code,message,field?}}` with a stable code. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_REFUSAL_BAD_REQUEST,
  VAI_REFUSAL_UNAUTHENTICATED,
  VAI_REFUSAL_INSUFFICIENT_CREDITS,
  VAI_REFUSAL_FORBIDDEN,
  VAI_REFUSAL_NOT_FOUND,
  VAI_REFUSAL_METHOD_NOT_ALLOWED,
  VAI_REFUSAL_CONFLICT,
  VAI_REFUSAL_GONE,
  VAI_REFUSAL_LENGTH_REQUIRED,
  VAI_REFUSAL_TOO_LARGE,
  VAI_REFUSAL_QUOTA, /* what this account may keep is used up */
  VAI_REFUSAL_UNSUPPORTED,
  VAI_REFUSAL_INVALID,      /* a field is wrong */
  VAI_REFUSAL_KEY_REUSED,   /* an idempotency key with another body */
  VAI_REFUSAL_TWO_FACTOR,   /* a one-time code is wanted */
  VAI_REFUSAL_CODE_PENDING, /* of a device: nobody has decided yet */
  VAI_REFUSAL_SLOW_DOWN,    /* it asks too often */
  VAI_REFUSAL_CODE_DENIED,
  VAI_REFUSAL_CODE_EXPIRED,
  VAI_REFUSAL_UPGRADE,  /* the client is too old */
  VAI_REFUSAL_TOO_MANY, /* wait: header Retry-After */
  VAI_REFUSAL_HEADERS,
  VAI_REFUSAL_INTERNAL,
  VAI_REFUSAL_UPSTREAM, /* Stripe or a store did not do its part */
  VAI_REFUSAL_UNAVAILABLE,
  VAI_REFUSAL_NO_SPACE,
  VAI_REFUSAL_N
} VaiRefusal;

typedef struct
{
  guint status;       /* 0: not yet, ask the handler again (vai_reply_new_wait) */
  char *content_type; /* NULL without a body */
  GBytes *body;       /* NULL without a body */
  GPtrArray *headers; /* of char*: name, value, name, value; NULL without */
  gboolean secret;    /* holds a token: never kept in clear */
  gboolean counts;    /* a refusal that takes nothing back: what led to it was noted */
  guint wait_ms;      /* of a reply that is not there yet */
} VaiReply;

/* Takes @builder, which holds one whole value. */
VaiReply *vai_reply_new_json (guint status, JsonBuilder *builder);

/* @body is taken; NULL for none. */
VaiReply *vai_reply_new_bytes (guint status, const char *content_type, GBytes *body);

/* 204. */
VaiReply *vai_reply_new_nothing (void);

/* @field names the wrong field of the message, or NULL. */
VaiReply *vai_reply_new_refusal (VaiRefusal refusal, const char *field, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* @self, a refusal, as one that takes nothing back. */
VaiReply *vai_reply_counting (VaiReply *self);

/* A long poll: the handler is asked again after @wait_ms, as long as the request may wait; see vai_call_may_wait(). */
VaiReply *vai_reply_new_wait (guint wait_ms);

/* Without its headers: for a function that may be asked twice. */
VaiReply *vai_reply_copy (const VaiReply *self);

void vai_reply_set_header (VaiReply *self, const char *name, const char *value);
void vai_reply_free (VaiReply *self);

/* Stable code on the wire and HTTP status. Static. */
const char *vai_refusal_get_code (VaiRefusal refusal);
guint vai_refusal_get_status (VaiRefusal refusal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiReply, vai_reply_free)

G_END_DECLS
