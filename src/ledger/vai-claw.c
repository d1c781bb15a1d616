#include "vai-claw.h"

static gint64
get_share (const VaiClawPayment *payment)
{
  g_return_val_if_fail (payment->paid > 0 && payment->granted >= 0, 0);
  gint64 gone;
  if (__builtin_add_overflow (payment->refunded, payment->withdrawn, &gone)
      || __builtin_sub_overflow (gone, payment->reinstated, &gone) || gone >= payment->paid)
    return payment->granted;
  if (gone <= 0)
    return 0;
  return (gint64) ((__int128) payment->granted * gone / payment->paid);
}

gint64
vai_claw_target (const VaiClawPayment *payment)
{
  gint64 share = get_share (payment);
  return MAX (MIN (share, payment->taken), share - payment->expired);
}

VaiClawPlan
vai_claw_plan (gint64 target, gint64 posted, gint64 available)
{
  gint64 take = target - posted;
  if (take <= 0)
    return (VaiClawPlan){ .give = -take };
  gint64 from_available = CLAMP (available, 0, take);
  return (VaiClawPlan){ .take_available = from_available, .take_debt = take - from_available };
}
