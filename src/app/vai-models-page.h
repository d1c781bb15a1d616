/* The page “Models”. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_MODELS_PAGE (vai_models_page_get_type ())
G_DECLARE_FINAL_TYPE (VaiModelsPage, vai_models_page, VAI, MODELS_PAGE, VaiPage)

G_END_DECLS
