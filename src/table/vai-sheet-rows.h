/* Rows that a parser has made and nobody has taken yet, held as their filled cells only: a few bytes of a hostile file
 * may speak of thousands of empty or equal cells in each row. Private to this layer. */
#pragma once

#include "vai-sheet-source.h"

G_BEGIN_DECLS

/* Rows and columns that the largest formats have; what stands further is refused. */
#define VAI_SHEET_ROWS_MAX 1048576
#define VAI_SHEET_COLUMNS_MAX 16384
/* Excel ends at 32,767 characters; other programs go further. */
#define VAI_SHEET_TEXT_BYTES_MAX (1024 * 1024)

typedef struct
{
  GArray *rows;       /* of row records, oldest first */
  guint next;         /* the first row not yet taken */
  guint64 next_again; /* how often it was given out already */
  GArray *filled;     /* filled cells of all rows */
  GString *arena;     /* their texts, each NUL-terminated */
  GArray *taken;      /* of VaiSheetCell: all cells of the row that was taken last */
  guint sheet;        /* where rows that begin now belong, for formats that hold all sheets in one part */
  guint64 number;     /* of the row that is being made */
  guint first_filled; /* of the row that is being made */
  gsize first_text;   /* where its texts begin in @arena */
} VaiSheetRows;

void vai_sheet_rows_init (VaiSheetRows *self);
void vai_sheet_rows_clear (VaiSheetRows *self);

/* @number from 1. */
void vai_sheet_rows_begin (VaiSheetRows *self, guint64 number);

/* Cells come in any order, the last one set at a place stays; @column from 0, below VAI_SHEET_COLUMNS_MAX. The text of
 * @cell is copied; an empty one is nothing. */
void vai_sheet_rows_set (VaiSheetRows *self, guint column, const VaiSheetCell *cell);

/* The cell at @column, if it was the last one set, stands @repeated times side by side. */
void vai_sheet_rows_repeat (VaiSheetRows *self, guint column, guint repeated);

/* Has the row that is being made any filled cell? */
gboolean vai_sheet_rows_is_filled (const VaiSheetRows *self);

/* The row stands @repeated times one below the other; a row without any filled cell is forgotten. */
void vai_sheet_rows_end (VaiSheetRows *self, guint64 repeated);

/* The sheet of the row that would be taken next; FALSE when there is none. */
gboolean vai_sheet_rows_peek (const VaiSheetRows *self, guint *sheet);

/* Forgets the rows that were not taken. */
void vai_sheet_rows_drop (VaiSheetRows *self);

/* FALSE when there is none. @row is valid until the next call of any function here. */
gboolean vai_sheet_rows_take (VaiSheetRows *self, VaiSheetRow *row);

G_END_DECLS
