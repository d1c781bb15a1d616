/* What would change the chance of one quote: the cheapest path to yes, and the curve of one field. Exhaustive over
 * values that were seen, so it always ends and equals brute force. */
#pragma once

#include "vai-scorer.h"

G_BEGIN_DECLS

#define VAI_ADVICE_CHANGES_MAX 2

typedef struct
{
  guint feature;
  char *from, *to; /* owned, as vai_frame_dup_text() */
} VaiChange;

typedef struct
{
  guint n_changes;
  VaiChange changes[VAI_ADVICE_CHANGES_MAX];
  VaiScore score; /* after them */
  double gain;    /* in win probability */
  double cost;    /* in margin given up (currency units) where price, discount or margin moves, else steps of the usual
                     spread */
  gboolean cost_is_money;
  double steps; /* of the usual spread (a category is one), of the changes that give up no margin; weighted when weights
                   are given */
  double earnings; /* change of what is earned on average: chance × margin where the cost is known, else chance × net
                      price; NaN: no price known */
  gboolean earnings_are_margin;
} VaiRecommendation;

typedef struct
{
  const guint *features; /* those that may change; NULL: the schema's actionable ones */
  guint n_features;
  const guint *locked; /* nullable: never move */
  guint n_locked;
  const double
      *weights;  /* nullable: cost of one usual step, by schema feature; then money is no cost, and all is one scale */
  double target; /* NaN: none. The cheapest that reach it come first */
  guint n_max;   /* recommendations wanted */
} VaiAdviceOptions;

/* Of VaiRecommendation, each with a greater chance than the quote as it is, ordered by reaching the target, then cost
 * (money first, then steps), then gain. Each costs more than the one before it and gives more; what does not is left
 * out. None for a quote that no past quote is like, or that is at the target already; no value that its curve would
 * show without support. The rules of the search are in the .c. Error USAGE for a feature that is free text or not
 * there. */
GPtrArray *vai_advice_recommend (VaiScorer *scorer,
                                 const VaiFrame *frame,
                                 guint row,
                                 const VaiAdviceOptions *options,
                                 GCancellable *cancellable,
                                 GError **error);
/* Does the change give up more than the chance it brings is worth? */
gboolean vai_recommendation_loses (const VaiRecommendation *self);

void vai_recommendation_free (VaiRecommendation *self);

typedef struct
{
  double x; /* value of the field */
  VaiScore score;
  double expected_revenue; /* NaN: no price known */
  double expected_margin;  /* NaN: no cost known */
  gboolean supported;      /* at least 5 past quotes that look alike but for this field had about this value */
} VaiCurvePoint;

typedef struct
{
  guint feature;
  GArray *points;      /* of VaiCurvePoint, ascending */
  gboolean confounded; /* past discounts went to hard deals: the real effect may be stronger */
  double
      confounded_from; /* the value from which past quotes were harder than average by their other fields; NaN: none */
} VaiCurve;

/* At round values of @feature. Never falling in a discount and never rising in a price or margin, whatever the model
 * learnt (least squares under that order), and through the present score. Error USAGE when the field is not a number.
 */
VaiCurve *vai_advice_curve (VaiScorer *scorer,
                            const VaiFrame *frame,
                            guint row,
                            guint feature,
                            GCancellable *cancellable,
                            GError **error);
void vai_curve_free (VaiCurve *self);

/* Partial dependence over the reference rows: mean calibrated probability at each grid value, with the number of
 * reference rows near it. */
typedef struct
{
  GPtrArray *labels; /* of char* */
  GArray *x;         /* of double; index for categories */
  GArray *probability;
  GArray *support; /* of guint */
} VaiPartialDependence;

VaiPartialDependence *
vai_advice_partial_dependence (VaiScorer *scorer, guint feature, GCancellable *cancellable, GError **error);
void vai_partial_dependence_free (VaiPartialDependence *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiCurve, vai_curve_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiPartialDependence, vai_partial_dependence_free)

G_END_DECLS
