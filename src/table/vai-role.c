#include "vai-role.h"

static const char *const names[VAI_N_ROLES] = {
  [VAI_ROLE_FEATURE] = "feature",
  [VAI_ROLE_IGNORED] = "ignored",
  [VAI_ROLE_OUTCOME] = "outcome",
  [VAI_ROLE_OPENED_DATE] = "opened_date",
  [VAI_ROLE_CLOSED_DATE] = "closed_date",
  [VAI_ROLE_IDENTIFIER] = "identifier",
  [VAI_ROLE_PRICE] = "price",
  [VAI_ROLE_DISCOUNT] = "discount",
  [VAI_ROLE_COST] = "cost",
  [VAI_ROLE_MARGIN] = "margin",
  [VAI_ROLE_DELIVERY_TIME] = "delivery_time",
  [VAI_ROLE_CUSTOMER_SECTOR] = "customer_sector",
  [VAI_ROLE_CUSTOMER_SIZE] = "customer_size",
  [VAI_ROLE_CHANNEL] = "channel",
  [VAI_ROLE_SALES_REP] = "sales_rep",
  [VAI_ROLE_LEAD_SOURCE] = "lead_source",
};

const char *
vai_role_name (VaiRole role)
{
  g_return_val_if_fail (role < VAI_N_ROLES, NULL);
  return names[role];
}

gboolean
vai_role_from_name (const char *name, VaiRole *role)
{
  for (guint i = 0; i < VAI_N_ROLES; i++)
    if (g_str_equal (names[i], name))
      {
        *role = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
vai_role_is_shared (VaiRole role)
{
  return role == VAI_ROLE_FEATURE || role == VAI_ROLE_IGNORED || role == VAI_ROLE_IDENTIFIER;
}
