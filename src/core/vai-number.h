/* Numbers as text, the same in every locale. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Room for any double as text, with its NUL. */
#define VAI_NUMBER_TEXT_SIZE 40

/* Writes @number in the shortest usual form that reads back equal, with a decimal point; "nan", "inf" and "-inf" as
 * such.
 * @text has VAI_NUMBER_TEXT_SIZE bytes. Returns the length. */
gsize vai_number_format (double number, char *text);

/* The whole of @text as a finite number with a decimal point, rounded right. FALSE for anything else. */
gboolean vai_number_parse (const char *text, double *number);

G_END_DECLS
