/* Every route of the server: a table for each part of it. */
#include "vai-route.h"

extern const VaiRoute vai_account_routes[];
extern const VaiRoute vai_admin_audit_routes[];
extern const VaiRoute vai_admin_billing_routes[];
extern const VaiRoute vai_admin_keys_routes[];
extern const VaiRoute vai_admin_prices_routes[];
extern const VaiRoute vai_admin_stats_routes[];
extern const VaiRoute vai_admin_transactions_routes[];
extern const VaiRoute vai_admin_users_routes[];
extern const VaiRoute vai_avatar_routes[];
extern const VaiRoute vai_billing_routes[];
extern const VaiRoute vai_blob_routes[];
extern const VaiRoute vai_credits_routes[];
extern const VaiRoute vai_device_code_routes[];
extern const VaiRoute vai_device_routes[];
extern const VaiRoute vai_errors_routes[];
extern const VaiRoute vai_health_routes[];
extern const VaiRoute vai_lease_key_routes[];
extern const VaiRoute vai_models_routes[];
extern const VaiRoute vai_web_page_routes[];
extern const VaiRoute vai_password_routes[];
extern const VaiRoute vai_person_routes[];
extern const VaiRoute vai_predictions_routes[];
extern const VaiRoute vai_session_routes[];
extern const VaiRoute vai_settle_routes[];
extern const VaiRoute vai_sign_in_routes[];
extern const VaiRoute vai_sign_up_routes[];
extern const VaiRoute vai_sync_routes[];
extern const VaiRoute vai_two_factor_routes[];
extern const VaiRoute vai_usage_routes[];

/* One a line, so that two who add one do not meet. */
/* clang-format off */
const VaiRoute *const vai_routes[] = {
  vai_account_routes,
  vai_admin_audit_routes,
  vai_admin_billing_routes,
  vai_admin_keys_routes,
  vai_admin_prices_routes,
  vai_admin_stats_routes,
  vai_admin_transactions_routes,
  vai_admin_users_routes,
  vai_avatar_routes,
  vai_billing_routes,
  vai_blob_routes,
  vai_credits_routes,
  vai_device_code_routes,
  vai_device_routes,
  vai_errors_routes,
  vai_health_routes,
  vai_lease_key_routes,
  vai_models_routes,
  vai_web_page_routes,
  vai_password_routes,
  vai_person_routes,
  vai_predictions_routes,
  vai_session_routes,
  vai_settle_routes,
  vai_sign_in_routes,
  vai_sign_up_routes,
  vai_sync_routes,
  vai_two_factor_routes,
  vai_usage_routes,
  NULL,
};
