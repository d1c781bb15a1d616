/* The page “Data”. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_DATA_PAGE (vai_data_page_get_type ())
G_DECLARE_FINAL_TYPE (VaiDataPage, vai_data_page, VAI, DATA_PAGE, VaiPage)

G_END_DECLS
