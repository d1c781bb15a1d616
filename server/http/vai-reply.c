#include "vai-json-build.h"
#include "vai-reply.h"

static const struct
{
  const char *code;
  guint status;
} refusals[VAI_REFUSAL_N] = {
  [VAI_REFUSAL_BAD_REQUEST] = { "bad_request", 400 },
  [VAI_REFUSAL_UNAUTHENTICATED] = { "unauthenticated", 401 },
  [VAI_REFUSAL_INSUFFICIENT_CREDITS] = { "insufficient_credits", 402 },
  [VAI_REFUSAL_FORBIDDEN] = { "forbidden", 403 },
  [VAI_REFUSAL_NOT_FOUND] = { "not_found", 404 },
  [VAI_REFUSAL_METHOD_NOT_ALLOWED] = { "method_not_allowed", 405 },
  [VAI_REFUSAL_CONFLICT] = { "conflict", 409 },
  [VAI_REFUSAL_GONE] = { "gone", 410 },
  [VAI_REFUSAL_LENGTH_REQUIRED] = { "length_required", 411 },
  [VAI_REFUSAL_TOO_LARGE] = { "too_large", 413 },
  [VAI_REFUSAL_QUOTA] = { "quota_exceeded", 413 },
  [VAI_REFUSAL_UNSUPPORTED] = { "unsupported_media_type", 415 },
  [VAI_REFUSAL_INVALID] = { "invalid", 422 },
  [VAI_REFUSAL_KEY_REUSED] = { "idempotency_key_reused", 422 },
  [VAI_REFUSAL_TWO_FACTOR] = { "two_factor_required", 401 },
  /* Named by RFC 8628, all of them 400. */
  [VAI_REFUSAL_CODE_PENDING] = { "authorization_pending", 400 },
  [VAI_REFUSAL_SLOW_DOWN] = { "slow_down", 400 },
  [VAI_REFUSAL_CODE_DENIED] = { "access_denied", 400 },
  [VAI_REFUSAL_CODE_EXPIRED] = { "expired_token", 400 },
  [VAI_REFUSAL_UPGRADE] = { "upgrade_required", 426 },
  [VAI_REFUSAL_TOO_MANY] = { "too_many_requests", 429 },
  [VAI_REFUSAL_HEADERS] = { "headers_too_large", 431 },
  [VAI_REFUSAL_INTERNAL] = { "internal", 500 },
  [VAI_REFUSAL_UPSTREAM] = { "upstream_failed", 502 },
  [VAI_REFUSAL_UNAVAILABLE] = { "unavailable", 503 },
  [VAI_REFUSAL_NO_SPACE] = { "no_space", 507 },
};

const char *
vai_refusal_get_code (VaiRefusal refusal)
{
  return refusals[refusal].code;
}

guint
vai_refusal_get_status (VaiRefusal refusal)
{
  return refusals[refusal].status;
}

VaiReply *
vai_reply_new_bytes (guint status, const char *content_type, GBytes *body)
{
  VaiReply *self = g_new0 (VaiReply, 1);
  self->status = status;
  self->content_type = g_strdup (content_type);
  self->body = body;
  return self;
}

VaiReply *
vai_reply_new_json (guint status, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  gsize size;
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  json_generator_set_root (generator, root);
  char *text = json_generator_to_data (generator, &size);
  g_object_unref (builder);
  return vai_reply_new_bytes (status, "application/json", g_bytes_new_take (text, size));
}

VaiReply *
vai_reply_new_nothing (void)
{
  return vai_reply_new_bytes (204, NULL, NULL);
}

VaiReply *
vai_reply_new_refusal (VaiRefusal refusal, const char *field, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  JsonBuilder *builder = vai_json_new_object ();
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "code", refusals[refusal].code);
  vai_json_add_text (builder, "message", message);
  if (field != NULL)
    {
      vai_json_add_text (builder, "field", field);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return vai_reply_new_json (refusals[refusal].status, builder);
}

VaiReply *
vai_reply_counting (VaiReply *self)
{
  self->counts = TRUE;
  return self;
}

VaiReply *
vai_reply_new_wait (guint wait_ms)
{
  VaiReply *self = g_new0 (VaiReply, 1);
  self->wait_ms = wait_ms;
  return self;
}

VaiReply *
vai_reply_copy (const VaiReply *self)
{
  VaiReply *copy
      = vai_reply_new_bytes (self->status, self->content_type, self->body != NULL ? g_bytes_ref (self->body) : NULL);
  copy->secret = self->secret;
  copy->wait_ms = self->wait_ms;
  return copy;
}

void
vai_reply_set_header (VaiReply *self, const char *name, const char *value)
{
  if (self->headers == NULL)
    self->headers = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
}

void
vai_reply_free (VaiReply *self)
{
  if (self == NULL)
    return;
  g_free (self->content_type);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->headers, g_ptr_array_unref);
  g_free (self);
}
