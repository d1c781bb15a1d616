/* The open workspace as the window sees it: lists that keep themselves up to date, tasks that run, models and tables
 * loaded once. Everything that touches the file happens on other threads; every function here is for the main thread
 * and returns at once. */
#pragma once

#include "vai-item.h"
#include "vai-scorer.h"
#include "vai-task.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAI_TYPE_WORKSPACE (vai_workspace_get_type ())
G_DECLARE_FINAL_TYPE (VaiWorkspace, vai_workspace, VAI, WORKSPACE, GObject)

/* Signal "changed" (guint kind): rows of a VaiObject were added, changed, deleted or came back, and the lists below
 * show it. Signal "task-ended" (VaiTask*). Signal "failed" (GError*): a list could not be read, or an interrupted job
 * not be answered. */
VaiWorkspace *vai_workspace_new (void);

/* Opens @path, made when it is not there, and reads the lists. Errors: those of vai_store_open(). */
void vai_workspace_open_async (VaiWorkspace *self,
                               const char *path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean vai_workspace_open_finish (VaiWorkspace *self, GAsyncResult *result, GError **error);

/* NULL until it is open. For vai_store_run_async() and for jobs; never to be waited for. */
VaiStore *vai_workspace_get_store (VaiWorkspace *self);

/* Of VaiItem, newest first, without what is in the trash; @kind is not VAI_OBJECT_PREDICTION, of which there may be
 * 100,000. Owned by @self. */
GListModel *vai_workspace_get_list (VaiWorkspace *self, VaiObject kind);

/* Reads the list of @kind again and emits "changed". */
void vai_workspace_refresh (VaiWorkspace *self, VaiObject kind);

/* Runs @job, which has the store: trainings one after the other, all else at once. A borrowed reference. */
VaiTask *vai_workspace_start (VaiWorkspace *self, VaiTask *task);

/* Of VaiTask: active ones, and failed ones until they are dismissed. */
GListModel *vai_workspace_get_tasks (VaiWorkspace *self);
void vai_workspace_dismiss_task (VaiWorkspace *self, VaiTask *task);

/* Jobs that a crash interrupted, of VaiJobRow*, as of the opening; to offer again. Owned by @self. */
GPtrArray *vai_workspace_get_interrupted (VaiWorkspace *self);
/* Begins number @index again from the start, or forgets it. One that cannot be begun stays, and "failed" says why. */
void vai_workspace_answer_interrupted (VaiWorkspace *self, guint index, gboolean again);

/* To the trash, or back. @callback's finish says whether. */
void vai_workspace_set_deleted_async (VaiWorkspace *self,
                                      VaiObject kind,
                                      const char *const *ids,
                                      gboolean deleted,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean vai_workspace_set_deleted_finish (VaiWorkspace *self, GAsyncResult *result, GError **error);

/* Any function on the store's thread; then @kind is refreshed and @callback called: vai_workspace_change_finish().
 * @data as in vai_store_run_async(). */
void vai_workspace_change_async (VaiWorkspace *self,
                                 VaiObject kind,
                                 VaiStoreFunc func,
                                 gpointer data,
                                 GDestroyNotify destroy,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gpointer vai_workspace_change_finish (VaiWorkspace *self, GAsyncResult *result, GError **error);

/* A model ready to score with; kept until another few were asked for. Free the scorer never: hold a reference of the
 * VaiLoadedModel instead. */
#define VAI_TYPE_LOADED_MODEL (vai_loaded_model_get_type ())
G_DECLARE_FINAL_TYPE (VaiLoadedModel, vai_loaded_model, VAI, LOADED_MODEL, GObject)

const char *vai_loaded_model_get_id (VaiLoadedModel *self);
VaiModel *vai_loaded_model_get_model (VaiLoadedModel *self);
VaiScorer *vai_loaded_model_get_scorer (VaiLoadedModel *self);

void vai_workspace_load_model_async (VaiWorkspace *self,
                                     const char *id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
VaiLoadedModel *vai_workspace_load_model_finish (VaiWorkspace *self, GAsyncResult *result, GError **error);

/* The columns of a dataset. */
void vai_workspace_load_table_async (VaiWorkspace *self,
                                     const char *dataset_id,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
VaiTable *vai_workspace_load_table_finish (VaiWorkspace *self, GAsyncResult *result, GError **error);

G_END_DECLS
