/* The scorers of published models that were asked for last, ready in memory. */
#pragma once

#include "vai-call.h"
#include "vai-scorer.h"

G_BEGIN_DECLS

typedef struct _VaiServedModel VaiServedModel;

/* The scorer of model @id of the one who calls; unref with vai_served_model_unref(). NULL: @refusal is set, for a model
 * that is not there or is not hers, or that cannot be read. */
VaiServedModel *vai_scorers_get (VaiCall *call, const char *id, VaiReply **refusal);

VaiScorer *vai_served_model_get_scorer (VaiServedModel *self);
const char *vai_served_model_get_fingerprint (VaiServedModel *self);
void vai_served_model_unref (VaiServedModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiServedModel, vai_served_model_unref)

G_END_DECLS
