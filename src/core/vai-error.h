/* The one error domain of ValutAI: codes a person can act on, each with a stable name.
 * Errors of libraries are converted where they enter; context is added on the way up with g_prefix_error(). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define VAI_ERROR (vai_error_quark ())

typedef enum
{
  VAI_ERROR_FAILED,       /* something inside went wrong; the message says what */
  VAI_ERROR_USAGE,        /* the caller asked for something that cannot be: wrong option, wrong name, wrong value */
  VAI_ERROR_CANCELLED,    /* the person stopped it */
  VAI_ERROR_NOT_FOUND,    /* no such file or object */
  VAI_ERROR_NOT_READABLE, /* it exists and cannot be read */
  VAI_ERROR_NOT_WRITABLE, /* the target cannot be written, or is not a regular file */
  VAI_ERROR_NO_SPACE,     /* the disk is full */
  VAI_ERROR_EMPTY,        /* nothing in it: no bytes, or a header without rows */
  VAI_ERROR_NOT_A_TABLE,  /* bytes that are no table of any kind we read */
  VAI_ERROR_DAMAGED,      /* ours or a known kind, but broken */
  VAI_ERROR_FOREIGN,      /* a well-formed file of somebody else's kind */
  VAI_ERROR_NEWER,        /* written by a newer version of ValutAI */
  VAI_ERROR_TOO_LARGE,    /* over a limit; the message gives both numbers */
  VAI_ERROR_NO_COLUMN,    /* a named column is not in the table */
  VAI_ERROR_NO_VALUE,     /* a named value is not in the column */
  VAI_ERROR_NO_OUTCOME,   /* every row is still open */
  VAI_ERROR_ONE_CLASS,    /* decided rows are all won or all lost */
  VAI_ERROR_TOO_FEW,      /* too few decided rows; the message says how many are missing */
  VAI_ERROR_NO_FEATURES,  /* no column left that could tell anything */
  VAI_ERROR_BUSY,         /* another process has it */
  VAI_ERROR_N_CODES
} VaiError;

GQuark vai_error_quark (void);

/* The stable name of @code, like "too-few", for tools and tests that compare errors. Static. */
const char *vai_error_name (VaiError code);

/* Sets @error from an errno value: ENOENT becomes NOT_FOUND, ENOSPC and EDQUOT NO_SPACE, EACCES and EROFS NOT_WRITABLE
 * or NOT_READABLE by @writing, others FAILED. @format says what was tried; ": reason" is appended. */
void vai_error_set_errno (GError **error, int errnum, gboolean writing, const char *format, ...) G_GNUC_PRINTF (4, 5);

/* TRUE and @error set to CANCELLED when @cancellable is cancelled. To be asked in every loop that can last. */
gboolean vai_cancelled (gpointer cancellable, GError **error);

G_END_DECLS
