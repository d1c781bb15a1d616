/* Names that columns have in exports of CRM and ERP systems, in English and Italian, by role. Data only. */
#pragma once

#include "vai-role.h"

G_BEGIN_DECLS

/* Names of @role, separated by "|", in lower case and without accents. VAI_ROLE_FEATURE: names that mean no role. NULL:
 * none. */
const char *vai_role_names (VaiRole role);

/* Words that mean the same in a name: pairs of an abbreviation or translation and the word it stands for, ended by
 * NULL. */
const char *const *vai_role_synonyms (void);

G_END_DECLS
