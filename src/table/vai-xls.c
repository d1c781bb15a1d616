#include "vai-sheet-backend.h"

#include "vai-error.h"
#include "vai-xls-stream.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <unistd.h>

#define READER "valutai-xls-reader"
/* Without a word from the reader for so long it is ended; it may take 120 s of processor time in all. */
#define SILENCE_MS_MAX (150 * 1000)
/* How soon a wish to stop is seen. */
#define TICK_MS 50

typedef struct
{
  VaiSheetBackend base;
  char *path;                /* owned */
  GCancellable *cancellable; /* owned, nullable */
  GSubprocess *process;      /* nullable */
  VaiXlsStream stream;
  VaiSheetRows rows;
  GArray *n_rows;   /* of guint32, one per sheet */
  guint sheet;      /* the one that is read */
  guint64 last_row; /* number of the one given out last */
} VaiXls;

/* In the folder that the environment names, else beside the program in the tree it was built in, else where it is
 * installed. */
static char *
find_reader (void)
{
  const char *folder = g_getenv ("VALUTAI_LIBEXEC");
  if (folder != NULL)
    return g_build_filename (folder, READER, NULL);
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *beside = program != NULL ? g_path_get_dirname (program) : g_strdup (".");
  g_autofree char *built = g_build_filename (beside, "..", "table", READER, NULL);
  if (g_file_test (built, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&built);
  return g_build_filename (VAI_LIBEXEC_DIR, READER, NULL);
}

static void
end_process (VaiXls *self)
{
  if (self->process == NULL)
    return;
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

/* Waits for bytes of the reader, for a wish to stop, or for too long. */
static gssize
read_pipe (gpointer data, void *buffer, gsize size, GError **error)
{
  VaiXls *self = data;
  GInputStream *pipe = g_subprocess_get_stdout_pipe (self->process);
  struct pollfd waited = { .fd = g_unix_input_stream_get_fd (G_UNIX_INPUT_STREAM (pipe)), .events = POLLIN };
  for (guint waited_ms = 0; waited_ms < SILENCE_MS_MAX; waited_ms += TICK_MS)
    {
      if (vai_cancelled (self->cancellable, error))
        return -1;
      int ready = poll (&waited, 1, TICK_MS);
      if (ready == 0 || (ready < 0 && errno == EINTR))
        continue;
      gssize n = read (waited.fd, buffer, size);
      if (n >= 0)
        return n;
      if (errno != EINTR && errno != EAGAIN)
        break;
    }
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("Reading “%s” takes too long: open it in the program that made it and save it as XLSX."), self->path);
  return -1;
}

static gboolean
start_process (VaiXls *self, const char *sheet, GError **error)
{
  end_process (self);
  vai_xls_stream_clear (&self->stream);
  vai_sheet_rows_clear (&self->rows);
  vai_sheet_rows_init (&self->rows);
  vai_xls_stream_init (&self->stream, read_pipe, self);
  g_autofree char *reader = find_reader ();
  const char *const argv[] = { reader, self->path, sheet, NULL };
  GError *failed = NULL;
  self->process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &failed);
  if (self->process != NULL)
    return TRUE;
  g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, _ ("The reader of old spreadsheets (XLS) could not be started: %s"),
               failed->message);
  g_error_free (failed);
  return FALSE;
}

static gboolean
start (VaiSheetBackend *backend, guint index, GError **error)
{
  VaiXls *self = (VaiXls *) backend;
  char sheet[16];
  g_snprintf (sheet, sizeof sheet, "%u", index);
  self->sheet = index;
  self->last_row = 0;
  return start_process (self, sheet, error);
}

static gboolean
next_row (VaiSheetBackend *backend, VaiSheetRow *row, GError **error)
{
  VaiXls *self = (VaiXls *) backend;
  g_autoptr (GPtrArray) again = vai_sheet_names_new ();
  while (!vai_sheet_rows_take (&self->rows, row))
    if (!vai_xls_stream_next (&self->stream, again, NULL, &self->rows, error))
      return FALSE;
  self->last_row = row->number;
  return TRUE;
}

static double
get_fraction (VaiSheetBackend *backend)
{
  VaiXls *self = (VaiXls *) backend;
  guint32 n_rows = g_array_index (self->n_rows, guint32, self->sheet);
  return self->last_row < n_rows ? (double) self->last_row / n_rows : 1;
}

static void
xls_free (VaiSheetBackend *backend)
{
  VaiXls *self = (VaiXls *) backend;
  end_process (self);
  vai_xls_stream_clear (&self->stream);
  vai_sheet_rows_clear (&self->rows);
  g_ptr_array_unref (self->base.sheets);
  g_array_unref (self->n_rows);
  g_clear_object (&self->cancellable);
  g_free (self->path);
  g_free (self);
}

static gboolean
list_sheets (VaiXls *self, GError **error)
{
  GError *failed = NULL;
  if (!start_process (self, VAI_XLS_LIST_ONLY, error))
    return FALSE;
  while (vai_xls_stream_next (&self->stream, self->base.sheets, self->n_rows, &self->rows, &failed))
    vai_sheet_rows_drop (&self->rows);
  if (failed == NULL)
    return TRUE;
  g_propagate_error (error, failed);
  return FALSE;
}

VaiSheetBackend *
vai_xls_open (const char *path, GCancellable *cancellable, GError **error)
{
  VaiXls *self = g_new0 (VaiXls, 1);
  self->base = (VaiSheetBackend){ vai_sheet_names_new (), start, next_row, get_fraction, xls_free };
  self->n_rows = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->path = g_canonicalize_filename (path, NULL);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  if (access (path, R_OK) != 0)
    vai_error_set_errno (error, errno, FALSE, _ ("Cannot read “%s”"), path);
  else if (list_sheets (self, error))
    return &self->base;
  xls_free (&self->base);
  return NULL;
}
