/* The cheapest path to yes: an exhaustive search, so it always ends and can be checked by plain loops.
 *
 * Tried is every change of one field, and of two, among the fields that may move, to each value that enough past quotes
 * had (see vai-edit.h). Not tried are: a price raised, a discount or a margin moved to earn more (that such a change
 * wins is how past discounts were given, never advice), two of price, discount and margin at once (they are one lever),
 * a price or margin that is not known now. Dropped is what gains less than half a point, and what leads to a quote with
 * fewer similar past ones than a verdict needs, unless the quote had as few before; a number that too few quotes like
 * it but for this field had, where its curve is greyed; and always a quote that no past one is like. */
#include "vai-advice.h"

#include "vai-edit.h"
#include "vai-error.h"
#include "vai-neighbours.h"
#include "vai-quote-value.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#define GAIN_MIN 0.005
#define VALUES_MAX 24 /* of a field: steps of about 4 % of the past quotes */
#define VALUES_MIN 4
#define CANDIDATES_MAX 40000 /* about half a second; with many fields each gets fewer values */
#define BLOCK_ROWS 2048      /* scored at once */
#define BLOCK_CELLS 4000000  /* bounds the memory of a block of very wide quotes */

typedef struct
{
  guint n;
  VaiEdit edits[VAI_ADVICE_CHANGES_MAX];
  VaiScore score;
  double gain, money, steps, earnings;
  gboolean reached, is_money;
  gboolean idle;                        /* a pair that gains no more than one of its halves */
  guint halves[VAI_ADVICE_CHANGES_MAX]; /* of a pair: its single changes, by index */
  guint index;                          /* in the order of the search: decides between equals */
} Candidate;

typedef struct
{
  VaiScorer *scorer;
  const VaiModel *model;
  const VaiFrame *frame;
  guint row;
  const VaiAdviceOptions *options;
  VaiQuoteValue value;
  VaiScore now;
  GPtrArray *choices; /* of GArray of VaiEdit: the values of each field that may move */
  GArray *candidates; /* of Candidate */
} Search;

static void
search_clear (Search *self)
{
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_clear_pointer (&self->candidates, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

gboolean
vai_recommendation_loses (const VaiRecommendation *self)
{
  /* What rounds to nothing is none. */
  return self->earnings <= -0.5;
}

void
vai_recommendation_free (VaiRecommendation *self)
{
  if (self == NULL)
    return;
  for (guint c = 0; c < self->n_changes; c++)
    {
      g_free (self->changes[c].from);
      g_free (self->changes[c].to);
    }
  g_free (self);
}

static gboolean
contains (const guint *features, guint n, guint feature)
{
  for (guint i = 0; i < n; i++)
    if (features[i] == feature)
      return TRUE;
  return FALSE;
}

static gboolean
check_feature (const Search *self, guint f, GError **error)
{
  if (f >= self->frame->n_features)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, _ ("There is no column number %u in this model."), f);
      return FALSE;
    }
  const VaiFeature *feature = vai_schema_feature (self->model->schema, f);
  if (feature->type != VAI_TYPE_TEXT)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
               _ ("“%s” is free text: no value of it can be recommended. Name a number, a date or a category."),
               feature->name);
  return FALSE;
}

/* The fields that may move, in the order of the schema. */
static GArray *
movable_features (const Search *self, GError **error)
{
  const VaiAdviceOptions *options = self->options;
  g_autoptr (GArray) movable = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; options->features != NULL && i < options->n_features; i++)
    if (!check_feature (self, options->features[i], error))
      return NULL;
  for (guint f = 0; f < self->frame->n_features; f++)
    {
      const VaiFeature *feature = vai_schema_feature (self->model->schema, f);
      gboolean wanted = options->features != NULL ? contains (options->features, options->n_features, f)
                                                  : feature->actionable && feature->type != VAI_TYPE_TEXT;
      if (wanted && !contains (options->locked, options->n_locked, f))
        g_array_append_val (movable, f);
    }
  return g_steal_pointer (&movable);
}

/* What a step starts from: an empty discount is none, another empty number the median. */
static double
present_number (const Search *self, guint f)
{
  double x = self->frame->columns[f].numbers[self->row];
  if (!isnan (x))
    return x;
  return (int) f == self->value.discount ? 0
                                         : vai_schema_feature (self->model->schema, f)->seen[VAI_N_SEEN_QUANTILES / 2];
}

/* @similar: values of the quotes that look alike but for this field; NULL for a category. */
static gboolean
may_try (const Search *self, const VaiEdit *edit, const GArray *similar)
{
  const VaiFrameColumn *column = &self->frame->columns[edit->feature];
  if (column->type == VAI_TYPE_CATEGORY)
    return edit->code != column->codes[self->row];
  const VaiFeature *feature = vai_schema_feature (self->model->schema, edit->feature);
  if (vai_neighbours_support (feature, similar, edit->number) < VAI_SUPPORT_MIN)
    return FALSE;
  int giving = vai_quote_value_giving (&self->value, edit->feature);
  if (giving != 0 && isnan (column->numbers[self->row]) && (int) edit->feature != self->value.discount)
    return FALSE;
  return giving != 0 ? giving * (edit->number - present_number (self, edit->feature)) > 0
                     : edit->number != column->numbers[self->row];
}

static guint
values_of_each (guint n_movable)
{
  guint pairs = MAX (n_movable * (n_movable - 1) / 2, 1);
  return CLAMP ((guint) sqrt (CANDIDATES_MAX / pairs), VALUES_MIN, VALUES_MAX);
}

static void
find_choices (Search *self, const GArray *movable)
{
  const VaiNeighbours *neighbours = vai_scorer_get_neighbours (self->scorer);
  self->choices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint i = 0; i < movable->len; i++)
    {
      guint f = g_array_index (movable, guint, i);
      g_autoptr (GArray) similar = self->frame->columns[f].numbers != NULL
                                       ? vai_neighbours_values (neighbours, self->frame, self->row, f)
                                       : NULL;
      GArray *values = vai_edit_values (self->model, f, values_of_each (movable->len));
      guint kept = 0;
      for (guint v = 0; v < values->len; v++)
        if (may_try (self, &g_array_index (values, VaiEdit, v), similar))
          g_array_index (values, VaiEdit, kept++) = g_array_index (values, VaiEdit, v);
      g_array_set_size (values, kept);
      g_ptr_array_add (self->choices, values);
    }
}

static const VaiEdit *
single_edit (const Search *self, guint index)
{
  return &g_array_index (self->candidates, Candidate, index).edits[0];
}

static void
add_single (Search *self, const VaiEdit *edit)
{
  Candidate candidate = { .n = 1, .edits = { *edit }, .index = self->candidates->len };
  g_array_append_val (self->candidates, candidate);
}

static void
add_pair (Search *self, guint first, guint second)
{
  Candidate candidate = { .n = 2, .halves = { first, second }, .index = self->candidates->len };
  candidate.edits[0] = *single_edit (self, first);
  candidate.edits[1] = *single_edit (self, second);
  if (!vai_quote_value_is_money (&self->value, candidate.edits[0].feature)
      || !vai_quote_value_is_money (&self->value, candidate.edits[1].feature))
    g_array_append_val (self->candidates, candidate);
}

/* Singles first, field by field; then pairs of each with those of later fields. */
static void
list_candidates (Search *self)
{
  self->candidates = g_array_new (FALSE, TRUE, sizeof (Candidate));
  for (guint i = 0; i < self->choices->len; i++)
    {
      const GArray *values = g_ptr_array_index (self->choices, i);
      for (guint v = 0; v < values->len; v++)
        add_single (self, &g_array_index (values, VaiEdit, v));
    }
  guint n_singles = self->candidates->len;
  for (guint i = 0; i < n_singles; i++)
    for (guint j = i + 1; j < n_singles; j++)
      if (single_edit (self, i)->feature != single_edit (self, j)->feature)
        add_pair (self, i, j);
}

static void
mark_idle (Search *self)
{
  const Candidate *all = (const Candidate *) (void *) self->candidates->data;
  for (guint i = 0; i < self->candidates->len; i++)
    {
      Candidate *pair = &g_array_index (self->candidates, Candidate, i);
      pair->idle = pair->n > 1 && pair->gain <= MAX (all[pair->halves[0]].gain, all[pair->halves[1]].gain);
    }
}

/* Steps of the usual spread: between the quartiles; between the ends where those are equal. */
static double
steps_of (const Search *self, const VaiEdit *edit)
{
  const VaiFeature *feature = vai_schema_feature (self->model->schema, edit->feature);
  if (feature->type == VAI_TYPE_CATEGORY)
    return 1;
  double spread = feature->seen[5] - feature->seen[3];
  if (!(spread > 0))
    spread = feature->seen[VAI_N_SEEN_QUANTILES - 1] - feature->seen[0];
  return spread > 0 ? fabs (edit->number - present_number (self, edit->feature)) / spread : 1;
}

/* @trial holds the changed quote in @after and the quote as it is in @before. */
static void
price_candidate (const Search *self, Candidate *candidate, const VaiFrame *trial, guint before, guint after)
{
  const double *weights = self->options->weights;
  candidate->money = candidate->steps = 0;
  for (guint e = 0; e < candidate->n; e++)
    {
      guint f = candidate->edits[e].feature;
      double money = weights == NULL && vai_quote_value_is_money (&self->value, f)
                         ? vai_quote_value_given_up (&self->value, trial, before, after)
                         : NAN;
      if (!isnan (money))
        {
          candidate->money = money;
          candidate->is_money = TRUE;
        }
      else
        candidate->steps += steps_of (self, &candidate->edits[e]) * (weights != NULL ? weights[f] : 1);
    }
}

/* What the quote earns if it is won: its margin where the cost is known, else its net price. */
static double
earned_if_won (const Search *self, gboolean *is_margin)
{
  double net = vai_quote_value_net (&self->value, self->frame, self->row);
  double cost = vai_quote_value_cost (&self->value, self->frame, self->row);
  *is_margin = !isnan (cost);
  return net < 0 ? NAN : *is_margin ? net - cost : net;
}

/* A greater chance of less: what becomes of the mean. */
static double
change_of_earnings (const Search *self, const Candidate *candidate, const VaiFrame *trial, guint before, guint after)
{
  double given_up = 0;
  gboolean is_margin;
  double earned = earned_if_won (self, &is_margin);
  for (guint e = 0; e < candidate->n; e++)
    if (vai_quote_value_is_money (&self->value, candidate->edits[e].feature))
      given_up = vai_quote_value_given_up (&self->value, trial, before, after);
  return candidate->score.win_probability * (earned - given_up) - self->now.win_probability * earned;
}

static gboolean
score_block (Search *self, VaiFrame *trial, guint from, guint n, GCancellable *cancellable, GError **error)
{
  g_autofree VaiScore *scores = g_new0 (VaiScore, n);
  guint before = trial->n_rows - 1;
  Candidate *block = &g_array_index (self->candidates, Candidate, from);
  for (guint i = 0; i < n; i++)
    for (guint e = 0; e < block[i].n; e++)
      vai_edit_apply (&block[i].edits[e], trial, i);
  if (!vai_scorer_score (self->scorer, trial, NULL, n, 1, scores, NULL, cancellable, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      block[i].score = scores[i];
      block[i].gain = scores[i].win_probability - self->now.win_probability;
      block[i].reached = scores[i].win_probability >= self->options->target;
      price_candidate (self, &block[i], trial, before, i);
      block[i].earnings = change_of_earnings (self, &block[i], trial, before, i);
      for (guint e = 0; e < block[i].n; e++)
        {
          VaiEdit undo = vai_edit_of_cell (trial, before, block[i].edits[e].feature);
          vai_edit_apply (&undo, trial, i);
        }
    }
  return TRUE;
}

static gboolean
score_candidates (Search *self, GCancellable *cancellable, GError **error)
{
  guint block = MIN (BLOCK_ROWS, MAX (BLOCK_CELLS / MAX (self->frame->n_features, 1), 1));
  block = MIN (block, self->candidates->len);
  g_autoptr (VaiFrame) trial = vai_frame_new_empty (self->model->schema, block + 1);
  for (guint i = 0; i <= block; i++)
    vai_frame_copy_row (trial, i, self->frame, self->row);
  for (guint from = 0; from < self->candidates->len; from += block)
    if (!score_block (self, trial, from, MIN (block, self->candidates->len - from), cancellable, error))
      return FALSE;
  return TRUE;
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *x = a, *y = b;
  if (x->reached != y->reached)
    return x->reached ? -1 : 1;
  if (x->money != y->money)
    return x->money < y->money ? -1 : 1;
  if (x->steps != y->steps)
    return x->steps < y->steps ? -1 : 1;
  if (x->gain != y->gain)
    return x->gain > y->gain ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

static VaiRecommendation *
recommendation_new (const Search *self, const Candidate *candidate)
{
  VaiRecommendation *recommendation = g_new0 (VaiRecommendation, 1);
  g_autoptr (VaiFrame) changed = vai_frame_new_empty (self->model->schema, 1);
  vai_frame_copy_row (changed, 0, self->frame, self->row);
  recommendation->n_changes = candidate->n;
  for (guint e = 0; e < candidate->n; e++)
    {
      guint f = candidate->edits[e].feature;
      vai_edit_apply (&candidate->edits[e], changed, 0);
      recommendation->changes[e] = (VaiChange){ .feature = f,
                                                .from = vai_frame_dup_text (self->frame, self->row, f),
                                                .to = vai_frame_dup_text (changed, 0, f) };
    }
  recommendation->score = candidate->score;
  recommendation->gain = candidate->gain;
  recommendation->cost = candidate->is_money ? candidate->money : candidate->steps;
  recommendation->cost_is_money = candidate->is_money;
  recommendation->steps = candidate->steps;
  recommendation->earnings = candidate->earnings;
  earned_if_won (self, &recommendation->earnings_are_margin);
  return recommendation;
}

/* Of the sorted candidates, those that give more than every cheaper one; a new start where the target is no longer
 * reached. */
static GArray *
find_front (const Search *self)
{
  GArray *front = g_array_new (FALSE, FALSE, sizeof (Candidate));
  guint similar_min = CLAMP (self->now.n_similar, 1, VAI_SIMILAR_MIN);
  double best = GAIN_MIN;
  gboolean reached = TRUE;
  for (guint i = 0; i < self->candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (self->candidates, Candidate, i);
      if (reached && !candidate->reached)
        best = GAIN_MIN;
      reached = candidate->reached;
      if (candidate->gain <= best || candidate->idle || candidate->score.n_similar < similar_min)
        continue;
      best = candidate->gain;
      g_array_append_val (front, *candidate);
    }
  return front;
}

/* The cheapest that reach the target; what room is left goes to the others, from the cheapest to the one that gives
 * most. */
static GPtrArray *
pick (const Search *self, const GArray *front)
{
  GPtrArray *picked = g_ptr_array_new_with_free_func ((GDestroyNotify) vai_recommendation_free);
  guint n_reached = 0;
  while (n_reached < front->len && g_array_index (front, Candidate, n_reached).reached)
    n_reached++;
  guint n_others = front->len - n_reached;
  guint room = self->options->n_max > n_reached ? MIN (self->options->n_max - n_reached, n_others) : 0;
  for (guint i = 0; i < MIN (n_reached, self->options->n_max); i++)
    g_ptr_array_add (picked, recommendation_new (self, &g_array_index (front, Candidate, i)));
  for (guint i = 0; i < room; i++)
    {
      guint other = room > 1 ? (guint64) i * (n_others - 1) / (room - 1) : n_others - 1;
      g_ptr_array_add (picked, recommendation_new (self, &g_array_index (front, Candidate, n_reached + other)));
    }
  return picked;
}

GPtrArray *
vai_advice_recommend (VaiScorer *scorer,
                      const VaiFrame *frame,
                      guint row,
                      const VaiAdviceOptions *options,
                      GCancellable *cancellable,
                      GError **error)
{
  g_auto (Search) self
      = { .scorer = scorer, .model = vai_scorer_get_model (scorer), .frame = frame, .row = row, .options = options };
  vai_quote_value_init (&self.value, self.model->schema);
  g_autoptr (GArray) movable = movable_features (&self, error);
  if (movable == NULL || !vai_scorer_score (scorer, frame, &row, 1, 1, &self.now, NULL, cancellable, error))
    return NULL;
  /* Where no past quote is like it, a change has no ground to stand on; at the target there is none to make. */
  if (self.now.n_similar == 0 || self.now.win_probability >= options->target)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) vai_recommendation_free);
  find_choices (&self, movable);
  list_candidates (&self);
  if (!score_candidates (&self, cancellable, error))
    return NULL;
  mark_idle (&self);
  g_array_sort (self.candidates, compare_candidates);
  g_autoptr (GArray) front = find_front (&self);
  return pick (&self, front);
}
