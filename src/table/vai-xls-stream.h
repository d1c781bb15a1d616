/* What the process that reads XLS files says over its pipe: one list of sheets, then the rows of one of them, then that
 * it has finished. Everything that comes in is checked, for the other side may have gone wrong in any way. Private to
 * this layer. */
#pragma once

#include "vai-sheet-rows.h"

#include <stdio.h>

G_BEGIN_DECLS

/* Why there are no rows. */
typedef enum
{
  VAI_XLS_DAMAGED,
  VAI_XLS_ENCRYPTED,
  VAI_XLS_NO_SHEET,
  VAI_XLS_TOO_LARGE,
  VAI_XLS_N_FAILURES
} VaiXlsFailure;

/* Asks for the list of sheets alone, instead of the index of one. */
#define VAI_XLS_LIST_ONLY "list"

/* The writing side. Errors of @file are left to its end. */
void vai_xls_stream_write_sheet (FILE *file, const char *name, gboolean hidden, guint32 n_rows);
void vai_xls_stream_write_row (FILE *file, guint32 number, guint32 n_cells);
void vai_xls_stream_write_cell (FILE *file, guint32 column, VaiCellKind kind, const char *text, double number);
void vai_xls_stream_write_end (FILE *file);
void vai_xls_stream_write_failure (FILE *file, VaiXlsFailure failure);

/* The reading side. @read gives up to @size bytes, 0 at the end, -1 with @error. */
typedef struct
{
  gssize (*read) (gpointer data, void *buffer, gsize size, GError **error);
  gpointer data;
  char buffer[64 * 1024];
  gsize next, n;
  GString *text;
  gboolean ended;
} VaiXlsStream;

void vai_xls_stream_init (VaiXlsStream *self,
                          gssize (*read) (gpointer data, void *buffer, gsize size, GError **error),
                          gpointer data);
void vai_xls_stream_clear (VaiXlsStream *self);

/* Adds the sheets to @sheets as they come, how many rows each has to @n_rows (of guint32, nullable), and the next row
 * to @rows. FALSE without @error when the other side has finished; error DAMAGED when it stopped before, or said what
 * cannot be. */
gboolean
vai_xls_stream_next (VaiXlsStream *self, GPtrArray *sheets, GArray *n_rows, VaiSheetRows *rows, GError **error);

G_END_DECLS
