#include "vai-dashboard-page.h"

#include "vai-chart-view.h"
#include "vai-compat.h"
#include "vai-dashboard.h"
#include "vai-format.h"
#include "vai-lazy-cells.h"
#include "vai-next-steps.h"
#include "vai-open-quotes.h"
#include "vai-outcome-undo.h"
#include "vai-probability-bar.h"
#include "vai-report.h"
#include "vai-sample.h"
#include "vai-verdict-chip.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Pixels of the page from which on a column has its place beside what to do next: with them all, without what is
 * expected, without the verdict and with the search below its title. */
#define WIDTH_EXPECTED 970
#define WIDTH_VERDICT 880
#define WIDTH_AMOUNT 700

/* Of what to do next and the health, as the template has it, where they stand beside the quotes. */
#define RIGHT_WIDTH 306

struct _VaiDashboardPage
{
  VaiPage parent_instance;

  GtkStack *content;
  GtkSpinner *spinner;
  GtkScrolledWindow *scroller;
  AdwStatusPage *failure;
  GtkBox *facts, *columns, *left, *open_tools, *health, *health_card, *chart_card;
  GtkLabel *open_fact, *open_fact_detail, *expected_fact, *expected_fact_detail, *rate_fact, *rate_fact_detail;
  GtkLabel *no_quotes, *health_sentence, *health_word;
  GtkWidget *health_chip;
  GtkImage *health_icon;
  GtkSearchEntry *search;
  GtkDropDown *order;
  GtkColumnView *quotes;
  AdwClamp *right; /* its words take no room from the quotes */
  GtkWidget *quotes_scroller, *score_button, *import_button;
  GtkColumnViewColumn *ref_column, *amount_column, *chance_column, *expected_column, *verdict_column;
  VaiChartView *chart;
  VaiNextSteps *steps;

  VaiOpenQuotes *list;
  VaiDashboard *dashboard; /* nullable */
  GCancellable *loading;   /* nullable */
  gboolean stale;          /* something changed since it was loaded */
};

G_DEFINE_FINAL_TYPE (VaiDashboardPage, vai_dashboard_page, VAI_TYPE_PAGE)

/* Cells. */

static GtkWidget *
cell_label (float xalign, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
setup_ref (GtkListItem *item, gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *detail = cell_label (0, "caption");

  gtk_widget_add_css_class (detail, "dim-label");
  gtk_box_append (GTK_BOX (box), cell_label (0, NULL));
  gtk_box_append (GTK_BOX (box), detail);
  gtk_list_item_set_child (item, box);
}

/* An empty one in a row that is about to go. */
static const VaiOpenQuote *
quote_of (GtkListItem *item)
{
  static const VaiOpenQuote empty = { .ref = (char *) "", .detail = (char *) "", .amount = NAN, .expected = NAN };
  const VaiOpenQuote *quote = vai_open_quote_item_get_quote (gtk_list_item_get_item (item));

  return quote != NULL ? quote : &empty;
}

static const char *
currency_of (GtkListItem *item)
{
  const VaiDashboard *dashboard = vai_open_quote_item_get_dashboard (gtk_list_item_get_item (item));

  return dashboard != NULL ? dashboard->currency : NULL;
}

/* What a screen reader says of the whole row. */
static char *
dup_spoken (const VaiOpenQuote *quote, const char *currency)
{
  g_autofree char *amount = vai_format_money (quote->amount, currency);
  g_autofree char *chance = vai_format_probability (quote->win_probability);
  g_autofree char *low = vai_format_probability (quote->low), *high = vai_format_probability (quote->high);

  if (!quote->scored)
    return g_strdup_printf (_ ("%s, %s, no score"), quote->ref, amount);
  /* What is not shown is not said either. */
  if (quote->verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR)
    return g_strdup_printf ("%s, %s, %s", quote->ref, amount, vai_verdict_chip_word (quote->verdict));
  return g_strdup_printf (_ ("%s, %s, %s, between %s and %s, %s"), quote->ref, amount, chance, low, high,
                          vai_verdict_chip_word (quote->verdict));
}

static void
bind_ref (GtkListItem *item, gpointer user_data)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  const VaiOpenQuote *quote = quote_of (item);
  g_autofree char *spoken = dup_spoken (quote, currency_of (item));

  gtk_label_set_label (GTK_LABEL (gtk_widget_get_first_child (box)), quote->ref);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (box)), quote->detail);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  vai_name_row (item, spoken);
}

/* A number that is cut is another number. */
static void
setup_number (GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = cell_label (1, "numeric");

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  gtk_list_item_set_child (item, label);
}

static void
bind_amount (GtkListItem *item, gpointer user_data)
{
  g_autofree char *text = vai_format_money (quote_of (item)->amount, currency_of (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
bind_expected (GtkListItem *item, gpointer user_data)
{
  const VaiOpenQuote *quote = quote_of (item);
  /* Beside its amount it would give the hidden chance away. */
  gboolean hidden = !quote->scored || quote->verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR;
  g_autofree char *text = vai_format_money (quote->expected, currency_of (item));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), hidden ? "–" : text);
}

static void
setup_chance (GtkListItem *item, gpointer user_data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *percent = cell_label (1, "numeric");

  gtk_label_set_width_chars (GTK_LABEL (percent), 5);
  gtk_box_append (GTK_BOX (box), vai_probability_bar_new ());
  gtk_box_append (GTK_BOX (box), percent);
  gtk_list_item_set_child (item, box);
}

static void
bind_chance (GtkListItem *item, gpointer user_data)
{
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *bar = gtk_widget_get_first_child (box);
  const VaiOpenQuote *quote = quote_of (item);
  gboolean number = quote->scored && quote->verdict != VAI_VERDICT_NOT_ENOUGH_SIMILAR;
  g_autofree char *text = vai_format_probability (quote->win_probability);

  gtk_widget_set_visible (bar, number);
  if (number)
    vai_probability_bar_set (VAI_PROBABILITY_BAR (bar), quote->win_probability, quote->low, quote->high,
                             quote->verdict);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_last_child (box)), number          ? text
                                                                    : quote->scored ? "–"
                                                                                    : _ ("no score"));
}

static void
setup_verdict (GtkListItem *item, gpointer user_data)
{
  GtkWidget *chip = vai_verdict_chip_new ();

  gtk_widget_set_halign (chip, GTK_ALIGN_START);
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  gtk_list_item_set_child (item, chip);
}

static void
bind_verdict (GtkListItem *item, gpointer user_data)
{
  GtkWidget *chip = gtk_list_item_get_child (item);

  gtk_widget_set_visible (chip, quote_of (item)->scored);
  if (quote_of (item)->scored)
    vai_verdict_chip_set (VAI_VERDICT_CHIP (chip), quote_of (item)->verdict);
}

static void
add_cells (VaiDashboardPage *self)
{
  static const VaiLazyCell ref = { setup_ref, bind_ref, NULL, "notify::quote" },
                           amount = { setup_number, bind_amount, NULL, "notify::quote" },
                           chance = { setup_chance, bind_chance, NULL, "notify::quote" },
                           expected = { setup_number, bind_expected, NULL, "notify::quote" },
                           verdict = { setup_verdict, bind_verdict, NULL, "notify::quote" };

  vai_lazy_cells_add (self->quotes, self->ref_column, &ref, NULL);
  vai_lazy_cells_add (self->quotes, self->amount_column, &amount, NULL);
  vai_lazy_cells_add (self->quotes, self->chance_column, &chance, NULL);
  vai_lazy_cells_add (self->quotes, self->expected_column, &expected, NULL);
  vai_lazy_cells_add (self->quotes, self->verdict_column, &verdict, NULL);
}

/* Facts. */

static void
show_open_fact (VaiDashboardPage *self, const VaiDashboard *dashboard)
{
  g_autofree char *n = vai_format_count (dashboard->n_open_total);
  g_autofree char *worth = vai_format_money (dashboard->worth, dashboard->currency);
  g_autofree char *detail
      = dashboard->worth > 0
            ? g_strdup_printf (dashboard->more_open ? _ ("the newest are worth %s") : _ ("worth %s"), worth)
            : g_strdup (_ ("no prices are known"));

  g_autofree char *over = g_strdup_printf (_ ("over %s"), n);
  gtk_label_set_label (self->open_fact, dashboard->more_open ? over : n);
  gtk_label_set_label (self->open_fact_detail, detail);
}

static void
show_expected_fact (VaiDashboardPage *self, const VaiDashboard *dashboard)
{
  g_autofree char *expected = vai_format_money (dashboard->expected, dashboard->currency);
  g_autofree char *low = vai_format_money (dashboard->expected_low, dashboard->currency);
  g_autofree char *high = vai_format_money (dashboard->expected_high, dashboard->currency);
  g_autofree char *detail = dashboard->worth > 0 ? g_strdup_printf (_ ("9 times in 10 between %s and %s"), low, high)
                                                 : g_strdup (_ ("needs a price column"));

  gtk_label_set_label (self->expected_fact, dashboard->worth > 0 ? expected : "–");
  gtk_label_set_label (self->expected_fact_detail, detail);
}

static void
show_rate_fact (VaiDashboardPage *self, const VaiDashboard *dashboard)
{
  g_autofree char *rate = vai_format_percent ((double) dashboard->n_won / (double) MAX (dashboard->n_decided, 1));
  g_autofree char *low = vai_format_percent (dashboard->win_rate_low),
                  *high = vai_format_percent (dashboard->win_rate_high);
  g_autofree char *n = vai_format_count (dashboard->n_decided);
  g_autofree char *detail = dashboard->twelve_months
                                ? g_strdup_printf (_ ("%s to %s, %s quotes decided in 12 months"), low, high, n)
                                : g_strdup_printf (_ ("%s to %s, %s decided quotes"), low, high, n);

  gtk_label_set_label (self->rate_fact, dashboard->n_decided > 0 ? rate : "–");
  gtk_label_set_label (self->rate_fact_detail, dashboard->n_decided > 0 ? detail : _ ("nothing is decided yet"));
}

/* Health. */

typedef enum
{
  CHECK_EARLY,
  CHECK_GOOD,
  CHECK_CARE,
} Check;

static const char *
check_style (Check check)
{
  return check == CHECK_GOOD ? "good" : check == CHECK_CARE ? "care" : "neutral";
}

static GtkWidget *
health_label (const char *text, const char *css_class)
{
  GtkWidget *label = cell_label (0, css_class);

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  return label;
}

/* The verdict stands below: of two texts that wrap side by side GTK asks for less height than it then needs. */
static void
add_check (VaiDashboardPage *self, Check check, const char *what, const char *verdict)
{
  static const char *const icons[]
      = { "content-loading-symbolic", "object-select-symbolic", "dialog-warning-symbolic" };
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (icons[check]);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_add_css_class (icon, check_style (check));
  gtk_box_append (GTK_BOX (texts), health_label (what, NULL));
  gtk_box_append (GTK_BOX (texts), health_label (verdict, check_style (check)));
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), texts);
  gtk_box_append (self->health, row);
}

/* The verdict of the model's own page. */
static void
show_chip (VaiDashboardPage *self, VaiCondition condition)
{
  gboolean early = condition == VAI_CONDITION_EARLY, good = condition == VAI_CONDITION_GOOD;
  const char *classes[] = { early ? "chip-early" : good ? "chip-good" : "chip-care", NULL };

  gtk_widget_set_css_classes (self->health_chip, classes);
  gtk_image_set_from_icon_name (self->health_icon, early  ? "content-loading-symbolic"
                                                   : good ? "emblem-ok-symbolic"
                                                          : "dialog-warning-symbolic");
  gtk_label_set_label (self->health_word, vai_condition_words (condition));
}

/* What the verdict rests on. */
static void
add_checks (VaiDashboardPage *self, const VaiHealth *health)
{
  gboolean known = health->n_outcomes >= VAI_HEALTH_ROWS_MIN, compared = health->drifts->len > 0;
  g_autofree char *said = vai_format_percent (health->said), *won = vai_format_percent (health->won);
  g_autofree char *chances = g_strdup_printf (_ ("said %s, won %s"), said, won);
  g_autofree char *shifted = g_strdup_printf (_ ("%u of %u shifted"), health->n_shifted, health->drifts->len);
  g_autofree char *wanted = vai_format_count (VAI_HEALTH_ROWS_MIN);
  g_autofree char *outcomes = vai_format_count (health->n_outcomes);
  g_autofree char *from_outcomes = g_strdup_printf (_ ("known from %s outcomes on"), wanted);
  g_autofree char *from_quotes = g_strdup_printf (_ ("known from %s quotes on"), wanted);

  add_check (self,
             !known          ? CHECK_EARLY
             : health->worse ? CHECK_CARE
                             : CHECK_GOOD,
             _ ("Its chances come true"), known ? chances : from_outcomes);
  add_check (self,
             !compared               ? CHECK_EARLY
             : health->n_shifted > 0 ? CHECK_CARE
                                     : CHECK_GOOD,
             _ ("Quotes as before"), compared ? shifted : from_quotes);
  add_check (self, known ? CHECK_GOOD : CHECK_EARLY, _ ("Outcomes recorded since"), outcomes);
}

/* At the threshold that a person chose, as the model's page and its report say it. */
static char *
dup_calls (const VaiDashboard *dashboard)
{
  const VaiMetrics *called = &dashboard->called;
  g_autofree char *threshold = vai_format_probability (called->threshold);

  if (!dashboard->model->has_signal)
    return g_strdup (_ ("It does not beat guessing."));
  if (!(called->value[VAI_METRIC_RECALL] > 0))
    return g_strdup_printf (_ ("It gave no quote %s or more."), threshold);
  return g_strdup_printf (_ ("Of ten it gave %s or more, %s were won."), threshold,
                          vai_tenths_word (called->value[VAI_METRIC_PRECISION]));
}

static void
show_health (VaiDashboardPage *self, const VaiDashboard *dashboard)
{
  GtkWidget *child;

  gtk_widget_set_visible (GTK_WIDGET (self->health_card), dashboard->health != NULL);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->health))) != NULL)
    gtk_box_remove (self->health, child);
  if (dashboard->health == NULL)
    return;
  g_autofree char *sentence = dup_calls (dashboard);
  gtk_label_set_label (self->health_sentence, sentence);
  show_chip (self, vai_health_judge (dashboard->health));
  add_checks (self, dashboard->health);
}

/* The whole. */

static void
show_quotes_cb (VaiDashboardPage *self)
{
  if (self->dashboard == NULL)
    return;
  gboolean any = vai_open_quotes_show (self->list, self->dashboard, gtk_editable_get_text (GTK_EDITABLE (self->search)),
                                       gtk_drop_down_get_selected (self->order))
                 > 0;
  gtk_widget_set_visible (self->quotes_scroller, any);
  gtk_widget_set_visible (GTK_WIDGET (self->no_quotes), !any);
  gtk_label_set_label (self->no_quotes, self->dashboard->open->len == 0 ? _ ("Nothing open. Score a new quote.")
                                                                        : _ ("No open quote has these words"));
}

/* With nothing to learn from there is nothing to score with: the button gives its place, and the keyboard, to the one
 * that begins. */
static void
show_score_button (VaiDashboardPage *self, gboolean shown)
{
  gboolean focused = gtk_widget_has_focus (self->score_button) || gtk_widget_has_focus (self->import_button);

  gtk_widget_set_visible (self->score_button, shown);
  if (focused)
    gtk_widget_grab_focus (shown ? self->score_button : self->import_button);
}

static void
show (VaiDashboardPage *self)
{
  const VaiDashboard *dashboard = self->dashboard;
  VaiChart *chart = dashboard->model != NULL ? vai_report_chart_new (dashboard->model, "win-rate", 0.5, NULL) : NULL;

  gboolean empty = dashboard->dataset_id == NULL && dashboard->open->len == 0;

  gtk_spinner_stop (self->spinner);
  show_score_button (self, !empty);
  if (empty)
    {
      vai_chart_free (chart);
      gtk_stack_set_visible_child_name (self->content, "empty");
      return;
    }
  show_open_fact (self, dashboard);
  show_expected_fact (self, dashboard);
  show_rate_fact (self, dashboard);
  show_quotes_cb (self);
  gtk_widget_set_visible (GTK_WIDGET (self->chart_card), chart != NULL);
  vai_chart_view_take_chart (self->chart, chart);
  vai_next_steps_show (self->steps, dashboard);
  show_health (self, dashboard);
  gtk_stack_set_visible_child_name (self->content, "full");
}

static void
load_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  VaiStore *store = data;
  GError *error = NULL;
  VaiDashboard *dashboard = vai_dashboard_load (store, cancellable, &error);

  if (dashboard != NULL)
    g_task_return_pointer (task, dashboard, (GDestroyNotify) vai_dashboard_unref);
  else
    g_task_return_error (task, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiDashboardPage *self = VAI_DASHBOARD_PAGE (source);
  g_autoptr (GError) error = NULL;
  VaiDashboard *dashboard = g_task_propagate_pointer (G_TASK (result), &error);

  /* A newer loading is under way. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    {
      g_clear_pointer (&dashboard, vai_dashboard_unref);
      return;
    }
  if (dashboard == NULL)
    {
      g_autofree char *text = g_markup_escape_text (error->message, -1);
      adw_status_page_set_description (self->failure, text);
      gtk_stack_set_visible_child_name (self->content, "error");
      return;
    }
  g_clear_pointer (&self->dashboard, vai_dashboard_unref);
  self->dashboard = dashboard;
  show (self);
}

static void
load (VaiDashboardPage *self)
{
  VaiStore *store = vai_workspace_get_store (vai_page_get_workspace (VAI_PAGE (self)));

  self->stale = FALSE;
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  self->loading = g_cancellable_new ();
  if (self->dashboard == NULL)
    gtk_spinner_start (self->spinner);
  g_autoptr (GTask) task = g_task_new (self, self->loading, loaded_cb, NULL);
  g_task_set_task_data (task, g_object_ref (store), g_object_unref);
  g_task_run_in_thread (task, load_thread);
}

/* Only what is in view is read again at once. */
static void
changed_cb (VaiDashboardPage *self)
{
  self->stale = TRUE;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    load (self);
}

/* Acts. */

static void
quote_activated_cb (VaiDashboardPage *self, guint position)
{
  g_autoptr (VaiOpenQuoteItem) item = g_list_model_get_item (G_LIST_MODEL (self->list), position);
  const VaiOpenQuote *quote = vai_open_quote_item_get_quote (item);

  if (quote == NULL)
    return;
  g_autofree char *target = vai_open_quote_dup_target (self->dashboard, quote);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-object", "(ss)", "scoring", target);
}

static void
sample_cb (VaiDashboardPage *self)
{
  vai_sample_begin (vai_page_get_workspace (VAI_PAGE (self)));
}

typedef struct
{
  VaiStore *store;
  char *dataset_id;
} Recording;

static void
recording_free (gpointer data)
{
  Recording *self = data;

  g_object_unref (self->store);
  g_free (self->dataset_id);
  g_free (self);
}

static void
record_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Recording *recording = data;
  GError *error = NULL;
  GArray *before = vai_dashboard_record_decided (recording->store, recording->dataset_id, cancellable, &error);

  if (before != NULL)
    g_task_return_pointer (task, before, (GDestroyNotify) g_array_unref);
  else
    g_task_return_error (task, error);
}

static void
recorded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiDashboardPage *self = VAI_DASHBOARD_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) before = g_task_propagate_pointer (G_TASK (result), &error);

  if (before == NULL)
    vai_window_say (GTK_WIDGET (self), error->message);
  else
    vai_outcome_undo_offer (GTK_WIDGET (self), vai_page_get_workspace (VAI_PAGE (self)), before, NULL, NULL, NULL);
  vai_workspace_refresh (vai_page_get_workspace (VAI_PAGE (self)), VAI_OBJECT_PREDICTION);
}

static void
record_cb (VaiDashboardPage *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, recorded_cb, NULL);
  Recording *recording = g_new0 (Recording, 1);

  recording->store = g_object_ref (vai_workspace_get_store (vai_page_get_workspace (VAI_PAGE (self))));
  recording->dataset_id = g_strdup (self->dashboard->dataset_id);
  g_task_set_task_data (task, recording, recording_free);
  g_task_run_in_thread (task, record_thread);
}

/* The page. */

static void
fit_columns (VaiDashboardPage *self)
{
  gboolean compact = vai_page_get_compact (VAI_PAGE (self));
  double width = gtk_adjustment_get_page_size (gtk_scrolled_window_get_hadjustment (self->scroller));

  gtk_column_view_column_set_visible (self->amount_column, !compact && width >= WIDTH_AMOUNT);
  gtk_column_view_column_set_visible (self->verdict_column, !compact && width >= WIDTH_VERDICT);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->open_tools), !compact && width >= WIDTH_VERDICT
                                                                         ? GTK_ORIENTATION_HORIZONTAL
                                                                         : GTK_ORIENTATION_VERTICAL);
  gtk_column_view_column_set_visible (self->expected_column, !compact && width >= WIDTH_EXPECTED);
}

static gboolean
fit_idle_cb (gpointer user_data)
{
  fit_columns (VAI_DASHBOARD_PAGE (user_data));
  return G_SOURCE_REMOVE;
}

/* Places are being given out: what then changes would get none. */
static void
width_cb (VaiDashboardPage *self)
{
  g_idle_add_full (GTK_PRIORITY_RESIZE - 1, fit_idle_cb, g_object_ref (self), g_object_unref);
}

static void
compact_cb (VaiDashboardPage *self)
{
  gboolean compact = vai_page_get_compact (VAI_PAGE (self));

  /* What to do comes first where there is no room beside. */
  gtk_box_reorder_child_after (self->columns, GTK_WIDGET (self->right), compact ? NULL : GTK_WIDGET (self->left));
  adw_clamp_set_maximum_size (self->right, compact ? G_MAXINT : RIGHT_WIDTH);
  adw_clamp_set_tightening_threshold (self->right, compact ? G_MAXINT : RIGHT_WIDTH);
  fit_columns (self);
}

static void
vai_dashboard_page_attach (VaiPage *page, VaiWorkspace *workspace)
{
  VAI_PAGE_CLASS (vai_dashboard_page_parent_class)->attach (page, workspace);
  VAI_DASHBOARD_PAGE (page)->stale = TRUE;
  g_signal_connect_object (workspace, "changed", G_CALLBACK (changed_cb), page, G_CONNECT_SWAPPED);
}

static void
vai_dashboard_page_opened (VaiPage *page, const char *target)
{
  if (VAI_DASHBOARD_PAGE (page)->stale)
    load (VAI_DASHBOARD_PAGE (page));
  gtk_widget_grab_focus (VAI_DASHBOARD_PAGE (page)->score_button);
}

static gboolean
vai_dashboard_page_act (VaiPage *page, const char *name)
{
  VaiDashboardPage *self = VAI_DASHBOARD_PAGE (page);

  if (!g_str_equal (name, "search") || self->dashboard == NULL || self->dashboard->open->len == 0)
    return FALSE;
  return gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static void
vai_dashboard_page_dispose (GObject *object)
{
  VaiDashboardPage *self = VAI_DASHBOARD_PAGE (object);

  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_pointer (&self->dashboard, vai_dashboard_unref);
  g_clear_object (&self->list);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_DASHBOARD_PAGE);
  G_OBJECT_CLASS (vai_dashboard_page_parent_class)->dispose (object);
}

#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiDashboardPage, name)
#define CALL(name) gtk_widget_class_bind_template_callback (widget_class, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (content);
  BIND (spinner);
  BIND (scroller);
  BIND (failure);
  BIND (facts);
  BIND (columns);
  BIND (left);
  BIND (right);
  BIND (open_tools);
  BIND (health);
  BIND (health_card);
  BIND (chart_card);
  BIND (open_fact);
  BIND (open_fact_detail);
  BIND (expected_fact);
  BIND (expected_fact_detail);
  BIND (rate_fact);
  BIND (rate_fact_detail);
  BIND (no_quotes);
  BIND (health_sentence);
  BIND (health_chip);
  BIND (health_icon);
  BIND (health_word);
  BIND (score_button);
  BIND (import_button);
  BIND (search);
  BIND (order);
  BIND (quotes);
  BIND (quotes_scroller);
  BIND (ref_column);
  BIND (amount_column);
  BIND (chance_column);
  BIND (expected_column);
  BIND (verdict_column);
  BIND (chart);
  BIND (steps);
}

static void
bind_callbacks (GtkWidgetClass *widget_class)
{
  CALL (show_quotes_cb);
  CALL (quote_activated_cb);
  CALL (sample_cb);
  CALL (record_cb);
}

static void
vai_dashboard_page_class_init (VaiDashboardPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  VaiPageClass *page_class = VAI_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_dashboard_page_dispose;
  page_class->attach = vai_dashboard_page_attach;
  page_class->opened = vai_dashboard_page_opened;
  page_class->act = vai_dashboard_page_act;
  g_type_ensure (VAI_TYPE_CHART_VIEW);
  g_type_ensure (VAI_TYPE_NEXT_STEPS);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-dashboard-page.ui");
  bind_children (widget_class);
  bind_callbacks (widget_class);
}

static void
vai_dashboard_page_init (VaiDashboardPage *self)
{
  self->list = vai_open_quotes_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  add_cells (self);
  GtkSingleSelection *selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->list)));
  gtk_column_view_set_model (self->quotes, GTK_SELECTION_MODEL (selection));
  vai_leave_list_by_tab (GTK_WIDGET (self->quotes));
  g_object_unref (selection);
  vai_page_bind_orientation (VAI_PAGE (self), self->facts);
  vai_page_bind_orientation (VAI_PAGE (self), self->columns);
  g_signal_connect (self, "notify::compact", G_CALLBACK (compact_cb), NULL);
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (self->scroller), "notify::page-size",
                           G_CALLBACK (width_cb), self, G_CONNECT_SWAPPED);
}
