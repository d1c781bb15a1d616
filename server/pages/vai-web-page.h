/* The few pages that mail links lead to: plain HTML without script. Opening one changes nothing; its button sends the
 * form back, and only that acts. */
#pragma once

#include "vai-call.h"

G_BEGIN_DECLS

/* The page texts/LANGUAGE/page-NAME.html with the pairs of name and value that follow, up to NULL, in the frame of all
 * pages. Its first line is the title. */
VaiReply *vai_web_page_new (VaiCall *call, guint status, const char *name, ...) G_GNUC_NULL_TERMINATED;

/* The sentence @key of texts/LANGUAGE/page-words.txt, or of @otherwise when there is none. Free with g_free(). */
char *vai_web_page_dup_words (VaiCall *call, const char *key, const char *otherwise);

/* The name of the page that is asked for. */
const char *vai_web_page_get_name (VaiCall *call);

/* That page with its form. What was typed is kept, except passwords. @problem: "" when there is none. */
VaiReply *vai_web_page_new_form (VaiCall *call, guint status, const char *token, const char *problem);

/* The page for a @reply that is no page but a refusal: the form again, as far as it came, with what is wrong. Takes
 * @reply. */
VaiReply *vai_web_page_show_refusal (VaiCall *call, VaiReply *reply);

G_END_DECLS
