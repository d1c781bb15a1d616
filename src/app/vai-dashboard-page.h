/* The page “Dashboard”. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_DASHBOARD_PAGE (vai_dashboard_page_get_type ())
G_DECLARE_FINAL_TYPE (VaiDashboardPage, vai_dashboard_page, VAI, DASHBOARD_PAGE, VaiPage)

G_END_DECLS
