/* Threads that wait for rounds of small tasks: cheaper than a thread for each round when rounds are short. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _VaiCrew VaiCrew;

/* Does task @index; which thread does which is not said, so results may depend on @index only. */
typedef void (*VaiCrewFunc) (guint index, gpointer user_data);

/* @threads with the caller; 0: as many as the machine has. A thread that the system refuses is done without. */
VaiCrew *vai_crew_new (guint threads);
void vai_crew_free (VaiCrew *self);

/* Calls @func for 0 to @n_tasks - 1, lower ones begun first, and waits for all. */
void vai_crew_run (VaiCrew *self, guint n_tasks, VaiCrewFunc func, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiCrew, vai_crew_free)

G_END_DECLS
