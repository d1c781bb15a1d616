/* The left side of the window: menu, workspace, pages, what runs, and where the work is kept. */
#pragma once

#include "vai-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_SIDEBAR (vai_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (VaiSidebar, vai_sidebar, VAI, SIDEBAR, GtkWidget)

/* The pages in their order, NULL-terminated: what "win.show-page" takes. */
const char *const *vai_sidebar_page_names (void);

void vai_sidebar_attach (VaiSidebar *self, VaiWorkspace *workspace);

/* Marks @page as the one in view. */
void vai_sidebar_select (VaiSidebar *self, const char *page);

G_END_DECLS
