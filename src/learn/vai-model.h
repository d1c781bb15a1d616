/* A trained model: members with weights, one calibrator, the range, what was measured on rows it had not seen, and the
 * past quotes that it compares with. Immutable and thread-safe once made. One file, *.valutai: a zip of parts with
 * their hashes in manifest.json. */
#pragma once

#include "vai-calibrator.h"
#include "vai-member.h"
#include "vai-metrics.h"
#include "vai-range.h"
#include "vai-remark.h"

G_BEGIN_DECLS

/* A part of the training rows that stays with the model, for similar quotes, look-alikes and charts. All of them up to
 * VAI_REFERENCE_ROWS_MAX, else a repeatable sample. */
#define VAI_REFERENCE_ROWS_MAX 20000

typedef struct
{
  VaiFrame *frame; /* owned: features of the reference rows */
  guint8 *won;
  double *margin;      /* out-of-fold, uncalibrated */
  double *probability; /* out-of-fold, calibrated by a calibrator that had not seen the row */
  guint8
      *tested; /* nullable, all: 0 where a walk-forward validation does not test the row, which the metrics leave out */
  guint32 *groups;
  gint64 *opened; /* nullable: seconds since the epoch */
  char **names;   /* nullable: the identifier of each quote as it was written */
} VaiReference;

typedef struct
{
  gatomicrefcount refs;
  VaiSchema *schema;
  VaiAlgorithm algorithm; /* as asked for */
  VaiAlgorithm chosen;    /* what `auto` came to: one algorithm, or auto for a combination */
  GPtrArray *members;     /* of VaiMember */
  double *weights;        /* of each member, on log-odds */
  double intercept;       /* margin = intercept + Σ weight × member margin */
  VaiCalibrator *calibrator;
  VaiRange *range;
  VaiMetrics at_half;      /* label metrics at 0.5 */
  VaiMetrics at_threshold; /* and at the model's threshold */
  double threshold;
  VaiMetrics baseline; /* the base rate under the same validation */
  VaiComparison against_baseline;
  gboolean has_signal; /* better than the base rate beyond noise */
  double base_rate;
  gsize n_rows, n_won, n_open; /* n_rows: decided rows */
  double *importance;          /* by feature: mean |contribution| as a share of the whole, sums to 1 */
  double *permutation;         /* by feature: log loss lost when it is shuffled, out of fold; NaN when not measured */
  char *validation;            /* owned: "cross-validation" or "walk-forward" */
  guint folds, repeats;
  guint64 seed;
  char *data_fingerprint; /* owned: sha256 of the typed training columns */
  VaiReference reference;
  GPtrArray *ignored;        /* of VaiRemark: the columns not learned from, and why */
  GPtrArray *warnings;       /* of VaiRemark */
  JsonNode *hyperparameters; /* owned: of each member */
} VaiModel;

VaiModel *vai_model_new (void);
VaiModel *vai_model_ref (VaiModel *self);
void vai_model_unref (VaiModel *self);

/* Combined, uncalibrated log-odds of @rows (NULL: the first @n_rows). */
gboolean vai_model_margins (const VaiModel *self,
                            const VaiFrame *frame,
                            const guint32 *rows,
                            gsize n_rows,
                            guint threads,
                            double *margins,
                            GError **error);

/* As vai_member_contributions(), of the combination; n_rows × (n_features + 1), base last. */
gboolean vai_model_contributions (const VaiModel *self,
                                  const VaiFrame *frame,
                                  const guint32 *rows,
                                  gsize n_rows,
                                  guint threads,
                                  double *contributions,
                                  GError **error);

/* The file. Equal models give equal bytes: no time, no path, no thread count in it, and its card is in English whatever
 * the language of whoever trained it. @fingerprint, nullable: receives what vai_model_fingerprint() says of it, which
 * need not be unpacked for that. */
GBytes *vai_model_to_bytes (const VaiModel *self, char **fingerprint, GError **error);

/* Every hash is checked and every number looked at before it is used. Errors: FOREIGN, DAMAGED, NEWER, TOO_LARGE. */
VaiModel *vai_model_from_bytes (GBytes *bytes, GError **error);
VaiModel *vai_model_load (const char *path, GError **error);

/* The bytes of a model file, which may be anything yet. Errors NOT_FOUND, NOT_READABLE. */
GBytes *vai_model_read_file (const char *path, GError **error);

/* sha256 over the hashes of the parts, hex: the name of this model. Free with g_free(). */
char *vai_model_fingerprint (GBytes *bytes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiModel, vai_model_unref)

G_END_DECLS
