/* One page of the window: Dashboard, Data, … or a wizard. It has its own header bar, is laid out by "compact", and may
 * be narrower than its content wants, so that the window can always be made small. */
#pragma once

#include "vai-workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define VAI_TYPE_PAGE (vai_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (VaiPage, vai_page, VAI, PAGE, GtkWidget)

struct _VaiPageClass
{
  GtkWidgetClass parent_class;

  /* The page comes into view. @target, nullable, is what it is to show: an id, or whatever the page says in its header.
   * Puts the focus on the page's first field. */
  void (*opened) (VaiPage *self, const char *target);

  /* A key or menu entry of the window: "search", "save", "print", "export", "try", "lock", "record", "cancel". FALSE
   * when the page has no such thing now. */
  gboolean (*act) (VaiPage *self, const char *name);

  /* A step back inside the page (Alt+Left): FALSE when there is none. */
  gboolean (*back) (VaiPage *self);

  /* Would what a person said here be lost if it were closed now? */
  gboolean (*holds_work) (VaiPage *self);

  /* It was closed for good: takes a few of its widgets apart, in one turn of the main loop; FALSE when what is left may
   * go at once. */
  gboolean (*shed) (VaiPage *self);

  /* The workspace is there; called once, before the first opened. Chain up. */
  void (*attach) (VaiPage *self, VaiWorkspace *workspace);
};

void vai_page_open (VaiPage *self, const char *target);
gboolean vai_page_act (VaiPage *self, const char *name);
gboolean vai_page_back (VaiPage *self);
gboolean vai_page_holds_work (VaiPage *self);
gboolean vai_page_shed (VaiPage *self);

void vai_page_attach (VaiPage *self, VaiWorkspace *workspace);

/* NULL before it is attached. */
VaiWorkspace *vai_page_get_workspace (VaiPage *self);

/* Is the window narrow? Property "compact". */
gboolean vai_page_get_compact (VaiPage *self);

/* @orientable lies horizontally on a wide page and vertically on a compact one. */
void vai_page_bind_orientation (VaiPage *self, gpointer orientable);

/* The one child; what a template writes as <child>. */
void vai_page_set_child (VaiPage *self, GtkWidget *child);

G_END_DECLS
