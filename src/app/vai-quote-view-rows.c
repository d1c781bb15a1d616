/* Proposals and past quotes, as rows. */
#include "vai-quote-view-private.h"

#include "vai-format.h"
#include "vai-quote-value.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Steps of the usual spread, which holds half of the past quotes; a category is one. */
#define SMALL_STEPS 0.5
#define USUAL_STEPS 1.5

/* Differing fields told of a past quote: the most important ones. */
#define DIFFERENCES_MAX 3

static void
clear_box (GtkBox *box)
{
  for (GtkWidget *child; (child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL;)
    gtk_box_remove (box, child);
}

static GtkWidget *
add_label (GtkBox *box, const char *text, gboolean markup, const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);

  if (markup)
    gtk_label_set_markup (GTK_LABEL (label), text);
  else
    gtk_label_set_label (GTK_LABEL (label), text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (box, label);
  return label;
}

/* “<b>3 weeks</b> Delivery, <b>8%</b> Discount instead of 6%”. */
static char *
dup_change (VaiQuoteView *self, const VaiChange *change, gboolean markup)
{
  const VaiFrame *frame = vai_quote_form_get_frame (self->form);
  g_autoptr (VaiFrame) after = vai_frame_new_empty (frame->schema, 1);
  const char *name = vai_schema_feature (frame->schema, change->feature)->name;

  vai_frame_set_text (after, 0, name, change->to, NULL);
  g_autofree char *value = vai_quote_dup_value (after, 0, change->feature);
  if (!markup)
    return g_strdup_printf ("%s %s", name, value);
  vai_frame_set_text (after, 0, name, change->from, NULL);
  g_autofree char *was = vai_quote_dup_value (after, 0, change->feature);
  return g_markup_printf_escaped (_ ("%s <b>%s</b> instead of %s"), name, value, was);
}

static char *
dup_changes (VaiQuoteView *self, const VaiRecommendation *proposal, gboolean markup)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < proposal->n_changes; i++)
    {
      g_autofree char *change = dup_change (self, &proposal->changes[i], markup);
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", change);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Without price and discount the margin that is given up has no figure. */
static gboolean
moves_money (const VaiQuoteValue *value, const VaiRecommendation *proposal)
{
  for (guint i = 0; i < proposal->n_changes; i++)
    if (vai_quote_value_is_money (value, proposal->changes[i].feature))
      return TRUE;
  return FALSE;
}

/* A change that gives up no margin still asks for something: how much, in steps of the usual spread. */
static const char *
effort (double steps)
{
  if (steps <= SMALL_STEPS)
    return _ ("The price stays · a small change");
  return steps <= USUAL_STEPS ? _ ("The price stays · a usual change") : _ ("The price stays · a large change");
}

/* More chance of so much less that less is earned on average. */
static void
append_loss (VaiQuoteView *self, GString *text, const VaiRecommendation *proposal)
{
  if (!vai_recommendation_loses (proposal))
    return;
  g_autofree char *loss = vai_format_money (-proposal->earnings, vai_quote_view_find_currency (self));
  g_string_append (text, " · ");
  g_string_append_printf (text,
                          proposal->earnings_are_margin ? _ ("not worth it: the expected margin falls by %s")
                                                        : _ ("not worth it: the expected revenue falls by %s"),
                          loss);
}

static char *
dup_cost (VaiQuoteView *self, const VaiRecommendation *proposal)
{
  g_autoptr (GString) text = g_string_new (NULL);
  VaiQuoteValue value;

  vai_quote_value_init (&value, vai_quote_form_get_frame (self->form)->schema);
  if (proposal->cost_is_money && proposal->cost > 0)
    {
      g_autofree char *money = vai_format_money (proposal->cost, vai_quote_view_find_currency (self));
      g_string_append_printf (text, _ ("Costs %s"), money);
    }
  else if (!proposal->cost_is_money && moves_money (&value, proposal))
    g_string_append (text, _ ("Cost unknown without the price"));
  else
    g_string_append (text, proposal->cost_is_money ? _ ("Costs nothing") : effort (proposal->steps));
  if (proposal->score.win_probability >= vai_quote_view_get_target (self))
    g_string_append_printf (text, " · %s", _ ("reaches your target"));
  else
    g_string_append_printf (text, ngettext (" · %u similar quote", " · %u similar quotes", proposal->score.n_similar),
                            proposal->score.n_similar);
  append_loss (self, text, proposal);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
vai_quote_view_has_proposals (VaiQuoteView *self)
{
  return self->insight != NULL && self->insight->proposals->len > 0 && !vai_quote_hero_is_hidden (self->hero);
}

void
vai_quote_view_try_proposal (VaiQuoteView *self, guint index)
{
  g_autoptr (GPtrArray) proposals
      = self->insight != NULL ? g_ptr_array_ref (self->insight->proposals) : g_ptr_array_new ();

  if (index >= proposals->len)
    return;
  const VaiRecommendation *proposal = g_ptr_array_index (proposals, index);
  for (guint i = 0; i < proposal->n_changes; i++)
    vai_quote_form_try (self->form, proposal->changes[i].feature, proposal->changes[i].to);
  g_signal_emit_by_name (self->form, "changed");
  adw_view_stack_set_visible_child_name (self->tabs, "quote");
}

static void
try_cb (GtkButton *button, VaiQuoteView *self)
{
  vai_quote_view_try_proposal (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "proposal")));
}

static void
add_proposal (VaiQuoteView *self, guint index)
{
  const VaiRecommendation *proposal = g_ptr_array_index (self->insight->proposals, index);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *numbers = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_button_new_with_label (_ ("Try"));
  g_autofree char *changes = dup_changes (self, proposal, TRUE);
  g_autofree char *plain = dup_changes (self, proposal, FALSE);
  g_autofree char *cost = dup_cost (self, proposal);
  g_autofree char *chance = vai_format_probability (proposal->score.win_probability);
  g_autofree char *gain = vai_format_points (proposal->gain);
  g_autofree char *name = g_strdup_printf (_ ("Try %s"), plain);

  gtk_widget_add_css_class (row, index == 0 && !vai_recommendation_loses (proposal) ? "best-step" : "step");
  gtk_label_set_wrap (GTK_LABEL (add_label (GTK_BOX (words), changes, TRUE, NULL)), TRUE);
  GtkWidget *cost_label = add_label (GTK_BOX (words), cost, FALSE, "caption");
  gtk_widget_add_css_class (cost_label, "dim-label");
  gtk_label_set_wrap (GTK_LABEL (cost_label), TRUE);
  gtk_widget_set_hexpand (words, TRUE);
  GtkWidget *chance_label = add_label (GTK_BOX (numbers), chance, FALSE, "heading");
  GtkWidget *gain_label = add_label (GTK_BOX (numbers), gain, FALSE, "won");
  gtk_widget_add_css_class (chance_label, "numeric");
  gtk_widget_add_css_class (gain_label, "caption");
  gtk_label_set_xalign (GTK_LABEL (chance_label), 1);
  gtk_label_set_xalign (GTK_LABEL (gain_label), 1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "proposal", GUINT_TO_POINTER (index));
  g_signal_connect_object (button, "clicked", G_CALLBACK (try_cb), self, 0);
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), numbers);
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (self->path_rows, row);
}

static gboolean
reaches_target (VaiQuoteView *self)
{
  const GPtrArray *proposals = self->insight->proposals;
  double target = vai_quote_view_get_target (self);

  for (guint i = 0; i < proposals->len; i++)
    if (((const VaiRecommendation *) g_ptr_array_index (proposals, i))->score.win_probability >= target)
      return TRUE;
  return self->score.win_probability >= target;
}

static void
show_path (VaiQuoteView *self)
{
  g_autofree char *target = vai_format_percent (vai_quote_view_get_target (self));
  g_autoptr (GString) note = g_string_new (NULL);
  g_autoptr (GArray) locked = vai_quote_form_dup_locked (self->form);

  clear_box (self->path_rows);
  for (guint i = 0; i < self->insight->proposals->len; i++)
    add_proposal (self, i);
  if (self->score.n_similar == 0)
    {
      gtk_label_set_label (self->path_note,
                           _ ("None of your past quotes is like this one: there is no ground to propose a change."));
      return;
    }
  if (!reaches_target (self))
    g_string_append_printf (note, _ ("No change within your reach lifts this to %s. "), target);
  else if (self->score.win_probability >= vai_quote_view_get_target (self))
    {
      g_string_append_printf (note, _ ("It has reached %s already: nothing need change."), target);
      gtk_label_set_label (self->path_note, note->str);
      return;
    }
  for (guint i = 0; i < locked->len; i++)
    g_string_append_printf (
        note, _ ("%s is locked. "),
        vai_schema_feature (vai_quote_form_get_frame (self->form)->schema, g_array_index (locked, guint, i))->name);
  g_string_append (note, _ ("At most two changes, only values you have used before."));
  gtk_label_set_label (self->path_note, note->str);
}

char *
vai_quote_view_dup_best_step (VaiQuoteView *self)
{
  if (!vai_quote_view_has_proposals (self))
    return NULL;
  const VaiRecommendation *proposal = g_ptr_array_index (self->insight->proposals, 0);
  if (vai_recommendation_loses (proposal))
    return NULL;
  g_autofree char *changes = dup_changes (self, proposal, FALSE);
  g_autofree char *chance = vai_format_probability (proposal->score.win_probability);
  return g_strdup_printf ("%s, %s", changes, chance);
}

/* Past quotes. */

static gboolean
differs (const VaiFrame *frame, const VaiFrame *past, guint row, guint feature)
{
  g_autofree char *mine = vai_quote_dup_value (frame, 0, feature);
  g_autofree char *theirs = vai_quote_dup_value (past, row, feature);

  return !g_str_equal (mine, theirs);
}

static int
next_difference (const VaiModel *model, const VaiFrame *frame, const VaiFrame *past, guint row, gboolean *taken)
{
  int best = -1;

  for (guint i = 0; i < frame->n_features; i++)
    if (!taken[i] && (best < 0 || model->importance[i] > model->importance[best]) && differs (frame, past, row, i))
      best = i;
  if (best >= 0)
    taken[best] = TRUE;
  return best;
}

static char *
dup_differences (const VaiModel *model, const VaiFrame *frame, const VaiFrame *past, guint row)
{
  g_autofree gboolean *taken = g_new0 (gboolean, frame->n_features + 1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint n = 0; n < DIFFERENCES_MAX; n++)
    {
      int feature = next_difference (model, frame, past, row, taken);
      if (feature < 0)
        break;
      g_autofree char *value = vai_quote_dup_value (past, row, feature);
      g_autofree char *words
          = g_markup_printf_escaped ("%s <b>%s</b>", vai_schema_feature (frame->schema, feature)->name, value);
      g_string_append_printf (text, "%s%s", n > 0 ? ", " : "", words);
    }
  if (text->len == 0)
    g_string_append (text, _ ("the same in everything"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_look_alike (VaiQuoteView *self, guint32 row, gboolean won)
{
  const VaiModel *model = vai_loaded_model_get_model (self->loaded);
  const VaiReference *reference = &model->reference;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *mark = gtk_label_new (won ? "●" : "◇");
  const char *style = won ? "won" : "lost";
  g_autofree char *differences = dup_differences (model, vai_quote_form_get_frame (self->form), reference->frame, row);
  const char *name = reference->names != NULL ? reference->names[row] : NULL;

  gtk_widget_add_css_class (mark, style);
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), mark);
  gtk_widget_set_valign (add_label (GTK_BOX (box), won ? _ ("Won") : _ ("Lost"), FALSE, style), GTK_ALIGN_START);
  if (name != NULL)
    {
      GtkWidget *label = add_label (GTK_BOX (box), name, FALSE, NULL);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), 10);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 12);
      gtk_widget_set_valign (label, GTK_ALIGN_START);
      gtk_widget_set_tooltip_text (label, name);
    }
  GtkWidget *words = add_label (GTK_BOX (box), differences, TRUE, "caption");
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (self->similar_rows, box);
}

static void
show_similar (VaiQuoteView *self)
{
  const VaiQuoteInsight *insight = self->insight;
  guint n = self->score.n_similar, won = self->score.n_similar_won;

  clear_box (self->similar_rows);
  for (guint i = 0; i < insight->n_won; i++)
    add_look_alike (self, insight->won[i], TRUE);
  for (guint i = 0; i < insight->n_lost; i++)
    add_look_alike (self, insight->lost[i], FALSE);
  g_autofree char *note = insight->n_won + insight->n_lost == 0 ? g_strdup (_ ("No past quote is like this one."))
                          : n == 0 ? g_strdup (_ ("No past quote is like this one; these come nearest."))
                                   : g_strdup_printf (ngettext ("Of the %u quote like this one, %u was won.",
                                                                "Of the %u quotes like this one, %u were won.", n),
                                                      n, won);
  gtk_label_set_label (self->similar_note, note);
}

/* Where the chance is kept back, what is drawn or proposed from it is a guess as well. */
static void
show_hidden (VaiQuoteView *self)
{
  clear_box (self->path_rows);
  gtk_widget_set_visible (self->confounded, FALSE);
  gtk_label_set_label (self->path_note, _ ("Too few past quotes are like this one: a curve of its chance, or a change "
                                           "that would lift it, would be a guess too."));
}

static void
show_blank (VaiQuoteView *self)
{
  clear_box (self->path_rows);
  clear_box (self->similar_rows);
  gtk_widget_set_visible (self->confounded, FALSE);
  gtk_label_set_label (self->path_note,
                       _ ("Fill in the quote: the changes that would lift its chance then stand here."));
  gtk_label_set_label (self->similar_note, _ ("Fill in the quote: past quotes like it then stand here."));
}

void
vai_quote_view_show_insight (VaiQuoteView *self)
{
  if (self->blank)
    {
      show_blank (self);
      return;
    }
  show_similar (self);
  if (vai_quote_hero_is_hidden (self->hero))
    {
      show_hidden (self);
      return;
    }
  const VaiSchema *schema = vai_quote_form_get_frame (self->form)->schema;
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->curve_field));

  show_path (self);
  gtk_widget_set_visible (self->confounded, self->insight->confounded && chosen < self->curve_features->len);
  if (!self->insight->confounded || chosen >= self->curve_features->len)
    return;
  const VaiFeature *feature = vai_schema_feature (schema, g_array_index (self->curve_features, guint, chosen));
  /* Above the least ever given means always. */
  const char *unit = vai_feature_unit (feature);
  g_autofree char *from = self->insight->confounded_from > feature->seen[1]
                              ? vai_format_value (self->insight->confounded_from, MIN (feature->decimals, 6))
                              : NULL;
  g_autofree char *text
      = from != NULL
            ? g_strdup_printf (_ ("Above %s%s you discounted mostly hard deals: the real effect may be stronger."),
                               from, unit != NULL ? unit : "")
            : g_strdup (_ ("Past discounts went mostly to hard deals: the real effect may be stronger."));
  gtk_label_set_label (self->confounded_text, text);
}
