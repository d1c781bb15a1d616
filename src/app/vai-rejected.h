/* Lines that an import could not read, for the person who gave them: kept as they were, with the reason. */
#pragma once

#include "vai-import.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks for a file and writes @rows (of VaiRejectedRow; copied) to it on another thread; says how it ended with a toast.
 */
void vai_rejected_export (GtkWidget *from, const GPtrArray *rows);

G_END_DECLS
