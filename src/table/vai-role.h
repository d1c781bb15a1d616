/* What a column means to a salesperson. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_ROLE_FEATURE, /* any other column that may tell something */
  VAI_ROLE_IGNORED,
  VAI_ROLE_OUTCOME,
  VAI_ROLE_OPENED_DATE,
  VAI_ROLE_CLOSED_DATE,
  VAI_ROLE_IDENTIFIER,
  VAI_ROLE_PRICE,
  VAI_ROLE_DISCOUNT,
  VAI_ROLE_COST,
  VAI_ROLE_MARGIN,
  VAI_ROLE_DELIVERY_TIME,
  VAI_ROLE_CUSTOMER_SECTOR,
  VAI_ROLE_CUSTOMER_SIZE,
  VAI_ROLE_CHANNEL,
  VAI_ROLE_SALES_REP,
  VAI_ROLE_LEAD_SOURCE,
  VAI_N_ROLES
} VaiRole;

/* "feature", "ignored", "outcome", "opened_date", …: stable names in files and on the wire. */
const char *vai_role_name (VaiRole role);
gboolean vai_role_from_name (const char *name, VaiRole *role);

/* May more than one column have it? */
gboolean vai_role_is_shared (VaiRole role);

G_END_DECLS
