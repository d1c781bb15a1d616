/* The rows of persons, inside a transaction. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

typedef struct
{
  char *id;
  char *name;
  char *email;
  gboolean email_verified;
  char *role;
  gint64 credits;
  char *stripe_customer_id;
  gboolean has_received_free_credits;
  char *password_hash;
  gboolean totp_enabled;
  gint64 suspended_at; /* 0: not */
  char *locale;
  gint64 image_size;
  gint64 created_at;
} VaiUser;

/* NULL when there is none (or it was deleted). Free with vai_user_free(). */
VaiUser *vai_user_find (VaiTransaction *transaction, const char *id);
VaiUser *vai_user_find_by_email (VaiTransaction *transaction, const char *email);
void vai_user_free (VaiUser *self);

/* FALSE when the account is gone, though it was there when the session was looked at: nothing of her may be written any
 * more. The other one locks its row before it looks. */
gboolean vai_user_is_there (VaiTransaction *transaction, const char *id);
gboolean vai_user_hold (VaiTransaction *transaction, const char *id);

/* The answer when it is gone. */
VaiReply *vai_user_refuse_gone (void);

/* Of @email as it is under its lock: what follows from it may be written. NULL: none. */
VaiUser *vai_user_hold_by_email (VaiTransaction *transaction, const char *email);

/* TRUE when no owner but @id (“” for nobody) could act. What takes an owner away asks this in its transaction, which
 * then goes on alone among those that do. */
gboolean vai_user_is_last_owner (VaiTransaction *transaction, const char *id);

/* Lower case, trimmed: what is unique. Free with g_free(). */
char *vai_user_normalise_email (const char *email);

/* What its owner sees of it; a member of @builder. */
void vai_user_write (const VaiUser *self, JsonBuilder *builder);

/* A new row, not verified; gives its id, or NULL when somebody else has just taken the address. Free with g_free(). */
char *vai_user_create (VaiTransaction *transaction,
                       const char *name,
                       const char *email,
                       const char *password_hash,
                       const char *role,
                       const char *locale,
                       gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiUser, vai_user_free)

G_END_DECLS
