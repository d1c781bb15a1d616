/* What inspect and train say of quotes: dialect, columns, outcome, findings. */
#pragma once

#include "vai-print.h"
#include "vai-quotes.h"

G_BEGIN_DECLS

/* Adds the members to the open object of @builder. */
void vai_json_quotes (JsonBuilder *builder, const VaiQuotes *quotes);
void vai_print_quotes (const VaiQuotes *quotes);

G_END_DECLS
