#include "vai-training-run.h"

#include "vai-compat.h"
#include "vai-format.h"
#include "vai-loss-curve.h"
#include "vai-range.h"
#include "vai-training-watch.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Less of it is done too fast for a guess of the rest. */
#define ESTIMATE_FROM 0.05

/* Work of so many seconds is not thrown away without asking. */
#define ASK_SECONDS 30

/* A screen reader hears of it so often. */
#define SAY_EVERY 0.1

/* Of the tries beside the curve, at least. */
#define SIDE_WIDTH 330

struct _VaiTrainingRun
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkBox *sides;
  GtkWidget *side;
  GtkLabel *title_label, *percent_label, *sentence_label, *left_label, *status_label;
  GtkProgressBar *bar;
  VaiLossCurve *curve;
  GtkWidget *stop_now_card;
  GtkImage *stop_now_icon;
  GtkLabel *stop_now_title, *stop_now_text;
  GtkListBox *tries;
  GtkButton *stop_button, *cancel_button;

  VaiTask *task;
  VaiTrainingWatch *watch;
  double said_fraction, said_best;
};

G_DEFINE_FINAL_TYPE (VaiTrainingRun, vai_training_run, GTK_TYPE_WIDGET)

enum
{
  CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The list of tries. */

static GtkWidget *
try_icon (const char *name)
{
  GtkWidget *icon = name != NULL ? gtk_image_new_from_icon_name (name) : gtk_spinner_new ();

  if (name == NULL)
    gtk_spinner_start (GTK_SPINNER (icon));
  else if (g_str_equal (name, "object-select-symbolic"))
    gtk_widget_add_css_class (icon, "good");
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  return icon;
}

/* The row at *@index, made when there is none; *@index goes on. */
static GtkWidget *
next_row (VaiTrainingRun *self, int *index)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->tries, (*index)++);

  if (row != NULL)
    return GTK_WIDGET (row);
  GtkWidget *new_row = adw_action_row_new ();
  GtkWidget *loss = gtk_label_new (NULL);
  gtk_widget_add_css_class (loss, "numeric");
  gtk_label_set_selectable (GTK_LABEL (loss), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (new_row), loss);
  g_object_set_data (G_OBJECT (new_row), "loss", loss);
  gtk_list_box_append (self->tries, new_row);
  return new_row;
}

/* @icon NULL: a spinner. Icons are changed only when another is meant, so that spinners go on. */
static void
set_row (GtkWidget *row, const char *icon, const char *title, const char *subtitle, double loss)
{
  g_autofree char *number = isfinite (loss) ? vai_format_number (loss, 2) : g_strdup ("");
  const char *wanted = icon != NULL ? icon : "spinner";
  GtkWidget *before = g_object_get_data (G_OBJECT (row), "icon");

  if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "icon-name"), wanted) != 0)
    {
      GtkWidget *image = try_icon (icon);
      if (before != NULL)
        adw_action_row_remove (ADW_ACTION_ROW (row), before);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
      g_object_set_data (G_OBJECT (row), "icon", image);
      g_object_set_data_full (G_OBJECT (row), "icon-name", g_strdup (wanted), g_free);
    }
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_label_set_label (GTK_LABEL (g_object_get_data (G_OBJECT (row), "loss")), number);
}

static void
show_guessing (VaiTrainingRun *self, int *index)
{
  double rate = vai_training_watch_get_base_rate (self->watch);
  g_autofree char *percent = vai_format_percent (rate);
  g_autofree char *subtitle = g_strdup_printf (_ ("always says %s"), percent);

  if (isfinite (rate))
    set_row (next_row (self, index), "object-select-symbolic", _ ("Guessing"), subtitle,
             vai_training_watch_get_guessing_loss (self->watch));
}

static char *
dup_try_text (const VaiTry *try)
{
  guint best = 0;

  for (guint i = 1; i < try->curve->len; i++)
    if (g_array_index (try->curve, double, i) < g_array_index (try->curve, double, best))
      best = i;
  if (try->complete && try->curve->len > 0)
    return g_strdup_printf (_ ("best at round %u"), best + 1);
  if (try->complete)
    return g_strdup (_ ("complete"));
  if (try->n_rounds > 0)
    return g_strdup_printf (_ ("round %u of %u"), try->round, try->n_rounds);
  return g_strdup (_ ("being tried"));
}

static void
show_try (VaiTrainingRun *self, guint try_index, int *index)
{
  const VaiTry *try = vai_training_watch_get_try (self->watch, try_index);
  gboolean left_out = !try->complete && vai_training_watch_is_testing (self->watch);
  g_autofree char *subtitle = left_out ? g_strdup (_ ("left out")) : dup_try_text (try);

  set_row (next_row (self, index),
           try->complete ? "object-select-symbolic"
           : left_out    ? "window-close-symbolic"
                         : NULL,
           try->description, subtitle, try->loss);
}

static void
show_waiting (VaiTrainingRun *self, int *index)
{
  guint begun = vai_training_watch_get_n_tries (self->watch);
  guint planned = vai_training_watch_get_n_planned (self->watch);
  gboolean testing = vai_training_watch_is_testing (self->watch);

  if (planned > begun)
    {
      g_autofree char *title = planned == begun + 1 ? g_strdup_printf (_ ("Try %u"), planned)
                                                    : g_strdup_printf (_ ("Tries %u to %u"), begun + 1, planned);
      gboolean skipped = testing || vai_training_watch_is_stopped (self->watch);
      set_row (next_row (self, index), skipped ? "window-close-symbolic" : "content-loading-symbolic", title,
               skipped ? _ ("left out") : _ ("waiting"), NAN);
    }
  set_row (next_row (self, index), testing ? NULL : "content-loading-symbolic", _ ("Calibration and testing"),
           testing ? _ ("under way") : _ ("waiting"), NAN);
}

static void
show_tries (VaiTrainingRun *self)
{
  int index = 0;

  show_guessing (self, &index);
  for (guint i = 0; i < vai_training_watch_get_n_tries (self->watch); i++)
    show_try (self, i, &index);
  show_waiting (self, &index);
  for (GtkListBoxRow *row; (row = gtk_list_box_get_row_at_index (self->tries, index)) != NULL;)
    gtk_list_box_remove (self->tries, GTK_WIDGET (row));
}

/* Words. */

static char *
dup_trying (VaiAlgorithm algorithm, guint number, guint planned)
{
  switch (algorithm)
    {
    case VAI_ALGORITHM_LOGISTIC:
      return g_strdup_printf (_ ("Trying logistic regression, %u of %u"), number, planned);
    case VAI_ALGORITHM_BOOSTED_TREES:
      return g_strdup_printf (_ ("Trying boosted trees, %u of %u"), number, planned);
    case VAI_ALGORITHM_RANDOM_FOREST:
      return g_strdup_printf (_ ("Trying a random forest, %u of %u"), number, planned);
    case VAI_ALGORITHM_ADDITIVE:
      return g_strdup_printf (_ ("Trying an additive scorecard, %u of %u"), number, planned);
    case VAI_ALGORITHM_BASELINE:
    case VAI_ALGORITHM_AUTO:
    case VAI_N_ALGORITHMS:
    default:
      return g_strdup_printf (_ ("Try %u of %u"), number, planned);
    }
}

static char *
dup_title (VaiTrainingRun *self)
{
  guint begun = vai_training_watch_get_n_tries (self->watch);

  if (vai_task_get_state (self->task) == VAI_TASK_QUEUED)
    return g_strdup (_ ("Waiting for another training to end"));
  if (vai_task_get_state (self->task) == VAI_TASK_CANCELLING)
    return g_strdup (_ ("Stopping…"));
  if (vai_training_watch_is_testing (self->watch))
    return g_strdup (_ ("Calibrating and testing"));
  if (vai_training_watch_is_stopped (self->watch))
    return g_strdup (_ ("Keeping the best so far"));
  if (begun == 0)
    return g_strdup (_ ("Reading the quotes"));
  return dup_trying (vai_training_watch_get_try (self->watch, begun - 1)->algorithm, begun,
                     vai_training_watch_get_n_planned (self->watch));
}

/* Rounded as a guess is; NULL while nothing can be said. */
static char *
dup_left (VaiTrainingRun *self)
{
  double fraction = vai_task_get_fraction (self->task);

  if (fraction < ESTIMATE_FROM || vai_task_get_state (self->task) != VAI_TASK_RUNNING)
    return NULL;
  double seconds = vai_task_get_seconds (self->task) * (1 - fraction) / fraction;
  guint minutes = (guint) round (seconds / 60), rounded = seconds < 10 ? 5 : 10 * (guint) round (seconds / 10);
  if (seconds < 3)
    return g_strdup (_ ("nearly done"));
  if (rounded < 60)
    return g_strdup_printf (ngettext ("about %u second left", "about %u seconds left", rounded), rounded);
  minutes = MAX (minutes, 1);
  return g_strdup_printf (ngettext ("about %u minute left", "about %u minutes left", minutes), minutes);
}

static void
show_stop_now (VaiTrainingRun *self)
{
  const VaiTry *best = vai_training_watch_get_best (self->watch);
  gboolean better = best != NULL && best->beats_guessing;
  double rate = vai_training_watch_get_base_rate (self->watch);

  gtk_widget_set_visible (self->stop_now_card, best != NULL);
  if (best == NULL)
    return;
  gtk_image_set_from_icon_name (self->stop_now_icon, better ? "object-select-symbolic" : "dialog-information-symbolic");
  gtk_label_set_label (self->stop_now_title,
                       better ? _ ("Already better than guessing") : _ ("Not clearly better than guessing yet"));
  g_autofree char *half = vai_format_percent (0.5);
  g_autofree char *text
      = best->n_likely > 0
            ? g_strdup_printf (
                _ ("If you stop now: of ten quotes it gives %s or more, about %s are won. Guessing would get %s."),
                half, vai_tenths_word ((double) best->n_likely_won / best->n_likely), vai_tenths_word (rate))
            : g_strdup_printf (_ ("If you stop now: it gives no quote %s or more, but it still puts them in order."),
                               half);
  gtk_label_set_label (self->stop_now_text, text);
}

/* Every tenth and every new best, and nothing in between. */
static void
say (VaiTrainingRun *self)
{
  const VaiTry *best = vai_training_watch_get_best (self->watch);
  double fraction = vai_task_get_fraction (self->task);

  if (best != NULL && !(best->loss >= self->said_best))
    {
      g_autofree char *number = vai_format_number (best->loss, 2);
      g_autofree char *text = g_strdup_printf (_ ("New best, %s"), number);
      self->said_best = best->loss;
      vai_announce (self->status_label, text);
    }
  else if (fraction >= self->said_fraction + SAY_EVERY)
    {
      g_autofree char *percent = vai_format_percent (fraction);
      g_autofree char *title = dup_title (self);
      g_autofree char *text = g_strdup_printf ("%s, %s", title, percent);
      self->said_fraction = floor (fraction / SAY_EVERY) * SAY_EVERY;
      vai_announce (self->status_label, text);
    }
}

static void
update_progress (VaiTrainingRun *self)
{
  double fraction = vai_task_get_fraction (self->task);
  g_autofree char *title = dup_title (self);
  g_autofree char *percent = vai_format_percent (fraction);
  g_autofree char *left = dup_left (self);
  gboolean tuning = vai_training_watch_get_n_tries (self->watch) > 0;

  gtk_label_set_label (self->title_label, title);
  gtk_label_set_label (self->percent_label, percent);
  gtk_progress_bar_set_fraction (self->bar, fraction);
  gtk_label_set_label (self->sentence_label,
                       tuning ? _ ("Each try is tested on quotes it has not seen") : vai_task_get_message (self->task));
  gtk_label_set_label (self->left_label, left != NULL ? left : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->cancel_button),
                            vai_task_is_active (self->task) && vai_task_get_state (self->task) != VAI_TASK_CANCELLING);
  say (self);
}

/* NULL when stopping keeps something, or has been asked for. */
static const char *
why_no_stop (VaiTrainingRun *self)
{
  if (vai_training_watch_is_testing (self->watch))
    return _ ("All tries are complete: the best is being tested");
  if (vai_training_watch_get_best (self->watch) != NULL)
    return NULL;
  if (vai_training_watch_get_n_planned (self->watch) == 1)
    return _ ("With a single try there is nothing to keep before it is complete");
  return _ ("When a first try is complete");
}

static void
update (VaiTrainingRun *self)
{
  update_progress (self);
  show_tries (self);
  show_stop_now (self);
  gtk_widget_set_sensitive (GTK_WIDGET (self->stop_button), vai_training_watch_can_stop (self->watch)
                                                                && vai_task_get_state (self->task) == VAI_TASK_RUNNING);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->stop_button), why_no_stop (self));
}

static void
stop_cb (VaiTrainingRun *self)
{
  /* A greyed button has no focus, and the keyboard must not lose its place. */
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel_button));
  vai_training_watch_stop (self->watch);
}

static void
cancel (VaiTrainingRun *self)
{
  vai_task_cancel (self->task);
  g_signal_emit (self, signals[CANCELLED], 0);
}

static void
confirmed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiTrainingRun) self = VAI_TRAINING_RUN (user_data);

  if (vai_confirm_finish (result) && self->task != NULL && vai_task_is_active (self->task))
    cancel (self);
}

static void
cancel_cb (VaiTrainingRun *self)
{
  if (vai_task_get_seconds (self->task) < ASK_SECONDS)
    cancel (self);
  else
    vai_confirm_async (GTK_WIDGET (self), _ ("Cancel this training?"),
                       _ ("What it has learned so far is lost. To keep it, choose “Stop and Keep the Best So Far”."),
                       _ ("_Cancel Training"), confirmed_cb, g_object_ref (self));
}

static void
vai_training_run_dispose (GObject *object)
{
  VaiTrainingRun *self = VAI_TRAINING_RUN (object);

  if (self->task != NULL)
    g_signal_handlers_disconnect_by_data (self->task, self);
  if (self->watch != NULL)
    g_signal_handlers_disconnect_by_data (self->watch, self);
  g_clear_object (&self->task);
  g_clear_object (&self->watch);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_TRAINING_RUN);
  G_OBJECT_CLASS (vai_training_run_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, scroller);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, sides);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, side);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, title_label);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, percent_label);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, left_label);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, status_label);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, bar);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, curve);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, stop_now_card);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, stop_now_icon);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, stop_now_title);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, stop_now_text);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, tries);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, stop_button);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingRun, cancel_button);
}

static void
vai_training_run_class_init (VaiTrainingRunClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_training_run_dispose;
  signals[CANCELLED]
      = g_signal_new ("cancelled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (VAI_TYPE_LOSS_CURVE);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-training-run.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
vai_training_run_init (VaiTrainingRun *self)
{
  self->said_best = NAN;
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
vai_training_run_set_task (VaiTrainingRun *self, VaiTask *task)
{
  g_return_if_fail (VAI_IS_TRAINING_RUN (self));
  g_return_if_fail (self->task == NULL);

  self->task = g_object_ref (task);
  self->watch = g_object_ref (vai_training_watch_of (vai_task_get_job (task)));
  vai_loss_curve_set_watch (self->curve, self->watch);
  g_signal_connect_swapped (self->watch, "changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (task, "notify::fraction", G_CALLBACK (update_progress), self);
  g_signal_connect_swapped (task, "notify::message", G_CALLBACK (update_progress), self);
  g_signal_connect_swapped (task, "notify::state", G_CALLBACK (update), self);
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->cancel_button));
}

static void
compact_cb (VaiTrainingRun *self, GParamSpec *pspec, VaiPage *page)
{
  gtk_widget_set_size_request (self->side, vai_page_get_compact (page) ? -1 : SIDE_WIDTH, -1);
}

void
vai_training_run_set_page (VaiTrainingRun *self, VaiPage *page)
{
  g_return_if_fail (VAI_IS_TRAINING_RUN (self));
  vai_page_bind_orientation (page, self->sides);
  g_signal_connect_object (page, "notify::compact", G_CALLBACK (compact_cb), self, G_CONNECT_SWAPPED);
  compact_cb (self, NULL, page);
}
