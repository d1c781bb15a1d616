#include "vai-model-why.h"

#include "vai-cards.h"
#include "vai-advice.h"
#include "vai-chart-view.h"
#include "vai-compat.h"
#include "vai-report.h"

#include <glib/gi18n-lib.h>

struct _VaiModelWhy
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  VaiChartView *importance, *dependence;
  GtkDropDown *column;
  GtkSpinner *spinner;
  GtkLabel *finding;
  VaiLoadedModel *loaded;  /* nullable */
  GArray *features;        /* of guint: those of the drop-down, by weight */
  GCancellable *computing; /* nullable */
};

G_DEFINE_FINAL_TYPE (VaiModelWhy, vai_model_why, GTK_TYPE_WIDGET)

typedef struct
{
  VaiLoadedModel *loaded;
  guint feature;
} Following;

static void
following_free (gpointer data)
{
  Following *self = data;

  g_object_unref (self->loaded);
  g_free (self);
}

static void
follow_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Following *following = data;
  GError *error = NULL;
  g_autoptr (VaiPartialDependence) dependence = vai_advice_partial_dependence (
      vai_loaded_model_get_scorer (following->loaded), following->feature, cancellable, &error);

  if (dependence == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task,
                           vai_report_dependence_chart_new (vai_loaded_model_get_model (following->loaded),
                                                            following->feature, dependence),
                           (GDestroyNotify) vai_chart_free);
}

static void
followed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiModelWhy *self = VAI_MODEL_WHY (source);
  g_autoptr (GError) error = NULL;
  VaiChart *chart = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->computing == NULL || g_task_get_cancellable (G_TASK (result)) != self->computing)
    {
      vai_chart_free (chart);
      return;
    }
  g_clear_object (&self->computing);
  gtk_spinner_set_spinning (self->spinner, FALSE);
  vai_announce (self->finding, chart != NULL ? vai_chart_get_finding (chart) : error->message);
  vai_chart_view_take_chart (self->dependence, chart);
}

static void
stop (VaiModelWhy *self)
{
  g_cancellable_cancel (self->computing);
  g_clear_object (&self->computing);
}

/* The one before stays in sight until the new one is there. */
static void
selected_cb (VaiModelWhy *self)
{
  guint selected = gtk_drop_down_get_selected (self->column);

  stop (self);
  if (self->loaded == NULL || selected >= self->features->len)
    return;
  Following *following = g_new (Following, 1);
  *following = (Following){ g_object_ref (self->loaded), g_array_index (self->features, guint, selected) };
  self->computing = g_cancellable_new ();
  gtk_spinner_set_spinning (self->spinner, TRUE);
  g_autoptr (GTask) task = g_task_new (self, self->computing, followed_cb, NULL);
  g_task_set_task_data (task, following, following_free);
  g_task_run_in_thread (task, follow_in_thread);
}

static int
compare_weights (gconstpointer a, gconstpointer b, gpointer importance)
{
  guint x = *(const guint *) a, y = *(const guint *) b;
  const double *weights = importance;

  if (weights != NULL && weights[x] != weights[y])
    return weights[x] > weights[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

static void
fill_columns (VaiModelWhy *self, const VaiModel *model)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  g_array_set_size (self->features, 0);
  for (guint f = 0; f < model->schema->features->len; f++)
    if (vai_schema_feature (model->schema, f)->type != VAI_TYPE_TEXT)
      g_array_append_val (self->features, f);
  g_array_sort_with_data (self->features, compare_weights, model->importance);
  for (guint i = 0; i < self->features->len; i++)
    gtk_string_list_append (names, vai_schema_feature (model->schema, g_array_index (self->features, guint, i))->name);
  gtk_drop_down_set_model (self->column, G_LIST_MODEL (names));
}

void
vai_model_why_set (VaiModelWhy *self, VaiLoadedModel *loaded)
{
  g_return_if_fail (VAI_IS_MODEL_WHY (self));

  /* A threshold that was moved changes nothing here. */
  if (self->loaded == loaded)
    return;
  const VaiModel *model = vai_loaded_model_get_model (loaded);
  stop (self);
  g_clear_object (&self->loaded);
  vai_chart_view_take_chart (self->importance, vai_report_chart_new (model, "importance", 0.5, NULL));
  fill_columns (self, model);
  g_set_object (&self->loaded, loaded);
  selected_cb (self);
}

static void
vai_model_why_dispose (GObject *object)
{
  VaiModelWhy *self = VAI_MODEL_WHY (object);

  stop (self);
  g_clear_object (&self->loaded);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_MODEL_WHY);
  G_OBJECT_CLASS (vai_model_why_parent_class)->dispose (object);
}

static void
vai_model_why_finalize (GObject *object)
{
  g_array_unref (VAI_MODEL_WHY (object)->features);
  G_OBJECT_CLASS (vai_model_why_parent_class)->finalize (object);
}

static void
vai_model_why_class_init (VaiModelWhyClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_model_why_dispose;
  G_OBJECT_CLASS (klass)->finalize = vai_model_why_finalize;
  g_type_ensure (VAI_TYPE_CHART_VIEW);
  g_type_ensure (VAI_TYPE_CARDS);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-model-why.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiModelWhy, scroller);
  gtk_widget_class_bind_template_child (widget_class, VaiModelWhy, importance);
  gtk_widget_class_bind_template_child (widget_class, VaiModelWhy, dependence);
  gtk_widget_class_bind_template_child (widget_class, VaiModelWhy, column);
  gtk_widget_class_bind_template_child (widget_class, VaiModelWhy, spinner);
  gtk_widget_class_bind_template_child (widget_class, VaiModelWhy, finding);
}

static void
vai_model_why_init (VaiModelWhy *self)
{
  self->features = g_array_new (FALSE, FALSE, sizeof (guint));
  gtk_widget_init_template (GTK_WIDGET (self));
  GtkExpression *words = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  gtk_drop_down_set_expression (self->column, words);
  gtk_expression_unref (words);
  g_signal_connect_object (self->column, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
}
