/* The first start: begin on this computer, or look at sample quotes. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_WELCOME_PAGE (vai_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (VaiWelcomePage, vai_welcome_page, VAI, WELCOME_PAGE, VaiPage)

G_END_DECLS
