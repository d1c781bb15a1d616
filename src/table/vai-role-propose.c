/* Roles of columns: what the name says, tempered by what stands in the column. A role that only one column can have
 * goes to the one that fits best. */
#include "vai-audit.h"

#include "vai-leak-meaning.h"
#include "vai-outcome-words.h"
#include "vai-role-score.h"
#include "vai-words.h"

#include <math.h>
#include <string.h>

/* Distinct values over filled rows from which a column of codes names its rows. */
#define IDENTIFIER_SHARE 0.9
#define IDENTIFIER_ROWS_MIN 30

/* A code that is named as one (of a customer, say) may repeat, but not so often that it is a class of things. */
#define NAMED_IDENTIFIER_SHARE 0.1

/* Certainty of a role that only the content tells. */
#define CONTENT_CERTAINTY 0.7

/* A role that the name fits much less well than another is not given for want of that one. */
#define SECOND_CHOICE 0.85

/* A person, source or sector is one of some, not a new one in each row. */
#define GROUP_SHARE_MAX 0.5

static double
distinct_share (const VaiColumnFacts *facts)
{
  return facts->n_filled > 0 ? (double) facts->n_distinct / facts->n_filled : 0;
}

static gboolean
has_texts (const VaiColumn *column)
{
  return column->type == VAI_TYPE_CATEGORY || column->type == VAI_TYPE_TEXT;
}

/* Nearly all different, and written like a code or a running number. */
static gboolean
is_coded (const VaiColumn *column, const VaiColumnFacts *facts)
{
  if (facts->n_filled < IDENTIFIER_ROWS_MIN || distinct_share (facts) < IDENTIFIER_SHARE
      || !vai_facts_mostly_filled (column, facts))
    return FALSE;
  if (has_texts (column))
    return facts->coded_share >= 0.9;
  return column->type == VAI_TYPE_NUMBER && facts->integral && facts->min >= 0
         && facts->max - facts->min < 4.0 * facts->n_distinct && distinct_share (facts) >= 0.99;
}

static double
fit_identifier (const VaiColumn *column, const VaiColumnFacts *facts)
{
  if (column->type == VAI_TYPE_DATE || (column->type == VAI_TYPE_NUMBER && !facts->integral)
      || !vai_facts_mostly_filled (column, facts))
    return 0;
  double share = distinct_share (facts);
  if (share >= IDENTIFIER_SHARE)
    return 1;
  return share >= NAMED_IDENTIFIER_SHARE ? 0.85 : 0;
}

/* Yes and no answer a question; they are no person, sector or source. */
static gboolean
is_yes_no (const VaiColumn *column, const VaiColumnFacts *facts)
{
  if (!has_texts (column) || facts->n_distinct > 3 || vai_dictionary_get_size (column->dictionary) > 4)
    return FALSE;
  guint n_weak = 0;
  for (guint code = 0; code < vai_dictionary_get_size (column->dictionary); code++)
    n_weak += vai_outcome_read (vai_dictionary_get (column->dictionary, code, NULL)).weak;
  return n_weak >= 2 || (n_weak == 1 && facts->n_distinct == 1);
}

static double
fit_group (const VaiColumn *column, const VaiColumnFacts *facts, double for_numbers)
{
  if (column->type == VAI_TYPE_DATE || facts->n_distinct < 2)
    return column->type == VAI_TYPE_DATE ? 0 : 0.6;
  if (is_yes_no (column, facts))
    return 0.3;
  if (facts->n_filled >= IDENTIFIER_ROWS_MIN && distinct_share (facts) > GROUP_SHARE_MAX)
    return 0.4;
  return has_texts (column) ? 1 : facts->integral ? for_numbers : 0.3;
}

/* A date that most quotes do not have cannot order them in time. */
static double
fit_date (const VaiAudit *audit, const VaiColumn *column, const VaiColumnFacts *facts, VaiRole role)
{
  gsize n_decided = audit->profile->n_won + audit->profile->n_lost, filled = facts->filled[0] + facts->filled[1];
  if (column->type != VAI_TYPE_DATE)
    return 0;
  if (n_decided > 0)
    return 2 * filled >= n_decided ? 1 : 0;
  return role == VAI_ROLE_CLOSED_DATE || 2 * facts->n_filled >= column->n_rows ? 1 : 0;
}

/* How well the content fits @role: a factor on what the name says. */
static double
fit_content (const VaiAudit *audit, const VaiColumn *column, const VaiColumnFacts *facts, VaiRole role)
{
  gboolean number = column->type == VAI_TYPE_NUMBER;
  switch (role)
    {
    case VAI_ROLE_OPENED_DATE:
    case VAI_ROLE_CLOSED_DATE:
      return fit_date (audit, column, facts, role);
    case VAI_ROLE_IDENTIFIER:
      return fit_identifier (column, facts);
    case VAI_ROLE_PRICE:
    case VAI_ROLE_COST:
      return number ? (facts->n_filled > 0 && facts->max <= 1 ? 0.6 : 1) : 0;
    case VAI_ROLE_DISCOUNT:
      return number ? 1 : has_texts (column) && facts->n_distinct <= 50 ? 0.7 : 0;
    case VAI_ROLE_MARGIN:
      return number ? 1 : 0;
    case VAI_ROLE_DELIVERY_TIME:
      return number ? (facts->max <= 3650 ? 1 : 0.5) : has_texts (column) ? fit_group (column, facts, 1) * 0.85 : 0;
    case VAI_ROLE_CUSTOMER_SIZE:
      return number ? 1 : fit_group (column, facts, 1);
    case VAI_ROLE_CUSTOMER_SECTOR:
      return fit_group (column, facts, 0.8);
    case VAI_ROLE_SALES_REP:
      return fit_group (column, facts, 0.8);
    case VAI_ROLE_CHANNEL:
    case VAI_ROLE_LEAD_SOURCE:
      return fit_group (column, facts, 0.4);
    default:
      return 0;
    }
}

typedef struct
{
  int column;
  VaiRole role;
  double certainty;
} Proposal;

static int
compare_proposals (gconstpointer a, gconstpointer b)
{
  const Proposal *x = a, *y = b;
  if (x->certainty != y->certainty)
    return x->certainty < y->certainty ? 1 : -1;
  return x->column != y->column ? x->column - y->column : (int) x->role - (int) y->role;
}

/* A mostly empty column gives way to a full one of like name. */
static double
fit_filled (const VaiColumn *column, const VaiColumnFacts *facts)
{
  double filled = column->n_rows > 0 ? (double) facts->n_filled / column->n_rows : 0;
  return facts->n_distinct <= 1 ? 0.6 : 0.9 + 0.1 * filled;
}

static void
propose_column (const VaiAudit *audit, guint index, GArray *proposals)
{
  const VaiColumn *column = vai_table_column (audit->table, index);
  const VaiColumnFacts *facts = &audit->facts[index];
  double scores[VAI_N_ROLES];
  vai_role_score_name (column->name, scores);
  double best = 0;
  for (guint role = 0; role < VAI_N_ROLES; role++)
    best = MAX (best, scores[role]);
  for (guint role = VAI_ROLE_OPENED_DATE; role < VAI_N_ROLES; role++)
    {
      double fit = fit_content (audit, column, facts, role);
      double certainty = scores[role] * fit * fit_filled (column, facts);
      if (role == VAI_ROLE_IDENTIFIER && is_coded (column, facts) && !vai_leak_name_is_date (column->name))
        certainty = MAX (certainty, CONTENT_CERTAINTY);
      gboolean named = scores[role] >= SECOND_CHOICE * best || certainty >= CONTENT_CERTAINTY;
      if (certainty < VAI_ROLE_SCORE_MIN || !named || facts->n_filled == 0)
        continue;
      Proposal proposal = { index, role, certainty };
      g_array_append_val (proposals, proposal);
    }
}

/* The outcome stays what it is: as anything else it would be learned from. */
static void
take_role (VaiAudit *audit, int index, VaiRole role, gboolean taken[VAI_N_ROLES], gboolean *settled)
{
  if (index == audit->profile->outcome)
    return;
  audit->profile->columns[index] = (VaiColumnProfile){ role, 1, FALSE };
  taken[role] = settled[index] = TRUE;
}

/* Given roles win, and take what is unique out of the choice. */
static gboolean
take_given (VaiAudit *audit,
            const VaiProfileOptions *options,
            gboolean taken[VAI_N_ROLES],
            gboolean *settled,
            GError **error)
{
  if (options->opened_date != NULL)
    {
      int index = vai_table_require (audit->table, options->opened_date, error);
      if (index < 0)
        return FALSE;
      take_role (audit, index, VAI_ROLE_OPENED_DATE, taken, settled);
    }
  if (options->roles == NULL)
    return TRUE;
  GHashTableIter iter;
  gpointer name, role;
  g_hash_table_iter_init (&iter, options->roles);
  while (g_hash_table_iter_next (&iter, &name, &role))
    {
      int index = vai_table_require (audit->table, name, error);
      if (index < 0)
        return FALSE;
      take_role (audit, index, GPOINTER_TO_INT (role), taken, settled);
    }
  return TRUE;
}

static gboolean
take_ignored (VaiAudit *audit, const VaiProfileOptions *options, gboolean *settled, GError **error)
{
  for (guint i = 0; options->ignore != NULL && options->ignore[i] != NULL; i++)
    {
      int index = vai_table_require (audit->table, options->ignore[i], error);
      if (index < 0)
        return FALSE;
      audit->profile->columns[index] = (VaiColumnProfile){ VAI_ROLE_IGNORED, 1, FALSE };
      settled[index] = TRUE;
    }
  return TRUE;
}

/* What a rep can still change before the quote goes out. How much is asked for is the customer's, and the list price is
 * the same for all. */
static gboolean
is_actionable (const char *name, VaiRole role)
{
  static gsize once = 0;
  static VaiPhrases *phrases, *listed;
  if (g_once_init_enter (&once))
    {
      phrases = vai_phrases_new (
          "payment terms|payment days|payment method|warranty|validity|incoterm|shipping method|service level|"
          "installation included|pagamento|garanzia|validita|resa|trasporto|spedizione|acconto|"
          "down payment|deposit|free shipping|financing");
      listed = vai_phrases_new (
          "list price|listed price|catalogue price|catalog price|prezzo di listino|prezzo listino|listino");
      g_once_init_leave (&once, 1);
    }
  VaiWords stems;
  vai_words_split_stems (&stems, name);
  if (role == VAI_ROLE_PRICE)
    return !vai_phrases_match (listed, &stems, 0);
  if (role == VAI_ROLE_DISCOUNT || role == VAI_ROLE_DELIVERY_TIME || role == VAI_ROLE_MARGIN)
    return TRUE;
  if (role != VAI_ROLE_FEATURE)
    return FALSE;
  return vai_phrases_match (phrases, &stems, 0);
}

/* What says who asked, when, or what became of it is no lever, whatever a person said of it before. */
static gboolean
may_change (VaiRole role)
{
  return role != VAI_ROLE_IGNORED && role != VAI_ROLE_OUTCOME && role != VAI_ROLE_OPENED_DATE
         && role != VAI_ROLE_CLOSED_DATE && role != VAI_ROLE_IDENTIFIER;
}

/* The only date there is must be that of opening, unless its name says something else. */
static void
take_only_date (VaiAudit *audit, const gboolean *settled)
{
  int only = -1;
  for (guint i = 0; i < audit->table->columns->len; i++)
    {
      if (vai_table_column (audit->table, i)->type != VAI_TYPE_DATE || settled[i])
        continue;
      if (only >= 0)
        return;
      only = i;
    }
  if (only < 0 || audit->facts[only].n_filled * 2 < audit->table->n_rows)
    return;
  double scores[VAI_N_ROLES];
  vai_role_score_name (vai_table_column (audit->table, only)->name, scores);
  if (scores[VAI_ROLE_FEATURE] < 0.8 && scores[VAI_ROLE_CLOSED_DATE] < VAI_ROLE_SCORE_MIN)
    audit->profile->columns[only] = (VaiColumnProfile){ VAI_ROLE_OPENED_DATE, VAI_ROLE_SCORE_MIN, FALSE };
}

static void
take_proposals (VaiAudit *audit, gboolean taken[VAI_N_ROLES], gboolean *settled)
{
  g_autoptr (GArray) proposals = g_array_new (FALSE, FALSE, sizeof (Proposal));
  for (guint i = 0; i < audit->table->columns->len; i++)
    if (!settled[i])
      propose_column (audit, i, proposals);
  g_array_sort (proposals, compare_proposals);
  for (guint i = 0; i < proposals->len; i++)
    {
      const Proposal *proposal = &g_array_index (proposals, Proposal, i);
      if (settled[proposal->column] || (taken[proposal->role] && !vai_role_is_shared (proposal->role)))
        continue;
      audit->profile->columns[proposal->column].role = proposal->role;
      audit->profile->columns[proposal->column].role_certainty = proposal->certainty;
      settled[proposal->column] = taken[proposal->role] = TRUE;
    }
}

gboolean
vai_role_propose (VaiAudit *audit, const VaiProfileOptions *options, GError **error)
{
  guint n = audit->table->columns->len;
  VaiProfile *profile = audit->profile;
  g_autofree gboolean *settled = g_new0 (gboolean, MAX (n, 1));
  gboolean taken[VAI_N_ROLES] = { FALSE };
  if (profile->outcome >= 0)
    settled[profile->outcome] = taken[VAI_ROLE_OUTCOME] = TRUE;
  if (!take_ignored (audit, options, settled, error) || !take_given (audit, options, taken, settled, error))
    return FALSE;
  take_proposals (audit, taken, settled);
  if (!taken[VAI_ROLE_OPENED_DATE])
    take_only_date (audit, settled);
  for (guint i = 0; i < n; i++)
    {
      const char *name = vai_table_column (audit->table, i)->name;
      gpointer given;
      profile->columns[i].actionable = is_actionable (name, profile->columns[i].role);
      if (options->actionable != NULL && may_change (profile->columns[i].role)
          && g_hash_table_lookup_extended (options->actionable, name, NULL, &given))
        profile->columns[i].actionable = GPOINTER_TO_INT (given);
    }
  return TRUE;
}
