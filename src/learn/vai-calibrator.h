/* From the log-odds a learner gives to a probability that holds. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  VAI_CALIBRATION_NONE,
  VAI_CALIBRATION_SIGMOID, /* Platt 1999, with his smoothed targets */
  VAI_CALIBRATION_BETA,    /* Kull, Silva Filho and Flach 2017 */
  VAI_CALIBRATION_ISOTONIC,
  VAI_N_CALIBRATIONS
} VaiCalibration;

/* Isotonic is not tried under so many rows: it learns noise. */
#define VAI_ISOTONIC_ROWS_MIN 1000

const char *vai_calibration_name (VaiCalibration kind); /* "none", "sigmoid", "beta", "isotonic" */

typedef struct _VaiCalibrator VaiCalibrator;

/* @margins are log-odds of rows that their learner had not seen. Never decreasing in the margin; never 0 or 1. NONE
 * asks for no rows. */
VaiCalibrator *vai_calibrator_fit (VaiCalibration kind, const double *margins, const guint8 *won, gsize n);

/* Fits the kind with the least cross-validated log loss on these rows (folds by group; @groups nullable); the simpler
 * wins a tie within noise. */
VaiCalibrator *
vai_calibrator_choose (const double *margins, const guint8 *won, const guint32 *groups, gsize n, guint64 seed);

VaiCalibration vai_calibrator_get_kind (const VaiCalibrator *self);
double vai_calibrator_apply (const VaiCalibrator *self, double margin);
void vai_calibrator_free (VaiCalibrator *self);

JsonNode *vai_calibrator_to_json (const VaiCalibrator *self);
VaiCalibrator *vai_calibrator_from_json (JsonNode *node, GError **error);

/* log (p / (1 - p)), and back. */
double vai_logit (double probability);
double vai_sigmoid (double margin);

/* What a chance with that margin, a logit, loses by the outcome. */
double vai_log_loss (double margin, gboolean won);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiCalibrator, vai_calibrator_free)

G_END_DECLS
