/* Where a wizard is: its steps in a header bar, those behind with a tick; when compact “2 of 4, Columns”. Knows nothing
 * of what the steps do. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define VAI_TYPE_WIZARD_STEPS (vai_wizard_steps_get_type ())
G_DECLARE_FINAL_TYPE (VaiWizardSteps, vai_wizard_steps, VAI, WIZARD_STEPS, GtkWidget)

/* Property "compact": to be bound to that of the page. */
GtkWidget *vai_wizard_steps_new (void);

/* Translated, NULL-terminated; the first becomes the current one. */
void vai_wizard_steps_set_titles (VaiWizardSteps *self, const char *const *titles);

/* @index from 0, one of the titles. */
void vai_wizard_steps_set_current (VaiWizardSteps *self, guint index);
guint vai_wizard_steps_get_current (VaiWizardSteps *self);

/* Once, for the wizard's page: a press that began at one step does nothing at the next (the second of a double click, a
 * key that is held down), and @back shows an arrow when compact, so that there is room for the way out. */
void vai_wizard_steps_attach (VaiWizardSteps *self, GtkWidget *page, GtkButton *back);

G_END_DECLS
