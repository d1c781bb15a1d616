#include "vai-import-wizard.h"

#include "vai-compat.h"
#include "vai-finding-list.h"
#include "vai-format.h"
#include "vai-import-columns-step.h"
#include "vai-import-file-step.h"
#include "vai-job-import.h"
#include "vai-table-view.h"
#include "vai-window.h"
#include "vai-wizard-steps.h"

#include <glib/gi18n-lib.h>

/* How often the bar of a file that is read moves. */
#define POLL_MS 100

enum
{
  STEP_FILE,
  STEP_COLUMNS,
  STEP_QUALITY,
  STEP_IMPORT,
  N_STEPS
};

struct _VaiImportWizard
{
  VaiPage parent_instance;

  GFile *file; /* nullable */
  VaiImportDraft *draft;
  VaiTask *task; /* nullable: the import that runs */
  guint step;
  guint poll_id;

  VaiWizardSteps *steps;
  GtkWidget *cancel_button, *back_button, *next_button;
  GtkProgressBar *reading_bar;
  GtkStack *stack;
  VaiImportFileStep *file_step;
  VaiImportColumnsStep *columns_step;
  GtkWidget *quality_step;
  GtkBox *quality_head;
  GtkLabel *to_decide;
  GtkWidget *safe_button;
  VaiFindingList *findings;
  GtkWidget *nothing_found;
  AdwStatusPage *import_step;
  GtkProgressBar *import_bar;
  GtkLabel *import_message;
};

G_DEFINE_FINAL_TYPE (VaiImportWizard, vai_import_wizard, VAI_TYPE_PAGE)

static void
forget_task (VaiImportWizard *self)
{
  if (self->task != NULL)
    g_signal_handlers_disconnect_by_data (self->task, self);
  g_clear_object (&self->task);
}

static void
vai_import_wizard_dispose (GObject *object)
{
  VaiImportWizard *self = VAI_IMPORT_WIZARD (object);

  g_clear_handle_id (&self->poll_id, g_source_remove);
  forget_task (self);
  g_signal_handlers_disconnect_by_data (self->draft, self);
  g_clear_object (&self->file);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_IMPORT_WIZARD);
  G_OBJECT_CLASS (vai_import_wizard_parent_class)->dispose (object);
}

static void
vai_import_wizard_finalize (GObject *object)
{
  g_object_unref (VAI_IMPORT_WIZARD (object)->draft);
  G_OBJECT_CLASS (vai_import_wizard_parent_class)->finalize (object);
}

/* Steps. */

static void
update_buttons (VaiImportWizard *self)
{
  const char *obstacle = self->step < STEP_QUALITY ? vai_import_draft_get_obstacle (self->draft, self->step) : NULL;
  const char *label = self->step == STEP_QUALITY ? _ ("_Import") : _ ("_Next");

  gtk_button_set_label (GTK_BUTTON (self->next_button), label);
  gtk_widget_set_sensitive (self->next_button, obstacle == NULL);
  gtk_widget_set_tooltip_text (self->next_button, obstacle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->next_button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  obstacle != NULL ? obstacle : "", -1);
  gtk_widget_set_visible (self->next_button, self->step != STEP_IMPORT);
  gtk_widget_set_visible (self->back_button,
                          self->step != STEP_FILE && (self->step != STEP_IMPORT || self->task == NULL));
}

static void
show_findings (VaiImportWizard *self)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);
  g_auto (VaiQuotesOptions) options;

  vai_quotes_options_init (&options);
  if (quotes == NULL)
    return;
  vai_import_draft_fill (self->draft, &options);
  vai_finding_list_set (self->findings, vai_finding_views_of_profile (quotes->profile, quotes->table,
                                                                      (const char *const *) options.acts));
  guint n = vai_finding_list_count_open (self->findings);
  g_autofree char *text
      = n > 0 ? g_strdup_printf (ngettext ("%u to decide", "%u to decide", n), n) : g_strdup (_ ("All decided"));
  gboolean any = quotes->profile->findings->len > 0, safe = FALSE;
  for (guint i = 0; i < quotes->profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (quotes->profile->findings, i);
      safe |= vai_profile_is_safe_now (quotes->profile, finding)
              && !vai_import_draft_is_acted (self->draft, finding->id);
    }
  vai_announce (self->to_decide, any ? text : "");
  gtk_widget_set_visible (self->safe_button, safe);
  gtk_widget_set_visible (self->nothing_found, !any);
}

static void
set_step (VaiImportWizard *self, guint step)
{
  GtkWidget *const pages[N_STEPS] = { GTK_WIDGET (self->file_step), GTK_WIDGET (self->columns_step), self->quality_step,
                                      GTK_WIDGET (self->import_step) };

  self->step = step;
  if (step == STEP_QUALITY)
    show_findings (self);
  vai_wizard_steps_set_current (self->steps, step);
  gtk_stack_set_visible_child (self->stack, pages[step]);
  update_buttons (self);
  gtk_widget_child_focus (pages[step], GTK_DIR_TAB_FORWARD);
}

/* The import itself. */

static void
progress_cb (VaiImportWizard *self)
{
  if (self->task == NULL)
    return;
  gtk_progress_bar_set_fraction (self->import_bar, vai_task_get_fraction (self->task));
  vai_announce (self->import_message, vai_task_get_message (self->task));
}

static void
show_failure (VaiImportWizard *self)
{
  g_autofree char *message = vai_import_draft_dup_message (self->draft, vai_task_get_error (self->task));
  g_autofree char *text = vai_format_markup (message);
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));

  adw_status_page_set_icon_name (self->import_step, "dialog-error-symbolic");
  adw_status_page_set_title (self->import_step, _ ("The quotes could not be imported"));
  adw_status_page_set_description (self->import_step, text);
  gtk_widget_set_visible (GTK_WIDGET (self->import_bar), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->import_message), FALSE);
  vai_workspace_dismiss_task (workspace, self->task);
  forget_task (self);
  update_buttons (self);
  gtk_widget_grab_focus (self->back_button);
}

static void
open_dataset (VaiImportWizard *self)
{
  VaiJobImport *job = VAI_JOB_IMPORT (vai_task_get_job (self->task));
  g_autofree char *id = g_strdup (vai_job_import_get_dataset_id (job));
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  forget_task (self);
  gtk_widget_activate_action (window, "win.show-object", "(ss)", "data", id);
}

static void
state_cb (VaiImportWizard *self)
{
  g_autoptr (VaiImportWizard) hold = g_object_ref (self);
  VaiTaskState state = vai_task_get_state (self->task);

  if (state == VAI_TASK_DONE)
    open_dataset (self);
  else if (state == VAI_TASK_FAILED)
    show_failure (self);
  else if (state == VAI_TASK_CANCELLED || state == VAI_TASK_CANCELLING)
    {
      /* The window says what came of it, once it is known. */
      forget_task (self);
      set_step (self, STEP_QUALITY);
    }
}

static void
import (VaiImportWizard *self)
{
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));
  g_autoptr (VaiJobImport) job = vai_job_import_new (vai_workspace_get_store (workspace));
  g_autofree char *base = g_path_get_basename (vai_import_draft_get_path (self->draft));
  g_autofree char *name = g_utf8_make_valid (base, -1);
  g_autofree char *title = g_strdup_printf (_ ("Importing “%s”"), name);
  g_autofree char *done = g_strdup_printf (_ ("Imported “%s”"), name);
  g_autofree char *markup = vai_format_markup (title);

  vai_import_draft_fill (self->draft, vai_job_import_get_options (job));
  vai_window_withdraw_undo (GTK_WIDGET (self));
  g_autoptr (VaiTask) task = vai_task_new (VAI_JOB (job), title, done);
  vai_task_set_place (task, "data", NULL);
  adw_status_page_set_icon_name (self->import_step, "vai-data-symbolic");
  adw_status_page_set_title (self->import_step, markup);
  adw_status_page_set_description (self->import_step, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->import_bar), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self->import_message), TRUE);
  self->task = g_object_ref (task);
  g_signal_connect_swapped (task, "notify::state", G_CALLBACK (state_cb), self);
  g_signal_connect_swapped (task, "notify::fraction", G_CALLBACK (progress_cb), self);
  g_signal_connect_swapped (task, "notify::message", G_CALLBACK (progress_cb), self);
  set_step (self, STEP_IMPORT);
  gtk_widget_grab_focus (self->cancel_button);
  vai_workspace_start (workspace, task);
}

/* What a person does. */

static void
next_cb (VaiImportWizard *self)
{
  if (self->step == STEP_QUALITY)
    import (self);
  else if (self->step < STEP_QUALITY && vai_import_draft_get_obstacle (self->draft, self->step) == NULL)
    set_step (self, self->step + 1);
}

static void
back_cb (VaiImportWizard *self)
{
  if (self->step > STEP_FILE && self->task == NULL)
    set_step (self, self->step - 1);
}

typedef struct
{
  VaiImportDraft *draft;
  GPtrArray *ids; /* of findings that were acted on together */
} Undo;

static void
undo_free (gpointer data)
{
  g_object_unref (((Undo *) data)->draft);
  g_ptr_array_unref (((Undo *) data)->ids);
  g_free (data);
}

static void
undo_acts (gpointer data)
{
  Undo *undo = data;

  for (guint i = 0; i < undo->ids->len; i++)
    vai_import_draft_set_acted (undo->draft, undo->ids->pdata[i], FALSE);
}

/* Takes @ids. */
static void
offer_undo (VaiImportWizard *self, const char *message, GPtrArray *ids)
{
  Undo *undo = g_new0 (Undo, 1);

  *undo = (Undo){ g_object_ref (self->draft), ids };
  vai_window_offer_undo (GTK_WIDGET (self), message, undo_acts, undo, undo_free);
}

static void
safe_cb (VaiImportWizard *self)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; quotes != NULL && i < quotes->profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (quotes->profile->findings, i);
      if (vai_profile_is_safe_now (quotes->profile, finding))
        g_ptr_array_add (ids, g_strdup (finding->id));
    }
  for (guint i = 0; i < ids->len; i++)
    vai_import_draft_set_acted (self->draft, ids->pdata[i], TRUE);
  /* The button is gone then. */
  if (!gtk_widget_get_visible (self->safe_button))
    gtk_widget_child_focus (GTK_WIDGET (self->findings), GTK_DIR_TAB_FORWARD);
  if (ids->len == 0)
    return;
  g_autofree char *message
      = g_strdup_printf (ngettext ("%u safe thing done", "%u safe things done", ids->len), ids->len);
  offer_undo (self, message, g_steal_pointer (&ids));
}

static void
act_cb (VaiImportWizard *self, const char *id, gboolean acted)
{
  const VaiFindingView *view = vai_finding_list_find (self->findings, id);
  g_autofree char *message = view != NULL ? vai_finding_dup_done (view) : NULL;

  vai_import_draft_set_acted (self->draft, id, acted);
  if (!acted || message == NULL)
    return;
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (ids, g_strdup (id));
  offer_undo (self, message, ids);
}

static void
show_rows_cb (VaiImportWizard *self, const char *id)
{
  VaiQuotes *quotes = vai_import_draft_get_quotes (self->draft);
  const VaiImport *import = vai_import_draft_get_import (self->draft);
  const VaiFindingView *view = vai_finding_list_find (self->findings, id);

  for (guint i = 0; quotes != NULL && view != NULL && i < quotes->profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (quotes->profile->findings, i);
      if (g_str_equal (finding->id, id))
        vai_finding_show_rows (GTK_WIDGET (self), quotes->profile, import->table, finding);
    }
}

/* The draft. */

static gboolean
poll_cb (gpointer user_data)
{
  VaiImportWizard *self = VAI_IMPORT_WIZARD (user_data);
  gboolean busy = vai_import_draft_is_busy (self->draft);

  gtk_progress_bar_set_fraction (self->reading_bar, vai_import_draft_get_fraction (self->draft));
  gtk_widget_set_visible (GTK_WIDGET (self->reading_bar), busy);
  if (busy)
    return G_SOURCE_CONTINUE;
  self->poll_id = 0;
  return G_SOURCE_REMOVE;
}

static void
draft_changed_cb (VaiImportWizard *self)
{
  if (self->poll_id == 0 && vai_import_draft_is_busy (self->draft))
    self->poll_id = g_timeout_add (POLL_MS, poll_cb, self);
  if (self->step == STEP_QUALITY)
    show_findings (self);
  update_buttons (self);
}

static void
vai_import_wizard_opened (VaiPage *page, const char *target)
{
  VaiImportWizard *self = VAI_IMPORT_WIZARD (page);

  if (self->file != NULL)
    vai_import_file_step_set_file (self->file_step, self->file);
  gtk_widget_child_focus (GTK_WIDGET (self->file_step), GTK_DIR_TAB_FORWARD);
}

static gboolean
vai_import_wizard_back (VaiPage *page)
{
  VaiImportWizard *self = VAI_IMPORT_WIZARD (page);

  if (self->step == STEP_FILE || self->task != NULL)
    return FALSE;
  back_cb (self);
  return TRUE;
}

static gboolean
vai_import_wizard_act (VaiPage *page, const char *name)
{
  VaiImportWizard *self = VAI_IMPORT_WIZARD (page);

  if (g_str_equal (name, "paste") && self->step == STEP_FILE)
    {
      vai_import_file_step_paste (self->file_step);
      return TRUE;
    }
  if (g_str_equal (name, "cancel") && self->task != NULL)
    {
      vai_task_cancel (self->task);
      return TRUE;
    }
  if (!g_str_equal (name, "search") || self->step != STEP_COLUMNS)
    return FALSE;
  vai_import_columns_step_search (self->columns_step);
  return TRUE;
}

static gboolean
vai_import_wizard_holds_work (VaiPage *page)
{
  VaiImportWizard *self = VAI_IMPORT_WIZARD (page);

  /* One that runs goes on without its wizard; one that failed waits here to be mended. */
  return self->step != STEP_FILE && self->task == NULL;
}

static gboolean
vai_import_wizard_shed (VaiPage *page)
{
  VaiImportWizard *self = VAI_IMPORT_WIZARD (page);

  forget_task (self);
  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->draft, self);
  return vai_import_columns_step_shed (self->columns_step) || vai_import_file_step_shed (self->file_step);
}

static void
paste (GtkWidget *widget, const char *action, GVariant *parameter)
{
  vai_page_act (VAI_PAGE (widget), "paste");
}

static void
vai_import_wizard_class_init (VaiImportWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  VaiPageClass *page_class = VAI_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_import_wizard_dispose;
  G_OBJECT_CLASS (klass)->finalize = vai_import_wizard_finalize;
  page_class->opened = vai_import_wizard_opened;
  page_class->back = vai_import_wizard_back;
  page_class->act = vai_import_wizard_act;
  page_class->holds_work = vai_import_wizard_holds_work;
  page_class->shed = vai_import_wizard_shed;
  g_type_ensure (VAI_TYPE_WIZARD_STEPS);
  g_type_ensure (VAI_TYPE_IMPORT_FILE_STEP);
  g_type_ensure (VAI_TYPE_IMPORT_COLUMNS_STEP);
  g_type_ensure (VAI_TYPE_FINDING_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-import-wizard.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiImportWizard, name)
  BIND (steps);
  BIND (cancel_button);
  BIND (back_button);
  BIND (next_button);
  BIND (reading_bar);
  BIND (stack);
  BIND (file_step);
  BIND (columns_step);
  BIND (quality_step);
  BIND (quality_head);
  BIND (to_decide);
  BIND (safe_button);
  BIND (findings);
  BIND (nothing_found);
  BIND (import_step);
  BIND (import_bar);
  BIND (import_message);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, safe_cb);
  gtk_widget_class_install_action (widget_class, "import.paste", NULL, paste);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "import.paste", NULL);
}

static void
vai_import_wizard_init (VaiImportWizard *self)
{
  self->draft = vai_import_draft_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  const char *const titles[] = { _ ("File"), _ ("Columns"), _ ("Quality"), _ ("Import"), NULL };
  vai_wizard_steps_set_titles (self->steps, titles);
  vai_wizard_steps_attach (self->steps, GTK_WIDGET (self), GTK_BUTTON (self->back_button));
  vai_page_bind_orientation (VAI_PAGE (self), self->quality_head);
  vai_import_file_step_attach (self->file_step, VAI_PAGE (self), self->draft);
  vai_import_columns_step_attach (self->columns_step, VAI_PAGE (self), self->draft);
  g_signal_connect_swapped (self->draft, "previewed", G_CALLBACK (draft_changed_cb), self);
  g_signal_connect_swapped (self->draft, "loaded", G_CALLBACK (draft_changed_cb), self);
  g_signal_connect_swapped (self->draft, "changed", G_CALLBACK (draft_changed_cb), self);
  g_signal_connect_swapped (self->findings, "act", G_CALLBACK (act_cb), self);
  g_signal_connect_swapped (self->findings, "show-rows", G_CALLBACK (show_rows_cb), self);
  update_buttons (self);
}

VaiPage *
vai_import_wizard_new (GFile *file)
{
  VaiImportWizard *self = g_object_new (VAI_TYPE_IMPORT_WIZARD, NULL);

  g_set_object (&self->file, file);
  return VAI_PAGE (self);
}
