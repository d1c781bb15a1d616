/* What a person said of quotes, as JSON: kept with a dataset, and with a job so that it can begin again. */
#pragma once

#include "vai-quotes.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Replaces in @self what @given has. */
void vai_quotes_options_override (VaiQuotesOptions *self, const VaiQuotesOptions *given);

JsonNode *vai_quotes_options_to_json (const VaiQuotesOptions *options);

/* Sets what @object has; @self was init'ed. Error DAMAGED. */
gboolean vai_quotes_options_from_json (VaiQuotesOptions *self, JsonObject *object, GError **error);

/* dataset.column_mapping: the outcome with its values, the role of each column after the acts, and in "given" what
 * makes them again. */
char *vai_quotes_dup_mapping (const VaiQuotes *quotes, const VaiQuotesOptions *options);
gboolean vai_quotes_options_from_mapping (VaiQuotesOptions *self, const char *mapping, GError **error);

/* How a file is written: every member is there, null for what is not known. What stands out: an array of objects, in
 * the order of the profile. The same for the workspace and for who reads --json. */
JsonNode *vai_dialect_to_json (const VaiDialect *dialect);
JsonNode *vai_findings_to_json (const VaiQuotes *quotes);

/* The order of day and month in the file or, as it was then, in the file of the dataset. */
VaiDateOrder vai_quotes_get_date_order (const VaiQuotes *quotes);

/* The same as text: dataset.dialect and dataset.quality. */
char *vai_quotes_dup_dialect (const VaiDialect *dialect);
char *vai_quotes_dup_quality (const VaiQuotes *quotes);

G_END_DECLS
