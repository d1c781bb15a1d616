/* The workspace: one SQLite file with datasets, models, predictions, reports and jobs. One thread owns the only
 * connection. Every function here may be called from any thread and blocks until that thread has done it; inside a
 * function given to vai_store_transaction() or vai_store_run_async() it runs at once, as part of that.
 *
 * Errors of every function: NO_SPACE, BUSY (another program holds the file), DAMAGED, NOT_WRITABLE (opened read-only),
 * FAILED. A write is one transaction: done whole and synced, or not at all. */
#pragma once

#include "vai-progress.h"
#include "vai-row.h"
#include "vai-table.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define VAI_TYPE_STORE (vai_store_get_type ())
G_DECLARE_FINAL_TYPE (VaiStore, vai_store, VAI, STORE, GObject)

typedef enum
{
  VAI_STORE_CREATE,    /* made when it is not there */
  VAI_STORE_EXISTING,  /* NOT_FOUND when it is not there */
  VAI_STORE_READ_ONLY, /* nothing is written, not even a newer schema */
} VaiStoreMode;

/* Opens the workspace at @path; an older file is brought up to date after a copy of it was made beside it, and jobs
 * whose process has died become "interrupted". Errors also: NOT_FOUND, NOT_READABLE, FOREIGN, NEWER. The last unref
 * closes it. */
VaiStore *vai_store_open (const char *path, VaiStoreMode mode, GError **error);
const char *vai_store_get_path (VaiStore *self);

/* Runs on the store's thread inside one transaction; FALSE with @error rolls all of it back. */
typedef gboolean (*VaiStoreFunc) (VaiStore *self, gpointer data, GError **error);

gboolean vai_store_transaction (VaiStore *self, VaiStoreFunc func, gpointer data, GError **error);

/* The same without waiting, for a thread that must not: @func may call any function here; the answer is what it leaves
 * in @data, which
 * @destroy frees after @callback. */
void vai_store_run_async (VaiStore *self,
                          VaiStoreFunc func,
                          gpointer data,
                          GDestroyNotify destroy,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/* @data, owned by the task, or NULL with @error. */
gpointer vai_store_run_finish (VaiStore *self, GAsyncResult *result, GError **error);

/* Reads all of it: pages, references, checksums of every chunk and model. Sentences of what is wrong (translated), none
 * when it is whole. */
GPtrArray *vai_store_check (VaiStore *self, VaiProgress *progress, GCancellable *cancellable, GError **error);

/* A copy as of now, in one file, at @path, which must not exist yet. */
gboolean vai_store_backup (VaiStore *self, const char *path, GError **error);

/* Puts a copy of the workspace @copy at @path, which no store may have open. What is there is set aside as it is, with
 * its log: *@aside (nullable) becomes its new name, NULL when there was nothing. @copy stays as it is, and must be a
 * workspace that can be opened: else nothing is changed. Errors also: those of vai_store_open(), USAGE when both are
 * one file. */
gboolean vai_store_restore (const char *copy, const char *path, char **aside, GError **error);

/* The same with nothing in its place. */
gboolean vai_store_put_aside (const char *path, char **aside, GError **error);

/* Objects that a person keeps, and what is the same for all of them. */

typedef enum
{
  VAI_OBJECT_DATASET,
  VAI_OBJECT_MODEL,
  VAI_OBJECT_PREDICTION,
  VAI_OBJECT_REPORT,
  VAI_N_OBJECTS
} VaiObject;

/* The id meant by @text: an id, a beginning of one of at least 4 characters, or a name (title). NOT_FOUND; USAGE when
 * it fits more than one. */
char *vai_store_resolve (VaiStore *self, VaiObject object, const char *text, GError **error);

/* To the trash, or back from it. */
gboolean vai_store_set_deleted (VaiStore *self, VaiObject object, const char *id, gboolean deleted, GError **error);

/* Removes for good what was put into the trash before @before_ms (one @id of it, or NULL: all). With a dataset go its
 * columns and rejected rows, its models stay; with a model go its file, predictions and reports. Gives the number
 * removed of that kind, -1 on error. */
gint64 vai_store_purge (VaiStore *self, VaiObject object, const char *id, gint64 before_ms, GError **error);

/* NULL leaves a field as it is. @name is nothing for a prediction. */
gboolean vai_store_annotate (VaiStore *self,
                             VaiObject object,
                             const char *id,
                             const char *name,
                             const char *notes,
                             const char *tags,
                             const char *folder,
                             GError **error);

/* Datasets. Lists are newest first; @deleted asks for the trash. */

/* Stores @table with @row, whose id and times are filled in when empty. @roles holds a role name for each column;
 * @rejected (of VaiRejectedRow) may be NULL. */
gboolean vai_store_add_dataset (VaiStore *self,
                                VaiDatasetRow *row,
                                const VaiTable *table,
                                const char *const *roles,
                                const GPtrArray *rejected,
                                VaiProgress *progress,
                                GCancellable *cancellable,
                                GError **error);

/* Changes what is said of the dataset with the id of @row: its column_mapping, quality, open_count and the role of each
 * column; nothing else of @row is looked at. NOT_FOUND. */
gboolean vai_store_revise_dataset (VaiStore *self, const VaiDatasetRow *row, const char *const *roles, GError **error);

/* Of VaiDatasetRow, owned by the array; vai_store_get_dataset(): NOT_FOUND. The other kinds are alike. */
GPtrArray *vai_store_list_datasets (VaiStore *self, gboolean deleted, GError **error);
VaiDatasetRow *vai_store_get_dataset (VaiStore *self, const char *id, GError **error);

/* The columns as they were. DAMAGED says which column cannot be trusted. */
VaiTable *vai_store_load_table (VaiStore *self,
                                const char *dataset_id,
                                VaiProgress *progress,
                                GCancellable *cancellable,
                                GError **error);

/* Of VaiRejectedRow, by line. */
GPtrArray *vai_store_list_rejected (VaiStore *self, const char *dataset_id, GError **error);

/* Models. */

/* Stores @row with the model file @bytes; its id, times and state are filled in when empty. */
gboolean vai_store_add_model (VaiStore *self, VaiModelRow *row, GBytes *bytes, GError **error);

/* @dataset_id NULL: of all. */
GPtrArray *vai_store_list_models (VaiStore *self, const char *dataset_id, gboolean deleted, GError **error);
VaiModelRow *vai_store_get_model (VaiStore *self, const char *id, GError **error);

/* The model file; DAMAGED when it does not have the hash it was stored with. */
GBytes *vai_store_load_model (VaiStore *self, const char *id, GError **error);

/* From which chance on a quote is called likely, 0..1: the person's choice for this model. NOT_FOUND. */
gboolean vai_store_set_threshold (VaiStore *self, const char *id, double threshold, GError **error);

/* Predictions. */

/* Its id and times are filled in when empty. */
gboolean vai_store_add_prediction (VaiStore *self, VaiPredictionRow *row, GError **error);

typedef struct
{
  const char *model_id;  /* nullable */
  const char *batch_id;  /* nullable */
  const char *quote_ref; /* nullable */
  const char *outcome;   /* nullable: "none", "won", "lost" */
  gboolean deleted;
  const char *after_id; /* nullable: only those made before this one, for the next page */
  guint n_max;          /* 0: all */
} VaiPredictionQuery;

/* Newest first. */
GPtrArray *vai_store_list_predictions (VaiStore *self, const VaiPredictionQuery *query, GError **error);
VaiPredictionRow *vai_store_get_prediction (VaiStore *self, const char *id, GError **error);

/* What was recorded of a score before something else was. */
typedef struct
{
  gint64 key;        /* of the score, see below */
  gint64 outcome_at; /* 0: none */
  char outcome[8];   /* "won", "lost", "none" */
} VaiOutcomeBefore;

/* Records what became of a quote: @outcome "won", "lost" or "none" for the prediction with the id @ref, or for every
 * prediction with the quote_ref @ref. @outcome_at 0: now. Gives how many were changed; 0 when there is none such; -1 on
 * error. To @before, of VaiOutcomeBefore, nullable, is added what was recorded of each. */
gint64 vai_store_set_outcome (VaiStore *self,
                              const char *ref,
                              const char *outcome,
                              gint64 outcome_at,
                              GArray *before,
                              GError **error);

/* Past scores as a long list: found as keys, then read a part at a time. A key is good as long as the file is open and
 * is nothing outside. */

typedef enum
{
  VAI_ORDER_NEWEST,
  VAI_ORDER_LIKELY,   /* the greatest chance first */
  VAI_ORDER_UNLIKELY, /* the smallest */
  VAI_ORDER_PRICE,    /* the greatest first */
} VaiHistoryOrder;

typedef struct
{
  VaiHistoryOrder order;
  const char *verdict;  /* nullable */
  const char *outcome;  /* nullable */
  const char *model_id; /* nullable */
  const char *search;   /* nullable: a part of the quote_ref, A and a alike */
  gint64 since;         /* milliseconds: those scored then or later; 0: all */
} VaiHistoryQuery;

/* Of gint64, without what is in the trash. Free with g_array_unref(). */
GArray *vai_store_find_predictions (VaiStore *self, const VaiHistoryQuery *query, GError **error);

/* Of those of @query that wait for their outcome. Nine times in ten as many as from @low to @high of them are won, by a
 * normal approximation: each is won or lost by itself with its chance, and each chance lies within its range nine times
 * in ten. */
typedef struct
{
  gint64 n_waiting;           /* with a chance that is shown */
  gint64 n_unlike;            /* and those unlike past quotes, which are in no sum: it would give their chance away */
  double expected, low, high; /* wins */
} VaiHistorySum;

gboolean vai_store_sum_predictions (VaiStore *self, const VaiHistoryQuery *query, VaiHistorySum *sum, GError **error);

/* The rows of @keys in their order; NULL where there is none any more. */
GPtrArray *vai_store_read_predictions (VaiStore *self, const gint64 *keys, gsize n, GError **error);

/* @outcome "won", "lost" or "none", as of now; @before as in vai_store_set_outcome(). */
gboolean vai_store_set_outcomes (VaiStore *self,
                                 const gint64 *keys,
                                 gsize n,
                                 const char *outcome,
                                 GArray *before,
                                 GError **error);

/* Brings back what was recorded, and when. */
gboolean vai_store_put_back_outcomes (VaiStore *self, const GArray *before, GError **error);

gboolean
vai_store_set_predictions_deleted (VaiStore *self, const gint64 *keys, gsize n, gboolean deleted, GError **error);

/* Reports. */

/* Its id and times are filled in when empty. @model_id NULL: of all. */
gboolean vai_store_add_report (VaiStore *self, VaiReportRow *row, GError **error);
GPtrArray *vai_store_list_reports (VaiStore *self, const char *model_id, gboolean deleted, GError **error);
VaiReportRow *vai_store_get_report (VaiStore *self, const char *id, GError **error);

/* Texts that a person changed; @content is JSON. NOT_FOUND. */
gboolean vai_store_set_report (VaiStore *self, const char *id, const char *title, const char *content, GError **error);

/* Jobs: what runs, ran, or was interrupted and is offered again. */

/* From now on @row is a running job of this process: found dead later, it was interrupted. Its progress may be told
 * until it ends. */
gboolean vai_store_start_job (VaiStore *self, VaiJobRow *row, GError **error);
gboolean vai_store_update_job (VaiStore *self, const char *id, double fraction, const char *message, GError **error);

/* @state "done", "failed" or "cancelled"; to be called in one transaction with the result. */
gboolean vai_store_end_job (VaiStore *self,
                            const char *id,
                            const char *subject_id,
                            const char *state,
                            const char *error_message,
                            GError **error);

/* @state NULL: all. Newest first. */
GPtrArray *vai_store_list_jobs (VaiStore *self, const char *state, GError **error);

/* Takes it off the list; one that is not there is no error. */
gboolean vai_store_forget_job (VaiStore *self, const char *id, GError **error);

G_END_DECLS
