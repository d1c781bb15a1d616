#include "vai-user.h"

#include "vai-json-build.h"
#include "vai-time.h"

#define COLUMNS                                                                                                        \
  "id, name, email, email_verified, role, credits, stripe_customer_id, has_received_free_credits, password_hash, "     \
  "totp_enabled, suspended_at, locale, length(image), created_at"

static VaiUser *
read_row (VaiRows *rows)
{
  if (!vai_rows_next (rows))
    return NULL;
  VaiUser *self = g_new0 (VaiUser, 1);
  self->id = g_strdup (vai_rows_get_text (rows, 0));
  self->name = g_strdup (vai_rows_get_text (rows, 1));
  self->email = g_strdup (vai_rows_get_text (rows, 2));
  self->email_verified = vai_rows_get_integer (rows, 3) != 0;
  self->role = g_strdup (vai_rows_get_text (rows, 4));
  self->credits = vai_rows_get_integer (rows, 5);
  self->stripe_customer_id = g_strdup (vai_rows_get_text (rows, 6));
  self->has_received_free_credits = vai_rows_get_integer (rows, 7) != 0;
  self->password_hash = g_strdup (vai_rows_get_text (rows, 8));
  self->totp_enabled = vai_rows_get_integer (rows, 9) != 0;
  self->suspended_at = vai_rows_get_integer (rows, 10);
  self->locale = g_strdup (vai_rows_get_text (rows, 11));
  self->image_size = vai_rows_get_integer (rows, 12);
  self->created_at = vai_rows_get_integer (rows, 13);
  return self;
}

VaiUser *
vai_user_find (VaiTransaction *transaction, const char *id)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT " COLUMNS " FROM \"user\" WHERE id = $1 AND deleted_at IS NULL", VAI_TEXT (id));
  return read_row (rows);
}

VaiUser *
vai_user_find_by_email (VaiTransaction *transaction, const char *email)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT " COLUMNS " FROM \"user\" WHERE email = $1 AND deleted_at IS NULL", VAI_TEXT (email));
  return read_row (rows);
}

gboolean
vai_user_is_there (VaiTransaction *transaction, const char *id)
{
  return vai_transaction_get_integer (transaction, 0, "SELECT 1 FROM \"user\" WHERE id = $1 AND deleted_at IS NULL",
                                      VAI_TEXT (id))
         == 1;
}

gboolean
vai_user_hold (VaiTransaction *transaction, const char *id)
{
  vai_transaction_lock (transaction, "user", id);
  return vai_user_is_there (transaction, id);
}

VaiReply *
vai_user_refuse_gone (void)
{
  return vai_reply_new_refusal (VAI_REFUSAL_NOT_FOUND, NULL, "This account is gone.");
}

VaiUser *
vai_user_hold_by_email (VaiTransaction *transaction, const char *email)
{
  for (;;)
    {
      g_autofree char *id = vai_transaction_dup_text (
          transaction, "SELECT id FROM \"user\" WHERE email = $1 AND deleted_at IS NULL", VAI_TEXT (email));
      /* For nobody the same is asked, so that the time tells nothing. */
      vai_transaction_lock (transaction, "user", id != NULL ? id : "");
      g_autoptr (VaiUser) user = vai_user_find_by_email (transaction, email);
      if (user == NULL || g_strcmp0 (user->id, id) == 0)
        return g_steal_pointer (&user);
    }
}

void
vai_user_free (VaiUser *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->name);
  g_free (self->email);
  g_free (self->role);
  g_free (self->stripe_customer_id);
  g_free (self->password_hash);
  g_free (self->locale);
  g_free (self);
}

char *
vai_user_normalise_email (const char *email)
{
  g_autofree char *lower = g_utf8_strdown (email, -1);
  return g_utf8_normalize (g_strstrip (lower), -1, G_NORMALIZE_NFC);
}

void
vai_user_write (const VaiUser *self, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", self->id);
  vai_json_add_text (builder, "name", self->name);
  vai_json_add_text (builder, "email", self->email);
  vai_json_add_flag (builder, "email_verified", self->email_verified);
  vai_json_add_text (builder, "role", self->role);
  vai_json_add_flag (builder, "is_admin", g_strcmp0 (self->role, "user") != 0);
  vai_json_add_integer (builder, "credits", self->credits);
  vai_json_add_flag (builder, "has_received_free_credits", self->has_received_free_credits);
  vai_json_add_flag (builder, "two_factor", self->totp_enabled);
  vai_json_add_flag (builder, "has_image", self->image_size > 0);
  vai_json_add_text (builder, "locale", self->locale);
  vai_json_add_integer (builder, "created_at", self->created_at);
  json_builder_end_object (builder);
}

char *
vai_user_create (VaiTransaction *transaction,
                 const char *name,
                 const char *email,
                 const char *password_hash,
                 const char *role,
                 const char *locale,
                 gint64 now)
{
  g_autofree char *id = vai_uuid_new ();
  if (vai_transaction_run (
          transaction,
          "INSERT INTO \"user\" (id, name, email, password_hash, role, locale, created_at, updated_at) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (email) DO NOTHING",
          VAI_TEXT (id), VAI_TEXT (name), VAI_TEXT (email), VAI_TEXT (password_hash), VAI_TEXT (role),
          VAI_TEXT (locale), VAI_INTEGER (now), VAI_INTEGER (now))
      == 0)
    return NULL;
  return g_steal_pointer (&id);
}

gboolean
vai_user_is_last_owner (VaiTransaction *transaction, const char *id)
{
  /* Each such act is written into the audit: its lock is the one that they all take. */
  vai_transaction_lock (transaction, "audit_head", "head");
  return vai_transaction_get_integer (transaction, 0,
                                      "SELECT count(*) FROM \"user\" WHERE role = 'owner' AND suspended_at IS NULL "
                                      "AND deleted_at IS NULL AND id <> $1",
                                      VAI_TEXT (id))
         == 0;
}
