/* The list at the left of Data, Models and Reports: search, order, several selected at once, delete with Undo. */
#pragma once

#include "vai-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* What a row says beside the name. */
typedef struct
{
  char *subtitle;         /* owned */
  const char *state_icon; /* nullable */
  const char *state;      /* translated; what the icon means; nullable with it */
} VaiObjectRow;

typedef void (*VaiDescribeFunc) (VaiItem *item, VaiObjectRow *row);

#define VAI_TYPE_OBJECT_LIST (vai_object_list_get_type ())
G_DECLARE_FINAL_TYPE (VaiObjectList, vai_object_list, VAI, OBJECT_LIST, GtkWidget)

/* Signal "chosen" (VaiItem *item): one is selected; NULL when none or several are.
 * Signal "activated" (VaiItem *item): Enter or a double click; with the property "one-click", where the list has the
 * page for itself, one click. */
void vai_object_list_setup (VaiObjectList *self,
                            VaiWorkspace *workspace,
                            VaiObject kind,
                            const char *icon_name,
                            VaiDescribeFunc describe);

/* Selects the one with @id; FALSE when it is not there. */
gboolean vai_object_list_select (VaiObjectList *self, const char *id);

/* The one selected; NULL when none or several are. Borrowed. */
VaiItem *vai_object_list_get_chosen (VaiObjectList *self);

guint vai_object_list_count_selected (VaiObjectList *self);

void vai_object_list_focus_search (VaiObjectList *self);

/* To the trash, with Undo. FALSE when nothing is selected. */
gboolean vai_object_list_delete_selected (VaiObjectList *self);

G_END_DECLS
