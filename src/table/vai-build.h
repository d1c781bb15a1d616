/* A column while it is read: values go in under a plan, evidence is counted over all of them, and at the end the plan
 * is held against it. */
#pragma once

#include "vai-evidence.h"
#include "vai-tokens.h"

G_BEGIN_DECLS

/* Texts that did not fit, to be shown in a note. */
#define VAI_BUILD_EXAMPLES 3

typedef struct
{
  VaiColumn *column; /* owned */
  VaiPlan plan;
  VaiEvidence evidence;
  gsize capacity; /* rows there is room for */
  gboolean skip;  /* is right already: nothing is read into it */
  gsize n_misfits;
  char *examples[VAI_BUILD_EXAMPLES]; /* owned; the first that did not fit */
  gsize example_rows[VAI_BUILD_EXAMPLES];
} VaiBuild;

void vai_build_init (VaiBuild *self, const char *name, const VaiPlan *plan);
void vai_build_clear (VaiBuild *self);

/* Room for @n_rows in all: address space, not memory, until it is written to. */
void vai_build_reserve (VaiBuild *self, gsize n_rows);

/* Field @index of each record of @tokens, which have @n_columns fields each. */
void vai_build_append (VaiBuild *self, const VaiTokens *tokens, guint index, guint n_columns);

/* Takes the last row away again, whose field was @text. */
void vai_build_drop_last (VaiBuild *self, const char *text, gsize length);

/* Of a column read as category: what its values are. */
void vai_build_weigh_dictionary (VaiBuild *self);

/* Turns a category into what @plan says, from its dictionary. */
void vai_build_convert (VaiBuild *self, const VaiPlan *plan);

/* Bytes held. */
gsize vai_build_get_bytes (const VaiBuild *self);

/* Gives the column, with no memory to spare. */
VaiColumn *vai_build_finish (VaiBuild *self);

G_END_DECLS
