/* The receipt of a saved score: which model said it, of which inputs, and what. Kept as JSON in the notes of the
 * prediction, so that anybody can later see that the same model still says the same of the same quote. */
#pragma once

#include "vai-store.h"

G_BEGIN_DECLS

typedef enum
{
  VAI_RECEIPT_SAME,           /* the model says the same again, as the receipt has it */
  VAI_RECEIPT_SAME_UNSIGNED,  /* the same again, but no receipt was kept */
  VAI_RECEIPT_INPUTS_CHANGED, /* the inputs are not those of the receipt */
  VAI_RECEIPT_MODEL_CHANGED,  /* the model is not the one of the receipt */
  VAI_RECEIPT_DIFFERS,        /* another chance than what was kept */
} VaiReceiptFinding;

typedef struct
{
  VaiReceiptFinding finding;
  double said; /* the chance as it was saved */
  double now;  /* and as it comes out now */
} VaiReceiptCheck;

/* Puts {"receipt":{"model":…,"inputs":…,"win_probability":…}} into the notes of @row, which is not stored yet: the
 * model's vai_model_fingerprint() and the sha256, hex, of the inputs as they are stored. Errors: those of
 * vai_store_load_model(). */
gboolean vai_receipt_write (VaiStore *store, VaiPredictionRow *row, GError **error);

/* The same for many rows of one model: its fingerprint, found once. Free with g_free(). */
char *vai_receipt_dup_fingerprint (VaiStore *store, const char *model_id, GError **error);
void vai_receipt_sign (VaiPredictionRow *row, const char *fingerprint);

/* Scores the prediction again with its model and compares. Errors: those of vai_store_get_prediction() and
 * vai_store_load_model(); DAMAGED when the inputs cannot be read. */
gboolean vai_receipt_verify (VaiStore *store, const char *prediction_id, VaiReceiptCheck *check, GError **error);

/* The same of a score that was written down as “prediction show --json” prints it: of the workspace only the model is
 * needed. Errors: NOT_FOUND, NOT_READABLE, FOREIGN when the file is no such document. */
#define VAI_RECEIPT_FILE_MAX                                                                                           \
  (16 * 1024 * 1024) /* a prediction of thousands of columns with all its reasons is far smaller */
gboolean vai_receipt_verify_file (VaiStore *store, const char *path, VaiReceiptCheck *check, GError **error);

/* "same", "same_unsigned", "inputs_changed", "model_changed", "differs". */
const char *vai_receipt_finding_name (VaiReceiptFinding finding);

/* What was found, as a sentence; free with g_free(). */
char *vai_receipt_dup_words (const VaiReceiptCheck *check);

G_END_DECLS
