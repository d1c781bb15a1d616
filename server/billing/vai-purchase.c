#include "vai-json-build.h"
#include "vai-purchase.h"

#define COLUMNS                                                                                                        \
  "p.id, p.user_id, p.package_id, k.name, p.currency, p.request_key, p.stripe_session_id, u.stripe_customer_id, "      \
  "CASE WHEN u.deleted_at IS NULL THEN u.email END, u.locale, p.amount, p.credits, p.created_at, p.updated_at, "       \
  "p.\"interval\", p.state"
#define FROM " FROM purchase p JOIN \"user\" u ON u.id = p.user_id JOIN credit_package k ON k.id = p.package_id WHERE "

VaiPurchase *
vai_purchase_read (VaiRows *rows)
{
  if (!vai_rows_next (rows))
    return NULL;
  VaiPurchase *self = g_new0 (VaiPurchase, 1);
  char **const texts[]
      = { &self->id,          &self->user_id,    &self->package_id, &self->package_name, &self->currency,
          &self->request_key, &self->session_id, &self->customer,   &self->email,        &self->locale };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    *texts[i] = g_strdup (vai_rows_get_text (rows, (int) i));
  self->amount = vai_rows_get_integer (rows, 10);
  self->credits = vai_rows_get_integer (rows, 11);
  self->created_at = vai_rows_get_integer (rows, 12);
  self->updated_at = vai_rows_get_integer (rows, 13);
  self->monthly = g_strcmp0 (vai_rows_get_text (rows, 14), "month") == 0;
  vai_purchase_state_parse (vai_rows_get_text (rows, 15), &self->state);
  return self;
}

VaiPurchase *
vai_purchase_find (VaiTransaction *transaction, const char *id)
{
  g_autoptr (VaiRows) rows = vai_transaction_query (transaction, "SELECT " COLUMNS FROM "p.id = $1", VAI_TEXT (id));
  return vai_purchase_read (rows);
}

VaiPurchase *
vai_purchase_find_by_key (VaiTransaction *transaction, const char *user_id, const char *request_key)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction, "SELECT " COLUMNS FROM "p.user_id = $1 AND p.request_key = $2",
                               VAI_TEXT (user_id), VAI_TEXT (request_key));
  return vai_purchase_read (rows);
}

VaiRows *
vai_purchase_query (VaiTransaction *transaction, const char *user_id, gint64 at, const char *id, gint64 limit)
{
  return vai_transaction_query (transaction,
                                "SELECT " COLUMNS FROM "p.user_id = $1 AND (p.created_at, p.id) < ($2, $3) "
                                "ORDER BY p.created_at DESC, p.id DESC LIMIT $4",
                                VAI_TEXT (user_id), VAI_INTEGER (at), VAI_TEXT (id), VAI_INTEGER (limit));
}

void
vai_purchase_free (VaiPurchase *self)
{
  if (self == NULL)
    return;
  char *const texts[] = { self->id,          self->user_id,    self->package_id, self->package_name, self->currency,
                          self->request_key, self->session_id, self->customer,   self->email,        self->locale };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_free (self);
}

void
vai_purchase_write (const VaiPurchase *self, JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  vai_json_add_text (builder, "id", self->id);
  vai_json_add_text (builder, "package_id", self->package_id);
  vai_json_add_text (builder, "package_name", self->package_name);
  vai_json_add_integer (builder, "amount", self->amount);
  vai_json_add_text (builder, "currency", self->currency);
  vai_json_add_integer (builder, "credits", self->credits);
  vai_json_add_text (builder, "interval", self->monthly ? "month" : "none");
  vai_json_add_text (builder, "state", vai_purchase_state_get_name (self->state));
  vai_json_add_integer (builder, "created_at", self->created_at);
  vai_json_add_integer (builder, "updated_at", self->updated_at);
  json_builder_end_object (builder);
}

gboolean
vai_purchase_become (VaiTransaction *transaction,
                     const VaiPurchase *self,
                     VaiPurchaseState state,
                     const char *session_id,
                     const char *payment_id,
                     const char *note,
                     gint64 now)
{
  if (!vai_purchase_may_become (self->state, state))
    return FALSE;
  const VaiValue check = state <= VAI_PURCHASE_AWAITING_FUNDS ? VAI_INTEGER (now + VAI_PURCHASE_CHECK_MS) : VAI_NULL;
  /* The state again: what was read may have moved on. */
  return vai_transaction_run (transaction,
                              "UPDATE purchase SET state = $1, stripe_session_id = COALESCE($2, stripe_session_id), "
                              "stripe_payment_intent = COALESCE($3, stripe_payment_intent), note = $4, check_at = $5, "
                              "updated_at = $6 WHERE id = $7 AND state = $8",
                              VAI_TEXT (vai_purchase_state_get_name (state)), VAI_TEXT (session_id),
                              VAI_TEXT (payment_id), VAI_TEXT (note), check, VAI_INTEGER (now), VAI_TEXT (self->id),
                              VAI_TEXT (vai_purchase_state_get_name (self->state)))
         == 1;
}
