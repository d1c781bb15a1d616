#include "vai-prices.h"

gint64
vai_prices_get_version (VaiTransaction *transaction)
{
  return vai_transaction_get_integer (transaction, 0, "SELECT max(version) FROM credit_operation");
}

gint64
vai_prices_get_cost (VaiTransaction *transaction, const char *operation, gint64 units, gint64 version)
{
  g_autoptr (VaiRows) rows
      = vai_transaction_query (transaction,
                               "SELECT credit_cost, is_active FROM credit_operation WHERE name = $1 AND version <= $2 "
                               "ORDER BY version DESC LIMIT 1",
                               VAI_TEXT (operation), VAI_INTEGER (version > 0 ? version : G_MAXINT64));
  gboolean offered = vai_rows_next (rows) && vai_rows_get_integer (rows, 1) != 0;
  return offered ? vai_rows_get_integer (rows, 0) * units : -1;
}
