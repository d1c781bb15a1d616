/* A job as the window shows it: what runs, how far it is, how it ended. Lives on the main thread. */
#pragma once

#include "vai-job.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_TASK_QUEUED, /* waits for another training to end */
  VAI_TASK_RUNNING,
  VAI_TASK_CANCELLING, /* the person is free at once; computing ends at the next tree */
  VAI_TASK_DONE,
  VAI_TASK_FAILED,
  VAI_TASK_CANCELLED,
} VaiTaskState;

#define VAI_TYPE_TASK (vai_task_get_type ())
G_DECLARE_FINAL_TYPE (VaiTask, vai_task, VAI, TASK, GObject)

/* @title, translated: “Importing quotes.csv”. @done, translated, nullable: what a toast says at the end. Not started:
 * see vai_workspace_start(). */
VaiTask *vai_task_new (VaiJob *job, const char *title, const char *done);

VaiJob *vai_task_get_job (VaiTask *self);

/* Properties "state", "fraction" and "message" notify as they change; fraction and message some ten times a second. */
VaiTaskState vai_task_get_state (VaiTask *self);
double vai_task_get_fraction (VaiTask *self);
const char *vai_task_get_message (VaiTask *self);
const char *vai_task_get_title (VaiTask *self);
const char *vai_task_get_done_message (VaiTask *self);

/* Seconds since it began to run. */
double vai_task_get_seconds (VaiTask *self);

/* NULL unless it failed. */
const GError *vai_task_get_error (VaiTask *self);

/* Queued, running or cancelling. */
gboolean vai_task_is_active (VaiTask *self);

/* Where a click on it leads: a page's name and target; both nullable. */
void vai_task_set_place (VaiTask *self, const char *page, const char *target);
const char *vai_task_get_page (VaiTask *self);
const char *vai_task_get_target (VaiTask *self);

void vai_task_cancel (VaiTask *self);

/* For the workspace: begins it; @callback after it ended and its state says so. */
void vai_task_start (VaiTask *self, GAsyncReadyCallback callback, gpointer user_data);

/* All whose thread is at work, also those being cancelled. */
guint vai_task_count_running (void);

G_END_DECLS
