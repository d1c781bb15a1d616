#include "vai-quote-hero.h"

#include "vai-compat.h"
#include "vai-format.h"
#include "vai-gauge.h"
#include "vai-quote-form.h"
#include "vai-ten-dots.h"
#include "vai-verdict-chip.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* More reasons than a person takes in at a glance. */
#define REASONS_MAX 3

/* In log-odds: a reason that moves the chance by less than about one point is none. */
#define REASON_MIN 0.05

/* More warnings would push the numbers out of sight. */
#define WARNINGS_MAX 3

struct _VaiQuoteHero
{
  AdwBin parent_instance;

  GtkWidget *card, *dots, *gauge, *anyway, *facts;
  GtkLabel *number, *verdict, *sentence, *reasons, *warnings, *status;
  GtkImage *verdict_icon;

  VaiScore score;
  double base_rate;
  char *for_reasons, *against_reasons;
  char *missing; /* what was not filled in, by weight; "" when nothing is missing */
  char *shift;
  gboolean empty; /* nothing is filled in */
  gboolean asked; /* for the number in spite of too few similar quotes */
  gboolean compact, detail;
};

G_DEFINE_FINAL_TYPE (VaiQuoteHero, vai_quote_hero, ADW_TYPE_BIN)

enum
{
  ASKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
vai_quote_hero_dispose (GObject *object)
{
  /* The bin must not hold on to a child that goes with the template. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_QUOTE_HERO);
  G_OBJECT_CLASS (vai_quote_hero_parent_class)->dispose (object);
}

static void
vai_quote_hero_finalize (GObject *object)
{
  VaiQuoteHero *self = VAI_QUOTE_HERO (object);

  g_free (self->for_reasons);
  g_free (self->against_reasons);
  g_free (self->missing);
  g_free (self->shift);
  G_OBJECT_CLASS (vai_quote_hero_parent_class)->finalize (object);
}

static gboolean
is_hidden (const VaiQuoteHero *self)
{
  return self->empty || (self->score.verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR && !self->asked);
}

static char *
dup_too_few (const VaiQuoteHero *self)
{
  g_autofree char *average = vai_format_percent (self->base_rate);

  if (self->score.n_similar >= VAI_SIMILAR_MIN)
    return g_strdup_printf (_ ("Quotes like this one went both ways: any number would be a guess. Your average is %s."),
                            average);
  if (self->score.n_similar == 0)
    return g_strdup_printf (_ ("None of your past quotes is like this one: any number would be a guess. "
                               "Your average is %s."),
                            average);
  return g_strdup_printf (ngettext ("Only %u of your past quotes is like this one: any number would be a guess. "
                                    "Your average is %s.",
                                    "Only %u of your past quotes are like this one: any number would be a guess. "
                                    "Your average is %s.",
                                    self->score.n_similar),
                          self->score.n_similar, average);
}

/* The range is of all quotes with this score, the count of those among them that look like this one too. */
static char *
dup_of_ten (const VaiQuoteHero *self)
{
  const VaiScore *score = &self->score;
  double rate = score->n_similar > 0 ? (double) score->n_similar_won / score->n_similar : NAN;
  char *of_ten = vai_verdict_of_ten (score->low, score->high);

  if (score->n_similar < VAI_SIMILAR_MIN || (rate >= score->low && rate <= score->high))
    return of_ten;
  g_autofree char *all = of_ten;
  return g_strdup_printf (
      "%s %s", all,
      rate < score->low
          ? _ ("That is of all quotes with this score; those that also look like it were won less often.")
          : _ ("That is of all quotes with this score; those that also look like it were won more often."));
}

static char *
dup_sentence (const VaiQuoteHero *self)
{
  g_autofree char *average = vai_format_percent (self->base_rate);

  if (self->empty)
    return g_strdup_printf (_ ("Fill in what you know: the score follows every key. Your average is %s."), average);
  if (self->score.verdict != VAI_VERDICT_NOT_ENOUGH_SIMILAR)
    return dup_of_ten (self);
  g_autofree char *few = dup_too_few (self);
  if (*self->missing == '\0')
    return g_steal_pointer (&few);
  g_autofree char *missing = g_strdup_printf (_ ("Not filled in yet: %s."), self->missing);
  return g_strdup_printf ("%s %s", few, missing);
}

static const char *
verdict_words (const VaiQuoteHero *self)
{
  if (self->empty)
    return _ ("A new quote");
  return self->score.verdict == VAI_VERDICT_NOT_ENOUGH_SIMILAR ? _ ("Not enough similar quotes")
                                                               : vai_verdict_sentence (self->score.verdict);
}

static void
add_fact (VaiQuoteHero *self, const char *icon, const char *text, const char *style)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (box, "caption");
  gtk_widget_add_css_class (box, style);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (self->facts), box);
}

static void
show_facts (VaiQuoteHero *self)
{
  guint n = self->score.n_similar, won = self->score.n_similar_won;
  g_autofree char *similar = g_strdup_printf (ngettext ("%u similar past quote", "%u similar past quotes", n), n);
  g_autofree char *tested = g_strdup_printf (_ ("Tested: %u of %u like it were won"), won, n);
  g_autofree char *relation = vai_verdict_relation (self->score.win_probability, self->base_rate);

  for (GtkWidget *child; (child = gtk_widget_get_first_child (self->facts)) != NULL;)
    gtk_box_remove (GTK_BOX (self->facts), child);
  add_fact (self, "x-office-document-symbolic", similar, "dim-label");
  if (self->shift != NULL)
    add_fact (self, "dialog-warning-symbolic", self->shift, "care");
  if (n >= VAI_SIMILAR_MIN)
    add_fact (self, "vai-model-symbolic", tested, "dim-label");
  if (!is_hidden (self))
    add_fact (self, "vai-scoring-symbolic", relation, "dim-label");
}

static void
show_reasons (VaiQuoteHero *self)
{
  g_autofree char *good = vai_format_markup (self->for_reasons);
  g_autofree char *bad = vai_format_markup (self->against_reasons);
  g_autoptr (GString) text = g_string_new (NULL);

  /* The colours come from the palette of the text around: marks of their own are the words. */
  if (*good != '\0')
    g_string_append_printf (text, "<b>%s</b> %s", _ ("For"), good);
  if (*bad != '\0')
    g_string_append_printf (text, "%s<b>%s</b> %s", text->len > 0 ? "    " : "", _ ("Against"), bad);
  gtk_label_set_markup (self->reasons, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->reasons),
                          text->len > 0 && !is_hidden (self) && (!self->compact || self->detail));
}

static void
show (VaiQuoteHero *self)
{
  const char *const styles[] = { "won", "lost", "neutral" };
  gboolean hidden = is_hidden (self);
  g_autofree char *number = hidden ? g_strdup ("–") : vai_format_probability (self->score.win_probability);
  g_autofree char *sentence = dup_sentence (self);
  gboolean detail = !self->compact || self->detail;

  for (guint i = 0; i < G_N_ELEMENTS (styles); i++)
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->number), styles[i]);
      gtk_widget_remove_css_class (GTK_WIDGET (self->verdict), styles[i]);
      gtk_widget_remove_css_class (GTK_WIDGET (self->verdict_icon), styles[i]);
    }
  const char *style = vai_verdict_style (self->score.verdict);
  gtk_widget_add_css_class (GTK_WIDGET (self->number), style);
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict), style);
  gtk_widget_add_css_class (GTK_WIDGET (self->verdict_icon), style);
  gtk_label_set_label (self->number, number);
  gtk_label_set_label (self->verdict, verdict_words (self));
  gtk_image_set_from_icon_name (self->verdict_icon, vai_verdict_icon (self->score.verdict));
  gtk_label_set_label (self->sentence, sentence);
  vai_ten_dots_set (VAI_TEN_DOTS (self->dots), self->score.low, self->score.high, NULL);
  vai_gauge_set (VAI_GAUGE (self->gauge), self->score.win_probability, self->score.low, self->score.high,
                 self->base_rate, self->score.verdict);
  gtk_widget_set_visible (self->dots, !hidden);
  gtk_widget_set_visible (self->gauge, !hidden && detail);
  gtk_widget_set_visible (self->anyway, hidden && !self->empty);
  gtk_widget_set_visible (GTK_WIDGET (self->sentence), hidden || detail);
  gtk_widget_set_visible (self->facts, !self->compact && !self->empty);
  show_facts (self);
  show_reasons (self);
}

static void
anyway_cb (VaiQuoteHero *self)
{
  self->asked = TRUE;
  show (self);
  g_signal_emit (self, signals[ASKED], 0);
  gtk_widget_grab_focus (self->gauge);
}

void
vai_quote_hero_forget (VaiQuoteHero *self)
{
  g_return_if_fail (VAI_IS_QUOTE_HERO (self));
  self->asked = FALSE;
}

static int
find_reason (const VaiFrame *frame, const double *contributions, double sign, gboolean given, const gboolean *taken)
{
  int best = -1;

  for (guint i = 0; i < frame->n_features; i++)
    if (!taken[i] && given == !vai_frame_is_missing (frame, 0, i) && sign * contributions[i] > REASON_MIN
        && (best < 0 || sign * contributions[i] > sign * contributions[best]))
      best = (int) i;
  return best;
}

/* The features that move the chance most in one direction: “Customer Returning, Delivery 4 weeks”. What was not given
 * comes after all that was. */
static char *
dup_reasons (const VaiFrame *frame, const double *contributions, double sign)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree gboolean *taken = g_new0 (gboolean, frame->n_features + 1);

  for (guint n = 0; n < REASONS_MAX; n++)
    {
      int given = find_reason (frame, contributions, sign, TRUE, taken);
      int best = given >= 0 || n > 0 ? given : find_reason (frame, contributions, sign, FALSE, taken);
      if (best < 0)
        break;
      taken[best] = TRUE;
      g_string_append (text, n > 0 ? ", " : "");
      const char *name = vai_schema_feature (frame->schema, (guint) best)->name;
      g_autofree char *value = vai_quote_dup_value (frame, 0, (guint) best);
      if (given >= 0)
        g_string_append_printf (text, "%s %s", name, value);
      else
        g_string_append_printf (text, _ ("no %s given"), name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The fields that weigh most among those without a value. */
static char *
dup_missing (const VaiModel *model, const VaiFrame *frame)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree gboolean *taken = g_new0 (gboolean, frame->n_features + 1);

  for (guint n = 0; n < REASONS_MAX; n++)
    {
      int best = -1;
      for (guint i = 0; i < frame->n_features; i++)
        if (!taken[i] && vai_frame_is_missing (frame, 0, i)
            && (best < 0 || model->importance[i] > model->importance[best]))
          best = (int) i;
      if (best < 0)
        break;
      taken[best] = TRUE;
      g_string_append_printf (text, "%s%s", n > 0 ? ", " : "", vai_schema_feature (frame->schema, best)->name);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_warnings (VaiQuoteHero *self, GPtrArray *warnings)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < warnings->len && i < WARNINGS_MAX; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (const char *) g_ptr_array_index (warnings, i));
  gtk_label_set_label (self->warnings, text->str);
  gtk_widget_set_visible (GTK_WIDGET (self->warnings), text->len > 0 && !self->compact && !self->empty);
}

void
vai_quote_hero_set (VaiQuoteHero *self,
                    const VaiModel *model,
                    const VaiFrame *frame,
                    gboolean blank,
                    const VaiScore *score,
                    const double *contributions,
                    GPtrArray *warnings)
{
  g_return_if_fail (VAI_IS_QUOTE_HERO (self));

  if (score->verdict != VAI_VERDICT_NOT_ENOUGH_SIMILAR)
    self->asked = FALSE;
  self->score = *score;
  self->base_rate = model->base_rate;
  self->empty = blank;
  g_free (self->missing);
  self->missing = dup_missing (model, frame);
  g_free (self->for_reasons);
  g_free (self->against_reasons);
  self->for_reasons = dup_reasons (frame, contributions, 1);
  self->against_reasons = dup_reasons (frame, contributions, -1);
  show (self);
  show_warnings (self, warnings);
}

void
vai_quote_hero_set_shift (VaiQuoteHero *self, const char *text)
{
  g_return_if_fail (VAI_IS_QUOTE_HERO (self));
  g_free (self->shift);
  self->shift = g_strdup (text);
  if (self->for_reasons != NULL)
    show_facts (self);
}

char *
vai_quote_hero_dup_summary (VaiQuoteHero *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_HERO (self), NULL);

  if (is_hidden (self))
    {
      g_autofree char *sentence = dup_sentence (self);
      return g_strdup_printf ("%s. %s", verdict_words (self), sentence);
    }
  g_autofree char *number = vai_format_probability (self->score.win_probability);
  g_autofree char *low = vai_format_probability (self->score.low);
  g_autofree char *high = vai_format_probability (self->score.high);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, _ ("%s, %s, between %s and %s."), number, gtk_label_get_label (self->verdict), low,
                          high);
  if (*self->for_reasons != '\0')
    g_string_append_printf (text, _ (" For: %s."), self->for_reasons);
  if (*self->against_reasons != '\0')
    g_string_append_printf (text, _ (" Against: %s."), self->against_reasons);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
vai_quote_hero_announce (VaiQuoteHero *self, const char *text)
{
  g_return_if_fail (VAI_IS_QUOTE_HERO (self));
  vai_announce (self->status, text);
}

void
vai_quote_hero_set_compact (VaiQuoteHero *self, gboolean compact, gboolean detail)
{
  g_return_if_fail (VAI_IS_QUOTE_HERO (self));

  if (self->compact == compact && self->detail == detail)
    return;
  self->compact = compact;
  self->detail = detail;
  vai_ten_dots_set_radius (VAI_TEN_DOTS (self->dots), compact ? VAI_TEN_DOTS_RADIUS_COMPACT : VAI_TEN_DOTS_RADIUS);
  if (self->for_reasons != NULL)
    show (self);
}

gboolean
vai_quote_hero_is_hidden (VaiQuoteHero *self)
{
  g_return_val_if_fail (VAI_IS_QUOTE_HERO (self), FALSE);
  return is_hidden (self);
}

static void
vai_quote_hero_class_init (VaiQuoteHeroClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[ASKED]
      = g_signal_new ("asked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  G_OBJECT_CLASS (klass)->dispose = vai_quote_hero_dispose;
  G_OBJECT_CLASS (klass)->finalize = vai_quote_hero_finalize;
  g_type_ensure (VAI_TYPE_TEN_DOTS);
  g_type_ensure (VAI_TYPE_GAUGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-quote-hero.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiQuoteHero, name)
  BIND (card);
  BIND (dots);
  BIND (gauge);
  BIND (anyway);
  BIND (facts);
  BIND (number);
  BIND (verdict);
  BIND (sentence);
  BIND (reasons);
  BIND (warnings);
  BIND (status);
  BIND (verdict_icon);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, anyway_cb);
}

static void
vai_quote_hero_init (VaiQuoteHero *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
