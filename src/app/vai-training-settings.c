#include "vai-training-settings.h"

#include "vai-format.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <math.h>
#include <string.h>

/* Digits of a default that is shown. */
#define DECIMALS_MAX 4

/* The seed is an integer of JSON. */
#define SEED_MAX (G_GINT64_CONSTANT (1) << 53)

struct _VaiTrainingSettings
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  AdwPreferencesGroup *test_group;
  AdwComboRow *algorithm_row, *effort_row, *validation_row;
  AdwActionRow *dated_row;
  AdwExpanderRow *parameters_row;
  AdwEntryRow *seed_row;
  GtkLabel *problem_label;
  GPtrArray *entries; /* of AdwEntryRow, one for each parameter of the algorithm; owned by the expander */
  char *problem;      /* nullable */
};

G_DEFINE_FINAL_TYPE (VaiTrainingSettings, vai_training_settings, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* In the order of the drop-downs. */
static const VaiAlgorithm algorithms[] = { VAI_ALGORITHM_AUTO, VAI_ALGORITHM_LOGISTIC, VAI_ALGORITHM_BOOSTED_TREES,
                                           VAI_ALGORITHM_RANDOM_FOREST, VAI_ALGORITHM_ADDITIVE };
static const VaiEffort efforts[] = { VAI_EFFORT_QUICK, VAI_EFFORT_NORMAL, VAI_EFFORT_THOROUGH };

static const char *
parameter_title (const char *name)
{
  const struct
  {
    const char *name, *title;
  } titles[] = {
    { "strength", _ ("Strength") },
    { "rounds", _ ("Trees") },
    { "depth", _ ("Depth of a tree") },
    { "learning_rate", _ ("Learning rate") },
    { "min_child_weight", _ ("Least weight of a leaf") },
    { "lambda", _ ("Shrinkage of leaves (lambda)") },
    { "gamma", _ ("Least gain of a split (gamma)") },
    { "row_sample", _ ("Share of quotes for each tree") },
    { "column_sample", _ ("Share of columns for each tree") },
    { "patience", _ ("Trees without gain before it stops") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].name, name))
      return titles[i].title;
  return name;
}

static char *
dup_number (double number)
{
  g_autofree char *text = vai_format_number (number, DECIMALS_MAX);
  const char *mark = localeconv ()->decimal_point;

  /* 0.0500 is 0.05. */
  if (strstr (text, mark) != NULL)
    for (gsize n = strlen (text); n > 0 && (text[n - 1] == '0' || g_str_has_suffix (text, mark)); n--)
      {
        gboolean at_mark = g_str_has_suffix (text, mark);
        text[at_mark ? n - strlen (mark) : n - 1] = '\0';
        if (at_mark)
          break;
      }
  return g_steal_pointer (&text);
}

static VaiAlgorithm
chosen_algorithm (VaiTrainingSettings *self)
{
  return algorithms[MIN (adw_combo_row_get_selected (self->algorithm_row), G_N_ELEMENTS (algorithms) - 1)];
}

/* What was typed with a dot; NULL when nothing was: its default stays. */
static char *
dup_typed (GtkEditable *row)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (row)));
  const char *mark = localeconv ()->decimal_point;

  if (*text == '\0')
    return NULL;
  g_auto (GStrv) parts = g_strsplit (text, mark, 2);
  return g_strjoinv (".", parts);
}

static gboolean
parameter_fits (const VaiParameter *parameter, const char *text)
{
  char *end = NULL;
  double number = g_ascii_strtod (text, &end);

  return end != text && *end == '\0' && number >= parameter->min && number <= parameter->max
         && (!parameter->whole || number == floor (number));
}

static char *
dup_parameter_problem (const VaiParameter *parameter)
{
  g_autofree char *low = dup_number (parameter->min);
  g_autofree char *high = dup_number (parameter->max);

  return g_strdup_printf (parameter->whole ? _ ("“%s” takes a whole number from %s to %s.")
                                           : _ ("“%s” takes a number from %s to %s."),
                          parameter_title (parameter->name), low, high);
}

static void
set_wrong (GtkWidget *row, gboolean wrong)
{
  if (wrong)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* The first problem of a parameter; NULL when all fit. */
static char *
check_parameters (VaiTrainingSettings *self)
{
  VaiHyperparameters defaults;
  VaiParameter parameter;
  char *problem = NULL;

  vai_hyperparameters_init (&defaults, chosen_algorithm (self));
  for (guint i = 0; i < self->entries->len && vai_hyperparameters_get (&defaults, i, &parameter); i++)
    {
      GtkWidget *row = g_ptr_array_index (self->entries, i);
      g_autofree char *typed = dup_typed (GTK_EDITABLE (row));
      gboolean wrong = typed != NULL && !parameter_fits (&parameter, typed);
      set_wrong (row, wrong);
      if (wrong && problem == NULL)
        problem = dup_parameter_problem (&parameter);
    }
  return problem;
}

static gboolean
read_seed (VaiTrainingSettings *self, guint64 *seed)
{
  g_autofree char *typed = dup_typed (GTK_EDITABLE (self->seed_row));

  *seed = 0;
  return typed == NULL || g_ascii_string_to_unsigned (typed, 10, 0, SEED_MAX, seed, NULL);
}

static void
check (VaiTrainingSettings *self)
{
  guint64 seed;
  gboolean seed_wrong = !read_seed (self, &seed);

  g_free (self->problem);
  self->problem = check_parameters (self);
  if (self->problem == NULL && seed_wrong)
    self->problem = g_strdup (_ ("The seed takes a whole number from 0 on."));
  set_wrong (GTK_WIDGET (self->seed_row), seed_wrong);
  gtk_label_set_label (self->problem_label, self->problem != NULL ? self->problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), self->problem != NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_entry (VaiTrainingSettings *self, const VaiParameter *parameter)
{
  GtkWidget *row = adw_entry_row_new ();
  g_autofree char *usual = isnan (parameter->value) ? g_strdup (_ ("found by itself")) : dup_number (parameter->value);
  /* Translators: a hyperparameter and its usual value: “Depth of a tree (usually 4)”. */
  g_autofree char *title = g_strdup_printf (_ ("%s (usually %s)"), parameter_title (parameter->name), usual);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  g_signal_connect_swapped (row, "changed", G_CALLBACK (check), self);
  adw_expander_row_add_row (self->parameters_row, row);
  g_ptr_array_add (self->entries, row);
}

static void
algorithm_cb (VaiTrainingSettings *self)
{
  VaiAlgorithm algorithm = chosen_algorithm (self);
  VaiHyperparameters defaults;
  VaiParameter parameter;

  for (guint i = 0; i < self->entries->len; i++)
    adw_expander_row_remove (self->parameters_row, g_ptr_array_index (self->entries, i));
  g_ptr_array_set_size (self->entries, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->parameters_row), algorithm != VAI_ALGORITHM_AUTO);
  if (algorithm != VAI_ALGORITHM_AUTO)
    {
      vai_hyperparameters_init (&defaults, algorithm);
      for (guint i = 0; vai_hyperparameters_get (&defaults, i, &parameter); i++)
        add_entry (self, &parameter);
    }
  check (self);
}

static void
vai_training_settings_finalize (GObject *object)
{
  VaiTrainingSettings *self = VAI_TRAINING_SETTINGS (object);

  g_ptr_array_unref (self->entries);
  g_free (self->problem);
  G_OBJECT_CLASS (vai_training_settings_parent_class)->finalize (object);
}

static void
vai_training_settings_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_TRAINING_SETTINGS);
  G_OBJECT_CLASS (vai_training_settings_parent_class)->dispose (object);
}

static void
vai_training_settings_class_init (VaiTrainingSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_training_settings_dispose;
  G_OBJECT_CLASS (klass)->finalize = vai_training_settings_finalize;
  signals[CHANGED]
      = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-training-settings.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, scroller);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, algorithm_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, effort_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, test_group);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, validation_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, dated_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, parameters_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, seed_row);
  gtk_widget_class_bind_template_child (widget_class, VaiTrainingSettings, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, algorithm_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "changed_cb", G_CALLBACK (check));
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
vai_training_settings_init (VaiTrainingSettings *self)
{
  self->entries = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_selected (self->effort_row, 1);
  algorithm_cb (self);
}

void
vai_training_settings_set_dated (VaiTrainingSettings *self, gboolean dated)
{
  g_return_if_fail (VAI_IS_TRAINING_SETTINGS (self));

  gtk_widget_set_visible (GTK_WIDGET (self->validation_row), dated);
  gtk_widget_set_visible (GTK_WIDGET (self->dated_row), !dated);
  adw_preferences_group_set_description (self->test_group,
                                         dated ? _ ("By date is nearer to how you will use it") : NULL);
}

const char *
vai_training_settings_get_problem (VaiTrainingSettings *self)
{
  g_return_val_if_fail (VAI_IS_TRAINING_SETTINGS (self), NULL);
  return self->problem;
}

void
vai_training_settings_apply (VaiTrainingSettings *self, VaiTrainOptions *options)
{
  VaiHyperparameters defaults;
  VaiParameter parameter;

  g_return_if_fail (VAI_IS_TRAINING_SETTINGS (self));
  g_return_if_fail (self->problem == NULL);

  options->algorithm = chosen_algorithm (self);
  options->effort = efforts[MIN (adw_combo_row_get_selected (self->effort_row), G_N_ELEMENTS (efforts) - 1)];
  options->by_date = !gtk_widget_get_visible (GTK_WIDGET (self->validation_row))
                     || adw_combo_row_get_selected (self->validation_row) == 0;
  read_seed (self, &options->seed);
  vai_hyperparameters_init (&defaults, options->algorithm);
  for (guint i = 0; i < self->entries->len && vai_hyperparameters_get (&defaults, i, &parameter); i++)
    {
      g_autofree char *typed = dup_typed (g_ptr_array_index (self->entries, i));
      if (typed != NULL)
        g_ptr_array_add (options->parameters, g_strdup_printf ("%s=%s", parameter.name, typed));
    }
}
