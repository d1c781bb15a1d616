/* What people read from the server, mails and pages: a file for each in texts/LANGUAGE, with {{name}} where a value
 * goes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text @name (“mail-verify.txt”) in @locale, or in English when it is not there, filled with the pairs of name and
 * value that follow up to NULL. In a file that ends in .html values are escaped. Free with g_free(). */
char *vai_text_fill (const char *name, const char *locale, ...) G_GNUC_NULL_TERMINATED;

/* The same with the pairs in a va_list. */
char *vai_text_fill_valist (const char *name, const char *locale, va_list pairs);

G_END_DECLS
