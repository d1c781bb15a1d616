/* What is worth a look before training: findings as rows, worst first, each with its proof, Show, and one act. Those
 * that were acted upon stand at the end and can be taken back. */
#pragma once

#include "vai-profile.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A finding as it is shown: of a profile, or of a stored dataset. */
typedef struct
{
  char *id;
  VaiFindingKind kind;
  VaiSeverity severity;
  VaiAct act;
  char *column; /* nullable */
  char *sentence;
  guint64 n_rows;
  gboolean acted;
  VaiAct done; /* what was done about it already, by the act or by a role */
} VaiFindingView;

/* Of VaiFindingView, in the order of the profile; @acts: ids that were acted upon, nullable. */
GPtrArray *vai_finding_views_of_profile (const VaiProfile *profile, const VaiTable *table, const char *const *acts);

/* The same of dataset.quality and dataset.column_mapping. */
GPtrArray *vai_finding_views_of_quality (const char *quality, const char *mapping, const char *const *acts);

/* The proof; without its question, and with what was done, once it was. Free with g_free(). */
char *vai_finding_dup_proof (const VaiFindingView *view);

/* What the act says when it was done: “Order number” left out. Free with g_free(). */
char *vai_finding_dup_done (const VaiFindingView *view);

/* Finds the rows of @finding on another thread, then shows them in a window over that of @from. */
void vai_finding_show_rows (GtkWidget *from, VaiProfile *profile, VaiTable *table, const VaiFinding *finding);

#define VAI_TYPE_FINDING_LIST (vai_finding_list_get_type ())
G_DECLARE_FINAL_TYPE (VaiFindingList, vai_finding_list, VAI, FINDING_LIST, GtkWidget)

/* Signals: "act" (id, gboolean): take it, or take it back; "show-rows" (id): its rows are to be shown. */
GtkWidget *vai_finding_list_new (void);

/* Takes @views. */
void vai_finding_list_set (VaiFindingList *self, GPtrArray *views);
/* NULL when there is none such. Owned by @self. */
const VaiFindingView *vai_finding_list_find (VaiFindingList *self, const char *id);
guint vai_finding_list_count_open (VaiFindingList *self);

G_END_DECLS
