/* An interrupted job as a task once more, with the words of a first one. */
#pragma once

#include "vai-store.h"
#include "vai-task.h"

G_BEGIN_DECLS

/* @datasets: of VaiItem, where a training finds the name of its quotes. Errors: those of vai_job_new_again(). */
VaiTask *vai_task_new_again (VaiStore *store, const VaiJobRow *row, GListModel *datasets, GError **error);

G_END_DECLS
