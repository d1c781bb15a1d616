#include "vai-next-steps.h"

#include "vai-format.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define STEPS_MAX 4

/* Open quotes that the list beside shows at once in a window of the usual size. */
#define IN_SIGHT 8

/* A report is due once a month. */
#define REPORT_MS ((gint64) 30 * VAI_SECONDS_PER_DAY * 1000)

struct _VaiNextSteps
{
  GtkWidget parent_instance;

  GtkBox *box;
  guint n;
};

G_DEFINE_FINAL_TYPE (VaiNextSteps, vai_next_steps, GTK_TYPE_WIDGET)

static GtkWidget *
text_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (css_class != NULL)
    {
      gtk_widget_add_css_class (label, css_class);
      gtk_widget_add_css_class (label, "dim-label");
    }
  return label;
}

/* @label alone says little to who hears it: the title is its description. Gives the button. */
static GtkWidget *
add_step (VaiNextSteps *self, const char *icon_name, const char *title, const char *detail, const char *label)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);
  GtkWidget *button = gtk_button_new_with_label (label);
  g_autofree char *name = g_strdup_printf ("%s: %s", label, title);

  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_box_append (GTK_BOX (texts), text_new (title, NULL));
  gtk_box_append (GTK_BOX (texts), text_new (detail, "caption"));
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), texts);
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (self->box, row);
  self->n++;
  return button;
}

static void
set_action (GtkWidget *button, const char *action, GVariant *target)
{
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button), target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
}

char *
vai_open_quote_dup_target (const VaiDashboard *dashboard, const VaiOpenQuote *quote)
{
  if (quote->prediction_id != NULL)
    return g_strdup (quote->prediction_id);
  return g_strdup_printf ("open:%s:%zu", dashboard->dataset_id, quote->row);
}

/* The most that hangs in the balance, of those in sight at the top of the list. */
static const VaiOpenQuote *
find_first (const VaiDashboard *dashboard)
{
  for (guint i = 0; i < MIN (dashboard->open->len, IN_SIGHT); i++)
    {
      const VaiOpenQuote *quote = g_ptr_array_index (dashboard->open, i);
      if (quote->scored && quote->verdict == VAI_VERDICT_TOO_CLOSE)
        return quote;
    }
  return dashboard->open->len > 0 ? g_ptr_array_index (dashboard->open, 0) : NULL;
}

static void
add_first (VaiNextSteps *self, const VaiDashboard *dashboard)
{
  const VaiOpenQuote *quote = find_first (dashboard);

  if (quote == NULL || dashboard->model == NULL)
    return;
  g_autofree char *title = g_strdup_printf (_ ("Work %s first"), quote->ref);
  g_autofree char *amount = vai_format_money (quote->amount, dashboard->currency);
  g_autofree char *detail = isfinite (quote->amount)
                                ? g_strdup_printf (_ ("Worth %s: see what would lift its chance"), amount)
                                : g_strdup (_ ("See what would lift its chance"));
  g_autofree char *target = vai_open_quote_dup_target (dashboard, quote);
  GtkWidget *button = add_step (self, "vai-scoring-symbolic", title, detail, _ ("Open It"));
  set_action (button, "win.show-object", g_variant_new ("(ss)", "scoring", target));
}

static void
record_cb (VaiNextSteps *self)
{
  g_signal_emit_by_name (self, "record");
}

static void
add_record (VaiNextSteps *self, const VaiDashboard *dashboard)
{
  gsize n = dashboard->n_decided_since;

  if (n == 0)
    return;
  g_autofree char *title
      = g_strdup_printf (ngettext ("%zu quote was decided", "%zu quotes were decided", (gulong) n), n);
  GtkWidget *button = add_step (self, "object-select-symbolic", title,
                                _ ("Record won or lost, so that the model can be checked"), _ ("Record"));
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (record_cb), self);
}

static void
add_report (VaiNextSteps *self, const VaiDashboard *dashboard)
{
  if (dashboard->model_id == NULL || vai_time_now_ms () - dashboard->last_report_at < REPORT_MS)
    return;
  g_autofree char *target = g_strdup_printf ("new:%s", dashboard->model_id);
  GtkWidget *button = add_step (self, "vai-report-symbolic",
                                dashboard->last_report_at == 0 ? _ ("No report yet") : _ ("A report is due"),
                                _ ("What the model has learnt, in words a manager reads"), _ ("Write"));
  set_action (button, "win.show-object", g_variant_new ("(ss)", "reports", target));
}

static void
add_training (VaiNextSteps *self, const VaiDashboard *dashboard)
{
  if (dashboard->model == NULL)
    set_action (add_step (self, "vai-model-symbolic", _ ("Train a model"),
                          _ ("It learns from your decided quotes which open ones will be won"), _ ("Train")),
                "win.train", g_variant_new_string (dashboard->dataset_id));
  else if (dashboard->newer_data)
    set_action (add_step (self, "view-refresh-symbolic", _ ("There is more to learn from"),
                          _ ("Newer quotes came in after the last training"), _ ("Retrain")),
                "win.train", g_variant_new_string (dashboard->dataset_id));
}

void
vai_next_steps_show (VaiNextSteps *self, const VaiDashboard *dashboard)
{
  GtkWidget *child;

  g_return_if_fail (VAI_IS_NEXT_STEPS (self));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  self->n = 0;
  if (dashboard->dataset_id == NULL)
    {
      set_action (add_step (self, "vai-data-symbolic", _ ("Import your quotes"),
                            _ ("A file from your spreadsheet or sales system"), _ ("Import")),
                  "win.import", NULL);
      return;
    }
  add_training (self, dashboard);
  add_first (self, dashboard);
  add_record (self, dashboard);
  if (self->n < STEPS_MAX)
    add_report (self, dashboard);
  if (self->n == 0)
    set_action (add_step (self, "vai-scoring-symbolic", _ ("Nothing open"), _ ("Score a new quote"), _ ("Score")),
                "win.score-quote", NULL);
}

static void
vai_next_steps_dispose (GObject *object)
{
  VaiNextSteps *self = VAI_NEXT_STEPS (object);

  if (self->box != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->box)));
  G_OBJECT_CLASS (vai_next_steps_parent_class)->dispose (object);
}

static void
vai_next_steps_class_init (VaiNextStepsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = vai_next_steps_dispose;
  g_signal_new ("record", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
vai_next_steps_init (VaiNextSteps *self)
{
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 14));
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
}
