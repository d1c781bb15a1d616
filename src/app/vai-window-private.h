/* What the files of the window share. */
#pragma once

#include "vai-sidebar.h"
#include "vai-window.h"

G_BEGIN_DECLS

struct _VaiWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *views; /* "welcome", "work", "error", and a wizard without a name */
  AdwLeaflet *leaflet;
  VaiSidebar *sidebar;
  GtkSeparator *separator;
  GtkBox *content;
  GtkStack *pages;
  VaiPage *wizard; /* nullable; owned by the stack */

  GSettings *settings;
  VaiWorkspace *workspace;
  VaiBeginning beginning;  /* what to do once the workspace is open */
  GQueue files;            /* of GFile: opened and not yet shown to the person */
  GtkWidget *files_banner; /* nullable */
  gboolean opening;        /* the workspace is open, or being opened */
  gboolean asking_to_leave;
  gboolean leaving; /* the person said so */
  gboolean ends_when_done;
  gboolean compact;
  guint compact_id;
  gboolean show_sidebar;

  GQueue undos;         /* what can be taken back, the newest last */
  AdwToast *said_toast; /* nullable: the last message without an act */
  GListModel *toast_widgets;
};

/* Installs "win.…" and what they do. */
void vai_window_class_install_actions (VaiWindowClass *klass);

/* The page in view, or the wizard; NULL on the welcome page. */
VaiPage *vai_window_get_page (VaiWindow *self);

/* Which actions can be done now. */
void vai_window_update_actions (VaiWindow *self);

/* A key that leads elsewhere must not throw away what was said in a wizard: TRUE when the person is asked, and @action
 * comes again if she wants it. */
gboolean vai_window_ask_first (VaiWindow *self, const char *action, GVariant *parameter);

/* From now on a message can be closed by who hears it. */
void vai_window_name_toasts (VaiWindow *self);

/* Forgets all that could be undone. */
void vai_window_clear_undo (VaiWindow *self);

/* Takes back what was done last, if there is something. */
void vai_window_undo (VaiWindow *self);

/* “Back Up…” and “Check” of the workspace. */
void vai_window_back_up (VaiWindow *self);
void vai_window_check (VaiWindow *self);

/* In place of the workspace: why it cannot be opened, and what can be done. */
void vai_window_show_open_error (VaiWindow *self, const GError *error);

/* A task ended: a toast, or a notification when the window is not in front. */
void vai_window_tell_ended (VaiWindow *self, VaiTask *task);

/* The banner over the pages for jobs that a crash interrupted. */
void vai_window_offer_interrupted (VaiWindow *self);

/* A banner over the pages: @text, a button that does something about it, and one that does not. The callbacks take the
 * button; who made the banner takes it away. */
GtkWidget *vai_window_add_banner (VaiWindow *self,
                                  const char *text,
                                  const char *act,
                                  GCallback act_cb,
                                  const char *leave,
                                  GCallback leave_cb);

/* What of the files that were opened can be shown now: the first in a wizard, when no other is in the way; of the rest
 * a banner tells. */
void vai_window_take_files (VaiWindow *self);
void vai_window_offer_files (VaiWindow *self);

/* FALSE when something runs: then the person is asked, and what she answers is done. */
gboolean vai_window_may_close (VaiWindow *self);

/* Something ended, while the window may be waiting for that. */
void vai_window_close_when_done (VaiWindow *self);

G_END_DECLS
