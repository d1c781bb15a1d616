/* How well the name of a column fits each role, by its words: whole words, their rarity and their order, not only names
 * that are known. */
#pragma once

#include "vai-role.h"

G_BEGIN_DECLS

/* Fills @scores with 0..1 for each role; VAI_ROLE_FEATURE is how well the name fits common columns without a role. */
void vai_role_score_name (const char *name, double scores[VAI_N_ROLES]);

/* Below this a name says nothing of a role. */
#define VAI_ROLE_SCORE_MIN 0.5

G_END_DECLS
