/* Everything that is known of a person, for her to take along: one file, written in pieces, however much it is. What is
 * in it stands in the table of vai-export.c; a test looks whether a table with a person's id was left out. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* The file. One at a time for each person, until it was sent. */
VaiReply *vai_export_person (VaiCall *call);

G_END_DECLS
