/* The window: sidebar, pages, wizards, messages. Widgets inside reach it by its actions ("win.…", see
 * vai-window-actions.c) and by the functions here, which take any widget within it. */
#pragma once

#include "vai-page.h"

G_BEGIN_DECLS

#define VAI_TYPE_WINDOW (vai_window_get_type ())
G_DECLARE_FINAL_TYPE (VaiWindow, vai_window, VAI, WINDOW, AdwApplicationWindow)

VaiWindow *vai_window_new (GtkApplication *application);

/* The workspace is opened after the first frame. */
VaiWorkspace *vai_window_get_workspace (VaiWindow *self);

/* Shows the page with the name of the sidebar; @target as in VaiPageClass.opened, nullable. */
void vai_window_show_page (VaiWindow *self, const char *name, const char *target);

/* A wizard takes the whole window until it is closed. Takes a floating @wizard. */
void vai_window_open_wizard (VaiWindow *self, VaiPage *wizard);
void vai_window_close_wizard (VaiWindow *self);

/* Opens the import wizard. */
void vai_window_import (VaiWindow *self);

/* Quotes are offered for import one after the other, model files are added. */
void vai_window_open_files (VaiWindow *self, GFile *const *files, guint n);

/* Opens @path as the workspace when none is open yet: the answer to the welcome page. Then does what @beginning
 * says. */
typedef enum
{
  VAI_BEGIN_EMPTY,
  VAI_BEGIN_SAMPLE,
  VAI_BEGIN_IMPORT,
} VaiBeginning;
void vai_window_begin (VaiWindow *self, VaiBeginning beginning);

/* A toast in the window of @from. */
void vai_window_say (GtkWidget *from, const char *message);

/* A toast with Undo; Ctrl+Z takes back what was offered last, then what before it. @undo is called at most once,
 * @destroy always. */
typedef void (*VaiUndoFunc) (gpointer data);
void
vai_window_offer_undo (GtkWidget *from, const char *message, VaiUndoFunc undo, gpointer data, GDestroyNotify destroy);

/* What @from, or what lies in it, offered to undo can no longer be undone. */
void vai_window_withdraw_undo (GtkWidget *from);

/* Puts objects into the trash and offers Undo. @message says what was deleted. Nothing when the window of @from was
 * closed. */
void vai_window_delete (GtkWidget *from, VaiObject kind, const char *const *ids, const char *message);

G_END_DECLS
