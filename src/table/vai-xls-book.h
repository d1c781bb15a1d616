/* What libfreexl leaves out of an XLS workbook: which sheets are hidden or hold only a chart, and the stored values of
 * formulas, booleans and errors. Read straight from the records of BIFF8 ([MS-CFB], [MS-XLS]). Used in the reading
 * process only. */
#pragma once

#include "vai-cell-format.h"

G_BEGIN_DECLS

/* The format itself has no more. */
#define VAI_XLS_ROWS_MAX 65536
#define VAI_XLS_COLUMNS_MAX 256

typedef struct
{
  gboolean hidden;
  gboolean worksheet; /* holds cells: no chart, macro or module */
  guint32 position;   /* of its records, in bytes from the start of the workbook stream */
} VaiXlsSheet;

typedef struct
{
  VaiCellKind kind;
  double number; /* NUMBER; DATE: seconds since the epoch */
  char *text;    /* owned; TEXT, BOOLEAN, ERROR */
} VaiXlsValue;

typedef struct
{
  gboolean encrypted;
  gboolean date_1904;
  GArray *sheets;      /* of VaiXlsSheet, in the order of the file */
  GArray *formats;     /* of VaiCellFormat, one per cell style */
  GByteArray *records; /* the workbook stream */
} VaiXlsBook;

/* NULL when the file is not BIFF8 in a compound file, or too damaged for this: then there is nothing to add. */
VaiXlsBook *vai_xls_book_new (const guint8 *data, gsize size);

/* Is this compound file a workbook of the newer kind, encrypted as a whole? */
gboolean vai_xls_is_encrypted_package (const guint8 *data, gsize size);

/* Values of sheet @index: row * VAI_XLS_COLUMNS_MAX + column, from 0 → VaiXlsValue. */
GHashTable *vai_xls_book_read_values (const VaiXlsBook *self, guint index);
void vai_xls_book_free (VaiXlsBook *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiXlsBook, vai_xls_book_free)

G_END_DECLS
