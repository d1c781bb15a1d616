/* Every row of a file, or of a dataset, is scored: into a file with every input row in order, into the workspace, or
 * both.
 *
 * The file repeats the input's columns with their cells as they stood, then adds win_probability, probability_low,
 * probability_high, confidence, verdict, note and, when asked for, contribution:COL of every feature, contribution:base
 * and contribution:calibration (log-odds that add up to logit (win_probability)). A row that cannot be scored keeps its
 * line with these empty and the reason in note; cells beyond the header are told there too. The added columns always
 * have these names: an input column of the same name is written as "NAME (input)". */
#pragma once

#include "vai-job.h"
#include "vai-quotes.h"
#include "vai-scorer.h"

G_BEGIN_DECLS

#define VAI_TYPE_JOB_SCORE (vai_job_score_get_type ())
G_DECLARE_FINAL_TYPE (VaiJobScore, vai_job_score, VAI, JOB_SCORE, VaiJob)

/* @store: where datasets and models come from and predictions go; nullable. */
VaiJobScore *vai_job_score_new (VaiStore *store);

typedef struct
{
  char *model_path;        /* a model file, or … */
  char *model_id;          /* … a model of the store */
  char *path;              /* the quotes: a file, or … */
  char *dataset_id;        /* … a dataset of the store */
  VaiImportOptions import; /* of the file; the types of the model's columns win over .types */
  char *output;            /* nullable: *.csv or *.xlsx; not the input itself */
  gboolean contributions;  /* in the output */
  gboolean keep;           /* predictions are kept in the store; needs a store and a model of it */
  guint threads;           /* 0: all */
} VaiScoreOptions;

/* To be filled in before the run. Owned by @self. */
VaiScoreOptions *vai_job_score_get_options (VaiJobScore *self);

/* Rows scored and kept in the workspace at once: each is a row with its inputs and contributions, about 2 KiB. */
#define VAI_SCORE_KEEP_ROWS_MAX 200000

/* Results, owned by @self. */
typedef struct
{
  guint64 n_rows, n_scored, n_not_scored;
  guint64 n_verdicts[VAI_N_VERDICTS];
  double mean_probability; /* NaN: none scored */
  GPtrArray *renamed;      /* of char*: input columns written under another name */
  GPtrArray *missing;      /* of char*: features of the model that the input lacks */
  char *batch_id;          /* nullable: of the predictions kept */
} VaiScoreResult;

const VaiScoreResult *vai_job_score_get_result (VaiJobScore *self);
VaiModel *vai_job_score_get_model (VaiJobScore *self);

G_END_DECLS
