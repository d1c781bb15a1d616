/* What a page's form sends: application/x-www-form-urlencoded. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The fields of @body as an object of texts, to be checked like any message. Errors: NOT_A_TABLE for what is no form,
 * or no UTF-8. Unref with json_object_unref(). */
JsonObject *vai_form_parse (GBytes *body, GError **error);

G_END_DECLS
