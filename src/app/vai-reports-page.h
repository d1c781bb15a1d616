/* The page “Reports”. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_REPORTS_PAGE (vai_reports_page_get_type ())
G_DECLARE_FINAL_TYPE (VaiReportsPage, vai_reports_page, VAI, REPORTS_PAGE, VaiPage)

G_END_DECLS
