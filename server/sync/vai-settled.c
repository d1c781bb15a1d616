#include "vai-settled.h"

/* Kind of object, and the operation of the price list that makes it. */
static const struct
{
  const char *kind, *operation;
} metered[] = {
  { "dataset", "dataset_upload" },
  { "model", "model_training" },
  { "prediction", "prediction" },
  { "report", "report" },
};

static const char *
operation_of (const char *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (metered); i++)
    if (g_strcmp0 (metered[i].kind, kind) == 0)
      return metered[i].operation;
  return NULL;
}

gboolean
vai_settled_is_needed (const char *kind)
{
  return operation_of (kind) != NULL;
}

gint64
vai_settled_count_left (VaiTransaction *transaction, const char *user_id, const char *op_id, const char *kind)
{
  gint64 units
      = vai_transaction_get_integer (transaction, 0,
                                     "SELECT e.units FROM device_entry e JOIN device d ON d.id = e.device_id "
                                     "WHERE e.op_id = $1 AND e.charged = 1 AND e.op_kind = $2 AND d.user_id = $3",
                                     VAI_TEXT (op_id), VAI_TEXT (operation_of (kind)), VAI_TEXT (user_id));
  if (units == 0)
    return 0;
  gint64 made = vai_transaction_get_integer (transaction, 0,
                                             "SELECT count(*) FROM sync_object WHERE user_id = $1 AND op_id = $2",
                                             VAI_TEXT (user_id), VAI_TEXT (op_id));
  return MAX (units - made, 0);
}
