/* One running or failed task in the sidebar: its name, a thin bar, and a button that stops or dismisses it. */
#pragma once

#include "vai-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_TASK_ROW (vai_task_row_get_type ())
G_DECLARE_FINAL_TYPE (VaiTaskRow, vai_task_row, VAI, TASK_ROW, GtkListBoxRow)

GtkWidget *vai_task_row_new (VaiTask *task, VaiWorkspace *workspace);
VaiTask *vai_task_row_get_task (VaiTaskRow *self);

G_END_DECLS
