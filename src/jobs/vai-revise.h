/* Changes what a person says of a dataset that is stored already: acts taken or taken back, roles, outcome. The table
 * itself never changes, so everything can be taken back. */
#pragma once

#include "vai-quotes.h"

G_BEGIN_DECLS

/* Blocking; for a worker thread. What @given says replaces what was said before, member by member (.acts: all acts
 * there are then); the profile is made anew and stored. @given's path and dataset are not looked at. Errors: those of
 * vai_quotes_load() and vai_store_revise_dataset(). */
gboolean vai_quotes_revise (VaiStore *store,
                            const char *dataset_id,
                            const VaiQuotesOptions *given,
                            GCancellable *cancellable,
                            GError **error);

/* Ids of the acts that @mapping (dataset.column_mapping) says were taken; NULL-terminated, never NULL. */
GStrv vai_mapping_dup_acts (const char *mapping);

G_END_DECLS
