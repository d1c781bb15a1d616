/* What later versions of GTK and libadwaita do otherwise: one function each, so that a port touches one file. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A table to open, chosen by the person: text or a spreadsheet. The finish gives NULL without @error when she chose
 * none, and an error to be said when what she chose is not on this computer. Free with g_free(). */
void vai_pick_table_async (GtkWidget *parent, const char *title, GAsyncReadyCallback callback, gpointer user_data);

/* A workspace to read, or a folder. */
void vai_pick_workspace_async (GtkWidget *parent, const char *title, GAsyncReadyCallback callback, gpointer user_data);
void vai_pick_folder_async (GtkWidget *parent, const char *title, GAsyncReadyCallback callback, gpointer user_data);

/* A file to write; @name is proposed. The person was asked before an existing one is replaced. */
void vai_pick_target_async (GtkWidget *parent,
                            const char *title,
                            const char *name,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
char *vai_pick_finish (GAsyncResult *result, GError **error);

/* Asks before work is lost. @act is the label of the button that loses it. */
void vai_confirm_async (GtkWidget *parent,
                        const char *heading,
                        const char *body,
                        const char *act,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
gboolean vai_confirm_finish (GAsyncResult *result);

/* Asks for one line of text: @text is proposed. The finish gives NULL when she goes back, or leaves it empty. Free with
 * g_free(). */
void vai_ask_text_async (GtkWidget *parent,
                         const char *heading,
                         const char *label,
                         const char *text,
                         const char *act,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
char *vai_ask_text_finish (GAsyncResult *result);

/* Buttons within @root whose label has a mnemonic are named by that label alone: GTK 4.8 names them twice, the first
 * time with the underscore. Again as often as one likes. */
void vai_name_buttons (GtkWidget *root);

/* Tab goes on from @view, a list or a column view, after the last widget of a row; up and down go through the rows. GTK
 * 4.8 would take it through every row: of a hundred thousand, nobody comes out. */
void vai_leave_list_by_tab (GtkWidget *view);

/* Escape in @entry, a search entry, which keeps the key to itself, empties it; where nothing is searched for it does
 * @action. */
void vai_end_search_by_escape (GtkWidget *entry, const char *action);

/* Names the row in which the child of @item lies, which has the keyboard and no name of its own. */
void vai_name_row (GtkListItem *item, const char *name);

/* Says @text to a screen reader: @status is a label of the role "status" whose text changes. */
void vai_announce (GtkLabel *status, const char *text);

/* Opens @file with the program for its kind. */
void vai_show_file (GtkWidget *parent, GFile *file);

G_END_DECLS
