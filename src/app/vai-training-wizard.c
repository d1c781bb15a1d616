#include "vai-training-wizard.h"

#include "vai-compat.h"
#include "vai-format.h"
#include "vai-training-column.h"
#include "vai-training-data.h"
#include "vai-training-features.h"
#include "vai-training-run.h"
#include "vai-training-settings.h"
#include "vai-training-watch.h"
#include "vai-window.h"
#include "vai-wizard-steps.h"

#include <glib/gi18n-lib.h>

typedef enum
{
  STEP_DATA,
  STEP_FEATURES,
  STEP_ALGORITHM,
  STEP_TRAIN,
  N_STEPS
} Step;

static const char *const step_names[N_STEPS] = { "data", "features", "algorithm", "train" };

struct _VaiTrainingWizard
{
  VaiPage parent_instance;

  VaiWizardSteps *steps;
  GtkStack *stack;
  GtkButton *cancel_button, *leave_button, *back_button, *next_button;
  VaiTrainingData *data;
  VaiTrainingFeatures *features;
  VaiTrainingSettings *settings;
  GtkLabel *used_label;
  AdwBin *run_bin;
  AdwStatusPage *end_page;
  GtkButton *end_button, *end_other_button;

  char *dataset_id; /* nullable: to be chosen at first */
  Step step;
  Step come_back_to;   /* once the quotes are read again; STEP_DATA: nowhere */
  VaiQuotes *quotes;   /* nullable */
  GListStore *columns; /* nullable: of the dataset with … */
  char *columns_of;    /* … this id */
  VaiTask *task;       /* nullable */
  gulong changed_id;   /* of the workspace, while the model's row is awaited */
};

G_DEFINE_FINAL_TYPE (VaiTrainingWizard, vai_training_wizard, VAI_TYPE_PAGE)

/* Steps. */

/* Why the person cannot go on from the step she is at; NULL when she can. Free with g_free(). */
static char *
dup_hindrance (VaiTrainingWizard *self)
{
  if (self->step == STEP_DATA)
    return g_strdup (vai_training_data_get_hindrance (self->data));
  if (self->step == STEP_FEATURES && vai_training_columns_count_used (G_LIST_MODEL (self->columns)) == 0)
    return g_strdup (_ ("Choose a column to learn from"));
  if (self->step == STEP_ALGORITHM)
    return g_strdup (vai_training_settings_get_problem (self->settings));
  return NULL;
}

static void
update_buttons (VaiTrainingWizard *self)
{
  g_autofree char *hindrance = dup_hindrance (self);
  gboolean asking = self->step < STEP_TRAIN;

  gtk_widget_set_visible (GTK_WIDGET (self->cancel_button), asking);
  gtk_widget_set_visible (GTK_WIDGET (self->leave_button), !asking);
  gtk_widget_set_visible (GTK_WIDGET (self->back_button), asking && self->step > STEP_DATA);
  gtk_widget_set_visible (GTK_WIDGET (self->next_button), asking);
  gtk_button_set_label (self->next_button, self->step == STEP_ALGORITHM ? _ ("_Train") : _ ("_Next"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), hindrance == NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->next_button), hindrance);
}

static void
update_used (VaiTrainingWizard *self)
{
  if (self->columns == NULL)
    return;
  guint used = vai_training_columns_count_used (G_LIST_MODEL (self->columns));
  guint all = g_list_model_get_n_items (G_LIST_MODEL (self->columns));
  g_autofree char *text = g_strdup_printf (_ ("It learns from %u of %u columns"), used, all);
  gtk_label_set_label (self->used_label, text);
  update_buttons (self);
}

static void
show_step (VaiTrainingWizard *self, Step step)
{
  self->step = step;
  gtk_stack_set_visible_child_name (self->stack, step_names[step]);
  vai_wizard_steps_set_current (self->steps, step);
  update_buttons (self);
  gtk_widget_child_focus (gtk_stack_get_visible_child (self->stack), GTK_DIR_TAB_FORWARD);
}

static gboolean
has_opening_date (const VaiQuotes *quotes)
{
  for (guint i = 0; i < quotes->table->columns->len; i++)
    if (quotes->profile->columns[i].role == VAI_ROLE_OPENED_DATE
        && vai_table_column (quotes->table, i)->type != VAI_TYPE_TEXT
        && vai_table_column (quotes->table, i)->type != VAI_TYPE_CATEGORY)
      return TRUE;
  return FALSE;
}

/* Columns of another dataset than before are asked about anew; those of the same are as they were left. */
static void
take_quotes (VaiTrainingWizard *self)
{
  VaiQuotes *quotes = vai_quotes_ref (vai_training_data_get_quotes (self->data));

  g_clear_pointer (&self->quotes, vai_quotes_unref);
  self->quotes = quotes;
  if (g_strcmp0 (self->columns_of, quotes->dataset->id) == 0)
    return;
  g_clear_object (&self->columns);
  g_free (self->columns_of);
  self->columns_of = g_strdup (quotes->dataset->id);
  self->columns = vai_training_columns_new (quotes);
  vai_training_features_set_columns (self->features, G_LIST_MODEL (self->columns));
  vai_training_settings_set_dated (self->settings, has_opening_date (quotes));
  update_used (self);
}

/* The end of a training. */

static void
show_end (VaiTrainingWizard *self,
          const char *icon,
          const char *title,
          const char *description,
          const char *button,
          const char *other)
{
  g_autofree char *markup = vai_format_markup (description);

  adw_status_page_set_icon_name (self->end_page, icon);
  adw_status_page_set_title (self->end_page, title);
  adw_status_page_set_description (self->end_page, markup);
  gtk_button_set_label (self->end_button, button);
  gtk_widget_set_visible (GTK_WIDGET (self->end_other_button), other != NULL);
  if (other != NULL)
    gtk_button_set_label (self->end_other_button, other);
  gtk_stack_set_visible_child_name (self->stack, "end");
  gtk_widget_grab_focus (GTK_WIDGET (self->end_button));
}

static void
show_no_signal (VaiTrainingWizard *self, const VaiModel *model)
{
  g_autofree char *rate = vai_format_percent (model->base_rate);
  g_autofree char *text = g_strdup_printf (_ ("The best model is no better than saying %s each time. Add what decides: "
                                              "delivery, competitor, returning customer."),
                                           rate);

  show_end (self, "vai-data-symbolic", _ ("These columns do not tell won from lost"), text, _ ("Choose Columns"),
            _ ("Look at the Model"));
}

static void
show_failure (VaiTrainingWizard *self)
{
  const GError *error = vai_task_get_error (self->task);

  show_end (self, "dialog-error-symbolic", _ ("The training failed"), error != NULL ? error->message : "",
            _ ("Change and Try Again"), NULL);
}

static const char *
model_id (VaiTrainingWizard *self)
{
  return vai_job_train_get_model_id (VAI_JOB_TRAIN (vai_task_get_job (self->task)));
}

static void
open_model (VaiTrainingWizard *self)
{
  /* The wizard goes with it. */
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-object", "(ss)", "models", model_id (self));
}

static void
lists_changed_cb (VaiWorkspace *workspace, guint kind, VaiTrainingWizard *self)
{
  if (kind != VAI_OBJECT_MODEL || vai_item_find (vai_workspace_get_list (workspace, kind), model_id (self)) == NULL)
    return;
  g_clear_signal_handler (&self->changed_id, workspace);
  open_model (self);
}

static void
show_done (VaiTrainingWizard *self)
{
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));
  const VaiModel *model = vai_job_train_get_model (VAI_JOB_TRAIN (vai_task_get_job (self->task)));

  if (!model->has_signal)
    show_no_signal (self, model);
  else if (vai_item_find (vai_workspace_get_list (workspace, VAI_OBJECT_MODEL), model_id (self)) != NULL)
    open_model (self);
  else if (self->changed_id == 0)
    self->changed_id = g_signal_connect_object (workspace, "changed", G_CALLBACK (lists_changed_cb), self, 0);
}

static void
task_state_cb (VaiTrainingWizard *self)
{
  switch (vai_task_get_state (self->task))
    {
    case VAI_TASK_DONE:
      show_done (self);
      break;
    case VAI_TASK_FAILED:
      show_failure (self);
      break;
    case VAI_TASK_CANCELLED:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.close-wizard", NULL);
      break;
    case VAI_TASK_QUEUED:
    case VAI_TASK_RUNNING:
    case VAI_TASK_CANCELLING:
    default:
      break;
    }
}

/* Training. */

static void
run_cancelled_cb (VaiTrainingWizard *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.close-wizard", NULL);
}

static void
forget_task (VaiTrainingWizard *self)
{
  if (self->task != NULL)
    g_signal_handlers_disconnect_by_data (self->task, self);
  g_clear_object (&self->task);
}

static void
watch_task (VaiTrainingWizard *self, VaiTask *task)
{
  GtkWidget *run = g_object_new (VAI_TYPE_TRAINING_RUN, NULL);

  forget_task (self);
  self->task = g_object_ref (task);
  g_signal_connect_swapped (run, "cancelled", G_CALLBACK (run_cancelled_cb), self);
  vai_training_run_set_page (VAI_TRAINING_RUN (run), VAI_PAGE (self));
  adw_bin_set_child (self->run_bin, run);
  vai_name_buttons (run);
  show_step (self, STEP_TRAIN);
  vai_training_run_set_task (VAI_TRAINING_RUN (run), task);
  g_signal_connect_swapped (task, "notify::state", G_CALLBACK (task_state_cb), self);
}

static VaiJobTrain *
make_job (VaiTrainingWizard *self, GError **error)
{
  g_autoptr (VaiJobTrain) job = vai_job_train_new (vai_workspace_get_store (vai_page_get_workspace (VAI_PAGE (self))));
  g_autoptr (GSettings) settings = g_settings_new ("com.valutai.ValutAI");
  VaiTrainOptions *options = vai_job_train_get_options (job);

  if (!vai_training_columns_apply (G_LIST_MODEL (self->columns), self->quotes, vai_job_train_get_quotes_options (job),
                                   options->monotone, error))
    return NULL;
  vai_training_settings_apply (self->settings, options);
  options->threads = g_settings_get_uint (settings, "threads");
  vai_job_train_set_keep (job, TRUE);
  return g_steal_pointer (&job);
}

static void
train (VaiTrainingWizard *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiJobTrain) job = make_job (self, &error);

  if (job == NULL)
    {
      vai_window_say (GTK_WIDGET (self), error->message);
      return;
    }
  g_autofree char *title = g_strdup_printf (_ ("Training on “%s”"), self->quotes->dataset->name);
  g_autofree char *done = g_strdup_printf (_ ("The model of “%s” is ready"), self->quotes->dataset->name);
  g_autoptr (VaiTask) task = vai_task_new (VAI_JOB (job), title, done);
  /* The job reads them for itself: they would be held twice. */
  vai_training_data_forget (self->data);
  g_clear_pointer (&self->quotes, vai_quotes_unref);
  vai_workspace_start (vai_page_get_workspace (VAI_PAGE (self)), task);
  watch_task (self, task);
}

/* Buttons. */

static void
next_cb (VaiTrainingWizard *self)
{
  g_autofree char *hindrance = dup_hindrance (self);

  if (hindrance != NULL)
    return;
  if (self->step == STEP_DATA)
    take_quotes (self);
  if (self->step == STEP_ALGORITHM)
    train (self);
  else
    show_step (self, self->step + 1);
}

static void
back_cb (VaiTrainingWizard *self)
{
  if (self->step > STEP_DATA && self->step < STEP_TRAIN)
    show_step (self, self->step - 1);
}

/* After the end: to what can be changed. A training that was left has nothing of that here: it begins anew. */
static void
end_cb (VaiTrainingWizard *self)
{
  VaiWorkspace *workspace = vai_page_get_workspace (VAI_PAGE (self));
  Step step = vai_task_get_state (self->task) == VAI_TASK_DONE ? STEP_FEATURES : STEP_ALGORITHM;

  vai_workspace_dismiss_task (workspace, self->task);
  forget_task (self);
  adw_bin_set_child (self->run_bin, NULL);
  self->come_back_to = self->columns != NULL ? step : STEP_DATA;
  show_step (self, STEP_DATA);
}

static void
end_other_cb (VaiTrainingWizard *self)
{
  open_model (self);
}

static void
data_changed_cb (VaiTrainingWizard *self)
{
  Step step = self->come_back_to;

  update_buttons (self);
  if (step == STEP_DATA || self->step != STEP_DATA || vai_training_data_get_hindrance (self->data) != NULL)
    return;
  self->come_back_to = STEP_DATA;
  take_quotes (self);
  show_step (self, step);
}

static gboolean
vai_training_wizard_back (VaiPage *page)
{
  VaiTrainingWizard *self = VAI_TRAINING_WIZARD (page);

  if (self->step == STEP_DATA || self->step == STEP_TRAIN)
    return FALSE;
  back_cb (self);
  return TRUE;
}

static gboolean
vai_training_wizard_holds_work (VaiPage *page)
{
  VaiTrainingWizard *self = VAI_TRAINING_WIZARD (page);

  return self->step == STEP_FEATURES || self->step == STEP_ALGORITHM;
}

static void
vai_training_wizard_opened (VaiPage *page, const char *target)
{
  VaiTrainingWizard *self = VAI_TRAINING_WIZARD (page);

  if (self->task == NULL)
    show_step (self, STEP_DATA);
  else
    task_state_cb (self);
}

static void
vai_training_wizard_attach (VaiPage *page, VaiWorkspace *workspace)
{
  VaiTrainingWizard *self = VAI_TRAINING_WIZARD (page);

  VAI_PAGE_CLASS (vai_training_wizard_parent_class)->attach (page, workspace);
  vai_training_data_set_workspace (self->data, workspace, self->dataset_id);
}

static void
vai_training_wizard_dispose (GObject *object)
{
  VaiTrainingWizard *self = VAI_TRAINING_WIZARD (object);

  forget_task (self);
  if (self->changed_id != 0)
    g_clear_signal_handler (&self->changed_id, vai_page_get_workspace (VAI_PAGE (self)));
  g_clear_pointer (&self->quotes, vai_quotes_unref);
  g_clear_object (&self->columns);
  g_clear_pointer (&self->columns_of, g_free);
  g_clear_pointer (&self->dataset_id, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_TRAINING_WIZARD);
  G_OBJECT_CLASS (vai_training_wizard_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, steps);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, stack);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, leave_button);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, back_button);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, next_button);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, data);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, features);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, settings);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, used_label);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, run_bin);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, end_page);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, end_button);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingWizard, end_other_button);
}

static void
vai_training_wizard_class_init (VaiTrainingWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_training_wizard_dispose;
  VAI_PAGE_CLASS (klass)->attach = vai_training_wizard_attach;
  VAI_PAGE_CLASS (klass)->opened = vai_training_wizard_opened;
  VAI_PAGE_CLASS (klass)->back = vai_training_wizard_back;
  VAI_PAGE_CLASS (klass)->holds_work = vai_training_wizard_holds_work;
  g_type_ensure (VAI_TYPE_WIZARD_STEPS);
  g_type_ensure (VAI_TYPE_TRAINING_DATA);
  g_type_ensure (VAI_TYPE_TRAINING_FEATURES);
  g_type_ensure (VAI_TYPE_TRAINING_SETTINGS);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-training-wizard.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, next_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, end_cb);
  gtk_widget_class_bind_template_callback (widget_class, end_other_cb);
  gtk_widget_class_bind_template_callback (widget_class, data_changed_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "used_changed_cb", G_CALLBACK (update_used));
}

static void
vai_training_wizard_init (VaiTrainingWizard *self)
{
  const char *const titles[] = { _ ("Data"), _ ("Features"), _ ("Algorithm"), _ ("Train"), _ ("Results"), NULL };

  gtk_widget_init_template (GTK_WIDGET (self));
  vai_wizard_steps_set_titles (self->steps, titles);
  vai_wizard_steps_attach (self->steps, GTK_WIDGET (self), self->back_button);
}

VaiPage *
vai_training_wizard_new (const char *dataset_id)
{
  VaiTrainingWizard *self = g_object_new (VAI_TYPE_TRAINING_WIZARD, NULL);

  self->dataset_id = g_strdup (dataset_id);
  return VAI_PAGE (self);
}

VaiPage *
vai_training_wizard_new_for_task (VaiTask *task)
{
  g_return_val_if_fail (VAI_IS_TASK (task), NULL);

  VaiTrainingWizard *self = g_object_new (VAI_TYPE_TRAINING_WIZARD, NULL);
  watch_task (self, task);
  return VAI_PAGE (self);
}
