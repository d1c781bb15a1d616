#include "vai-error.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>

/* It would put blanks around the hyphens of the name. */
/* clang-format off */
G_DEFINE_QUARK (vai-error-quark, vai_error)
/* clang-format on */

static const char *const names[VAI_ERROR_N_CODES] = {
  [VAI_ERROR_FAILED] = "failed",
  [VAI_ERROR_USAGE] = "usage",
  [VAI_ERROR_CANCELLED] = "cancelled",
  [VAI_ERROR_NOT_FOUND] = "not-found",
  [VAI_ERROR_NOT_READABLE] = "not-readable",
  [VAI_ERROR_NOT_WRITABLE] = "not-writable",
  [VAI_ERROR_NO_SPACE] = "no-space",
  [VAI_ERROR_EMPTY] = "empty",
  [VAI_ERROR_NOT_A_TABLE] = "not-a-table",
  [VAI_ERROR_DAMAGED] = "damaged",
  [VAI_ERROR_FOREIGN] = "foreign",
  [VAI_ERROR_NEWER] = "newer",
  [VAI_ERROR_TOO_LARGE] = "too-large",
  [VAI_ERROR_NO_COLUMN] = "no-column",
  [VAI_ERROR_NO_VALUE] = "no-value",
  [VAI_ERROR_NO_OUTCOME] = "no-outcome",
  [VAI_ERROR_ONE_CLASS] = "one-class",
  [VAI_ERROR_TOO_FEW] = "too-few",
  [VAI_ERROR_NO_FEATURES] = "no-features",
  [VAI_ERROR_BUSY] = "busy",
};

const char *
vai_error_name (VaiError code)
{
  g_return_val_if_fail (code < VAI_ERROR_N_CODES, names[VAI_ERROR_FAILED]);
  return names[code];
}

static VaiError
code_of_errno (int errnum, gboolean writing)
{
  switch (errnum)
    {
    case ENOENT:
    case ENOTDIR:
      return VAI_ERROR_NOT_FOUND;
    case ENOSPC:
    case EDQUOT:
      return VAI_ERROR_NO_SPACE;
    case EACCES:
    case EPERM:
    case EROFS:
    case EISDIR:
      return writing ? VAI_ERROR_NOT_WRITABLE : VAI_ERROR_NOT_READABLE;
    case EFBIG:
      return VAI_ERROR_TOO_LARGE;
    default:
      return VAI_ERROR_FAILED;
    }
}

/* What a person can do about it; NULL: nothing that is known. */
static const char *
advice_of (VaiError code)
{
  if (code == VAI_ERROR_NOT_FOUND)
    return _ ("Check the name and the folder.");
  if (code == VAI_ERROR_NO_SPACE)
    return _ ("Make room and try again.");
  if (code == VAI_ERROR_NOT_READABLE || code == VAI_ERROR_NOT_WRITABLE)
    return _ ("Check the permissions of the file and its folder.");
  return NULL;
}

void
vai_error_set_errno (GError **error, int errnum, gboolean writing, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *what = g_strdup_vprintf (format, args);
  va_end (args);
  VaiError code = code_of_errno (errnum, writing);
  const char *advice = advice_of (code);
  g_set_error (error, VAI_ERROR, code, "%s: %s.%s%s", what, g_strerror (errnum), advice != NULL ? " " : "",
               advice != NULL ? advice : "");
}

gboolean
vai_cancelled (gpointer cancellable, GError **error)
{
  if (cancellable == NULL || !g_cancellable_is_cancelled (cancellable))
    return FALSE;
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_CANCELLED, _ ("Stopped."));
  return TRUE;
}
