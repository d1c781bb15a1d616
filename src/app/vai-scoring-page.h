/* The page “Scoring”. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_SCORING_PAGE (vai_scoring_page_get_type ())
G_DECLARE_FINAL_TYPE (VaiScoringPage, vai_scoring_page, VAI, SCORING_PAGE, VaiPage)

G_END_DECLS
