/* What was recorded of quotes can be taken back: the outcome and the day that stood there before. */
#pragma once

#include "vai-window.h"

G_BEGIN_DECLS

/* Says in the window of @from that outcomes were recorded, and offers Undo. @before: of VaiOutcomeBefore. @undone,
 * nullable, is called with @data once they are taken back; @destroy always. */
void vai_outcome_undo_offer (GtkWidget *from,
                             VaiWorkspace *workspace,
                             GArray *before,
                             VaiUndoFunc undone,
                             gpointer data,
                             GDestroyNotify destroy);

G_END_DECLS
