/* How many credits of a payment go back when its money does, and from where they are taken. No input or output: the
 * server and the simulator call the same. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 granted;    /* credits that the payment gave */
  gint64 paid;       /* minor units, above 0 */
  gint64 refunded;   /* and what is being refunded */
  gint64 withdrawn;  /* by disputes */
  gint64 reinstated; /* of what was withdrawn */
  gint64 taken;      /* credits of its own that went back already, where these end with a month */
  gint64 expired;    /* credits of its own that ended unused */
} VaiClawPayment;

/* Credits that are to be back now: its share, min (granted, granted × (refunded + withdrawn − reinstated) ÷ paid),
 * rounded down, never below 0. What expired has left its owner: of the share only what is above that is still to come
 * from elsewhere. */
gint64 vai_claw_target (const VaiClawPayment *payment);

/* What is posted to get from what was posted to the target. All ≥ 0; takes and gives exclude each other. */
typedef struct
{
  gint64 take_available; /* available → clawed */
  gint64 take_debt;      /* debt → clawed: what was spent is owed */
  gint64 give;           /* clawed → available, from where a debt is paid first */
} VaiClawPlan;

/* @available is what can be taken at once. */
VaiClawPlan vai_claw_plan (gint64 target, gint64 posted, gint64 available);

G_END_DECLS
