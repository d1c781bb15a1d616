/* Every route of the server: a table for each part of it. */
#include "vai-route.h"

extern const VaiRoute vai_account_routes[];
extern const VaiRoute vai_admin_audit_routes[];
extern const VaiRoute vai_admin_prices_routes[];
extern const VaiRoute vai_admin_stats_routes[];
extern const VaiRoute vai_admin_users_routes[];
extern const VaiRoute vai_errors_routes[];
extern const VaiRoute vai_auth_routes[];
extern const VaiRoute vai_credits_routes[];
extern const VaiRoute vai_health_routes[];
extern const VaiRoute vai_models_routes[];
extern const VaiRoute vai_predictions_routes[];

const VaiRoute *const vai_routes[] = {
  vai_account_routes,     vai_admin_audit_routes, vai_admin_prices_routes, vai_admin_stats_routes,
  vai_admin_users_routes, vai_errors_routes,      vai_auth_routes,         vai_credits_routes,
  vai_health_routes,      vai_models_routes,      vai_predictions_routes,  NULL,
};
