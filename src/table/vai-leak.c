/* Columns that know the outcome because they were filled in with it or after it. What the data show and what the name
 * means are weighed together, so that a strong but honest column is not accused: alone, the data must be nearly beyond
 * doubt. */
#include "vai-audit.h"

#include "vai-leak-meaning.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Filled for one outcome and not for the other. Odds are those of being filled, won against lost, either way. */
#define FILLED_MOST 0.5  /* the one at least so, and */
#define FILLED_NONE 0.02 /* the other at most so: a leak */
#define FILLED_ODDS_LEAK 100.0
#define FILLED_ODDS_WARN 8.0
#define FILLED_ODDS_NAMED 3.0
#define FILLED_GAP_MIN 0.1
#define FILLED_GAP_NAMED 0.03
#define FILLED_DEVIATIONS 5.0

/* Filled for decided quotes and not for open ones. */
#define DECIDED_MOST 0.95
#define DECIDED_NONE 0.05
#define OPEN_ROWS_MIN 20

/* Values that go with one outcome only: share of the rows of the rarer outcome, and of the more common one, that have
 * such values. Of the common one more is asked, since a bad source of leads honestly has none of a rare outcome. */
#define PURE_RARER_LEAK 0.5
#define PURE_RARER_WARN 0.25
#define PURE_COMMON_LEAK 0.9
#define PURE_COMMON_WARN 0.75
#define PURE_NAMED 0.05
#define NEAR_BOTH_LEAK 0.5
#define NEAR_RARER_WARN 0.5

/* Area under the curve of the column alone, less two standard errors: no honest single column of a quote ranks so well.
 * With a name that speaks against it less is asked. */
#define AUC_LEAK 0.95
#define AUC_WARN 0.9
#define AUC_NAMED_LEAK 0.75
#define AUC_NAMED_WARN 0.58
#define AUC_GUESS_LEAK 0.85
#define AUC_GUESS_WARN 0.7

/* Words of the outcome inside a text: rows, share of them with that outcome, and share of all rows of the outcome for a
 * leak. */
#define WORDS_ROWS_MIN 5
#define WORDS_SHARE_MIN 0.9
#define WORDS_COVER_LEAK 0.1
#define WORDS_CHANCE_MAX 1e-3

/* Share of decided quotes whose date lies after the closing. */
#define AFTER_CLOSING_LEAK 0.95
#define AFTER_CLOSING_WARN 0.5
#define AFTER_CLOSING_ROWS_MIN 10

#define ZERO_SHARE_MIN 0.02

#define EXCUSED_SHARE 0.9

typedef struct
{
  VaiAudit *audit;
  guint index;
  const VaiColumn *column;
  const VaiColumnFacts *facts;
  VaiMeaning meaning;
  gsize n_won, n_lost, n_open;
} Suspect;

/* The strongest thing said of a column so far. */
typedef struct
{
  VaiSeverity severity;
  VaiFindingKind kind;
  char *sentence; /* NULL: nothing */
  char *value;
  gsize n_rows;
} Verdict;

/* Does the name speak against what the values show? A discount may honestly decide: only that it is filled or not is
 * odd. */
static gboolean
is_named (const Suspect *self)
{
  return self->meaning != VAI_MEANING_NONE && self->meaning != VAI_MEANING_AGREEMENT;
}

static void
accuse (Verdict *verdict, VaiSeverity severity, VaiFindingKind kind, gsize n_rows, char *value, char *sentence)
{
  if (verdict->sentence != NULL && verdict->severity >= severity)
    {
      g_free (value);
      g_free (sentence);
      return;
    }
  g_free (verdict->value);
  g_free (verdict->sentence);
  *verdict = (Verdict){ severity, kind, sentence, value, n_rows };
}

static double
auc_low (const Suspect *self)
{
  return self->facts->auc - 2 * self->facts->auc_error;
}

typedef struct
{
  double won, lost; /* shares */
  double odds;      /* the larger over the smaller, half a row added to each */
  double deviations;
} Filling;

static Filling
measure_filling (const Suspect *self, const gsize filled[3])
{
  double won = filled[0], lost = filled[1], n_won = self->n_won, n_lost = self->n_lost;
  double odds = (won + 0.5) / (n_won - won + 0.5) / ((lost + 0.5) / (n_lost - lost + 0.5));
  double pooled = (won + lost) / (n_won + n_lost);
  double error = sqrt (pooled * (1 - pooled) * (1 / n_won + 1 / n_lost));
  Filling filling = { won / n_won, lost / n_lost, odds < 1 ? 1 / odds : odds, 0 };
  filling.deviations = error > 0 ? fabs (filling.won - filling.lost) / error : 0;
  return filling;
}

static int
judge_filling (const Suspect *self, const Filling *filling)
{
  double most = MAX (filling->won, filling->lost), least = MIN (filling->won, filling->lost);
  if (filling->deviations < FILLED_DEVIATIONS)
    return -1;
  if ((most >= FILLED_MOST && least <= FILLED_NONE)
      || (filling->odds >= FILLED_ODDS_LEAK && most - least >= FILLED_MOST / 2))
    return VAI_SEVERITY_LEAK;
  if (filling->odds >= FILLED_ODDS_WARN && most - least >= FILLED_GAP_MIN)
    return self->meaning == VAI_MEANING_AFTER || self->meaning == VAI_MEANING_ACTIVITY ? VAI_SEVERITY_LEAK
                                                                                       : VAI_SEVERITY_WARNING;
  if (self->meaning != VAI_MEANING_NONE && filling->odds >= FILLED_ODDS_NAMED && most - least >= FILLED_GAP_NAMED)
    return self->meaning == VAI_MEANING_AFTER ? VAI_SEVERITY_LEAK : VAI_SEVERITY_WARNING;
  return -1;
}

static void
test_filled (const Suspect *self, Verdict *verdict)
{
  const VaiColumnFacts *facts = self->facts;
  const char *name = self->column->name;
  Filling filling = measure_filling (self, facts->filled);
  int severity = judge_filling (self, &filling);
  if (severity >= 0)
    {
      g_autofree char *won = vai_share_dup_text (facts->filled[0], self->n_won);
      g_autofree char *lost = vai_share_dup_text (facts->filled[1], self->n_lost);
      accuse (
          verdict, severity, VAI_FINDING_LEAK_FILLED, facts->filled[0] + facts->filled[1], NULL,
          g_strdup_printf (_ ("“%s” is filled in %s of won and %s of lost quotes: leave it out?"), name, won, lost));
    }
  gsize zeros = facts->filled[0] + facts->filled[1] - facts->nonzero[0] - facts->nonzero[1];
  if (self->column->type != VAI_TYPE_NUMBER || zeros < ZERO_SHARE_MIN * (self->n_won + self->n_lost)
      || facts->n_distinct < 3)
    return;
  filling = measure_filling (self, facts->nonzero);
  severity = judge_filling (self, &filling);
  if (severity < VAI_SEVERITY_LEAK)
    return;
  g_autofree char *won = vai_share_dup_text (facts->nonzero[0], self->n_won);
  g_autofree char *lost = vai_share_dup_text (facts->nonzero[1], self->n_lost);
  accuse (
      verdict, severity, VAI_FINDING_LEAK_FILLED, facts->nonzero[0] + facts->nonzero[1], NULL,
      g_strdup_printf (_ ("“%s” is other than 0 in %s of won and %s of lost quotes: leave it out?"), name, won, lost));
}

static void
test_decided (const Suspect *self, Verdict *verdict)
{
  const VaiColumnFacts *facts = self->facts;
  gsize decided = self->n_won + self->n_lost, filled = facts->filled[0] + facts->filled[1];
  if (self->n_open < OPEN_ROWS_MIN || filled < DECIDED_MOST * decided || facts->filled[2] > DECIDED_NONE * self->n_open)
    return;
  g_autofree char *of_decided = vai_share_dup_text (filled, decided);
  g_autofree char *of_open = vai_share_dup_text (facts->filled[2], self->n_open);
  accuse (verdict, VAI_SEVERITY_LEAK, VAI_FINDING_LEAK_FILLED, filled, NULL,
          g_strdup_printf (_ ("“%s” is filled in %s of decided and %s of open quotes, so it becomes known with the "
                              "decision: leave it out?"),
                           self->column->name, of_decided, of_open));
}

static char *
dup_pure_sentence (const Suspect *self, char **value)
{
  const VaiPurity *purity = &self->facts->purity;
  const char *name = self->column->name;
  g_autofree char *from = vai_value_dup_words (self->column, purity->best_from);
  *value = vai_value_dup_text (self->column, purity->best_from);
  if (purity->best_from == purity->best_to)
    return g_strdup_printf (purity->best_outcome == 0
                                ? _ ("All %'zu decided quotes with “%s” in “%s” were won: leave it out?")
                                : _ ("All %'zu decided quotes with “%s” in “%s” were lost: leave it out?"),
                            purity->best_rows, from, name);
  g_autofree char *to = vai_value_dup_words (self->column, purity->best_to);
  char *sentence = g_strdup_printf (
      purity->best_outcome == 0 ? _ ("All %'zu decided quotes with “%s” between %s and %s were won: leave it out?")
                                : _ ("All %'zu decided quotes with “%s” between %s and %s were lost: leave it out?"),
      purity->best_rows, name, from, to);
  g_clear_pointer (value, g_free);
  return sentence;
}

static void
test_pure (const Suspect *self, Verdict *verdict)
{
  const VaiPurity *purity = &self->facts->purity;
  double n[2] = { self->n_won, self->n_lost };
  guint rarer = self->n_won <= self->n_lost ? 0 : 1;
  double of_rarer = purity->pure[rarer] / n[rarer], of_common = purity->pure[!rarer] / n[!rarer];
  int severity = -1;
  if (of_rarer >= PURE_RARER_LEAK || of_common >= PURE_COMMON_LEAK)
    severity = VAI_SEVERITY_LEAK;
  else if (of_rarer >= PURE_RARER_WARN || of_common >= PURE_COMMON_WARN)
    severity = is_named (self) ? VAI_SEVERITY_LEAK : VAI_SEVERITY_WARNING;
  else if (is_named (self) && MAX (of_rarer, of_common) >= PURE_NAMED)
    severity = self->meaning == VAI_MEANING_AFTER ? VAI_SEVERITY_LEAK : VAI_SEVERITY_WARNING;
  if (severity < 0)
    return;
  char *value;
  char *sentence = dup_pure_sentence (self, &value);
  accuse (verdict, severity, VAI_FINDING_LEAK_VALUE, purity->best_rows, value, sentence);
}

static void
test_near (const Suspect *self, Verdict *verdict)
{
  const VaiPurity *purity = &self->facts->purity;
  double n[2] = { self->n_won, self->n_lost };
  guint rarer = self->n_won <= self->n_lost ? 0 : 1;
  double won = purity->near[0] / n[0], lost = purity->near[1] / n[1];
  gboolean leak = MIN (won, lost) >= NEAR_BOTH_LEAK;
  if (!leak && purity->near[rarer] < NEAR_RARER_WARN * n[rarer])
    return;
  g_autofree char *of_won = vai_share_dup_text (purity->near[0], self->n_won);
  g_autofree char *of_lost = vai_share_dup_text (purity->near[1], self->n_lost);
  accuse (
      verdict, leak || is_named (self) ? VAI_SEVERITY_LEAK : VAI_SEVERITY_WARNING, VAI_FINDING_LEAK_VALUE,
      purity->near[0] + purity->near[1], NULL,
      g_strdup_printf (
          _ ("Some values of “%s” go with one outcome at least 19 times in 20 (%s of won and %s of lost quotes have "
             "such a value): leave it out?"),
          self->column->name, of_won, of_lost));
}

static void
test_strength (const Suspect *self, Verdict *verdict)
{
  double low = auc_low (self);
  int severity = low >= AUC_LEAK ? VAI_SEVERITY_LEAK : low >= AUC_WARN ? VAI_SEVERITY_WARNING : -1;
  if (is_named (self))
    {
      gboolean loose = self->meaning == VAI_MEANING_GUESS;
      severity = low >= (loose ? AUC_GUESS_LEAK : AUC_NAMED_LEAK)   ? VAI_SEVERITY_LEAK
                 : low >= (loose ? AUC_GUESS_WARN : AUC_NAMED_WARN) ? VAI_SEVERITY_WARNING
                                                                    : -1;
    }
  if (severity < 0)
    return;
  const char *name = self->column->name;
  double of_100 = 100 * self->facts->auc;
  char *sentence;
  if (self->meaning == VAI_MEANING_FORECAST || self->meaning == VAI_MEANING_GUESS)
    sentence = g_strdup_printf (
        _ ("“%s” is somebody's own guess of the outcome; alone it ranks a won quote above a lost one %.0f times "
           "in 100: leave it out?"),
        name, of_100);
  else if (self->meaning == VAI_MEANING_ACTIVITY)
    sentence = g_strdup_printf (
        _ ("“%s” tells what happened while the quote was out; alone it ranks a won quote above a lost one %.0f "
           "times in 100: leave it out?"),
        name, of_100);
  else
    sentence = g_strdup_printf (
        _ ("“%s” alone ranks a won quote above a lost one %.0f times in 100, so it may be known only after the "
           "decision: leave it out?"),
        name, of_100);
  accuse (verdict, severity, VAI_FINDING_LEAK_STRENGTH, self->n_won + self->n_lost, NULL, sentence);
}

static void
test_words (const Suspect *self, Verdict *verdict)
{
  const VaiColumnFacts *facts = self->facts;
  gsize decided = self->n_won + self->n_lost;
  for (guint lost = 0; lost < 2; lost++)
    {
      gsize rows = facts->words_rows[lost], hits = facts->words_hits[lost];
      gsize n_class = lost ? self->n_lost : self->n_won;
      double base = (double) n_class / decided;
      if (rows < WORDS_ROWS_MIN || hits < WORDS_SHARE_MIN * rows || pow (base, rows) > WORDS_CHANCE_MAX)
        continue;
      gboolean leak = hits >= WORDS_COVER_LEAK * n_class || self->meaning != VAI_MEANING_NONE;
      accuse (
          verdict, leak ? VAI_SEVERITY_LEAK : VAI_SEVERITY_WARNING, VAI_FINDING_LEAK_WORDS, rows,
          g_strdup (facts->words_value[lost]),
          g_strdup_printf (
              lost ? _ ("“%s” says the outcome in words, like “%s”: %'zu of %'zu such quotes were lost. Leave it out?")
                   : _ ("“%s” says the outcome in words, like “%s”: %'zu of %'zu such quotes were won. Leave it out?"),
              self->column->name, facts->words_value[lost], hits, rows));
    }
}

/* A price that is there in nearly all quotes is that of the quote, whatever its column is called; an identifier is not
 * learnt from. */
static gboolean
is_excused (const Suspect *self)
{
  VaiRole role = self->audit->profile->columns[self->index].role;
  gboolean filled = self->facts->n_filled >= EXCUSED_SHARE * self->column->n_rows;
  return role == VAI_ROLE_IDENTIFIER || (role == VAI_ROLE_PRICE && filled);
}

/* What only the name says: enough for a warning when it can hardly mean anything else. */
static void
test_meaning (const Suspect *self, Verdict *verdict)
{
  const char *name = self->column->name;
  if (self->meaning == VAI_MEANING_NONE || self->meaning == VAI_MEANING_ACTIVITY
      || self->meaning == VAI_MEANING_AGREEMENT || is_excused (self))
    return;
  gboolean is_date = self->column->type == VAI_TYPE_DATE && self->meaning == VAI_MEANING_AFTER;
  accuse (
      verdict, self->meaning == VAI_MEANING_GUESS ? VAI_SEVERITY_INFO : VAI_SEVERITY_WARNING,
      is_date ? VAI_FINDING_LEAK_DATE : VAI_FINDING_LEAK_MEANING, self->facts->n_filled, NULL,
      g_strdup_printf (
          self->meaning == VAI_MEANING_AFTER
              ? _ ("By its name “%s” is known only once a quote is decided: leave it out?")
              : _ ("By its name “%s” is somebody's own guess of the outcome, which follows the deal: leave it out?"),
          name));
}

static void
report (const Suspect *self, Verdict *verdict)
{
  if (verdict->sentence == NULL)
    return;
  vai_finding_add (self->audit, verdict->kind, verdict->severity, self->index, verdict->value,
                   verdict->severity == VAI_SEVERITY_INFO ? VAI_ACT_NONE : VAI_ACT_LEAVE_OUT, verdict->n_rows,
                   verdict->sentence);
  g_free (verdict->value);
}

static int
find_role (const VaiAudit *audit, VaiRole role)
{
  for (guint i = 0; i < audit->table->columns->len; i++)
    if (audit->profile->columns[i].role == role && vai_table_column (audit->table, i)->type == VAI_TYPE_DATE)
      return i;
  return -1;
}

/* Decided rows that have both dates, and those of them where @later is later than @earlier. */
static gsize
count_later (const VaiAudit *audit, guint earlier, guint later, gsize *both)
{
  const gint64 *a = vai_table_column (audit->table, earlier)->times, *b = vai_table_column (audit->table, later)->times;
  gsize n = 0;
  *both = 0;
  for (gsize row = 0; row < audit->table->n_rows; row++)
    {
      gboolean known
          = a[row] != VAI_TIME_MISSING && b[row] != VAI_TIME_MISSING && audit->classes[row] != VAI_CLASS_OPEN;
      *both += known;
      n += known && b[row] > a[row];
    }
  return n;
}

static void
test_after_closing (const Suspect *self, Verdict *verdict)
{
  int closed = find_role (self->audit, VAI_ROLE_CLOSED_DATE);
  if (self->column->type != VAI_TYPE_DATE || closed < 0 || vai_leak_name_is_planned (self->column->name))
    return;
  gsize both, later = count_later (self->audit, closed, self->index, &both);
  if (both < AFTER_CLOSING_ROWS_MIN || later < AFTER_CLOSING_WARN * both)
    return;
  g_autofree char *share = vai_share_dup_text (later, both);
  accuse (verdict, later >= AFTER_CLOSING_LEAK * both ? VAI_SEVERITY_LEAK : VAI_SEVERITY_WARNING, VAI_FINDING_LEAK_DATE,
          later, NULL,
          g_strdup_printf (_ ("“%s” lies after the date of closing in %s of the decided quotes: leave it out?"),
                           self->column->name, share));
}

static void
judge_column (VaiAudit *audit, guint index, const Suspect *totals)
{
  Suspect self = *totals;
  Verdict verdict = { 0 };
  self.index = index;
  self.column = vai_table_column (audit->table, index);
  self.facts = &audit->facts[index];
  self.meaning = vai_leak_meaning (self.column->name);
  if (self.facts->n_filled == 0 || (self.facts->n_distinct == 1 && self.facts->n_filled == self.column->n_rows))
    return;
  test_after_closing (&self, &verdict);
  test_filled (&self, &verdict);
  test_decided (&self, &verdict);
  test_words (&self, &verdict);
  test_pure (&self, &verdict);
  test_near (&self, &verdict);
  test_strength (&self, &verdict);
  test_meaning (&self, &verdict);
  report (&self, &verdict);
}

/* The date of closing is needed to test by time, and is never a feature. */
static void
say_closed_date (VaiAudit *audit)
{
  int closed = find_role (audit, VAI_ROLE_CLOSED_DATE), opened = find_role (audit, VAI_ROLE_OPENED_DATE);
  if (closed < 0)
    return;
  const char *name = vai_table_column (audit->table, closed)->name;
  vai_finding_add (
      audit, VAI_FINDING_LEAK_DATE, VAI_SEVERITY_INFO, closed, NULL, VAI_ACT_NONE, audit->facts[closed].n_filled,
      g_strdup_printf (
          _ ("“%s” is known only once a quote is decided: as the date of closing it serves to test by time and is "
             "not learnt from."),
          name));
  if (opened < 0)
    return;
  gsize both, later = count_later (audit, closed, opened, &both);
  if (later > 0)
    vai_finding_add (audit, VAI_FINDING_MIXED_TYPES, VAI_SEVERITY_WARNING, closed, NULL, VAI_ACT_NONE, later,
                     g_strdup_printf (ngettext ("%'zu of %'zu quotes is closed before it is opened (“%s” is before "
                                                "“%s”): check the two dates.",
                                                "%'zu of %'zu quotes are closed before they are opened (“%s” is before "
                                                "“%s”): check the two dates.",
                                                later),
                                      later, both, name, vai_table_column (audit->table, opened)->name));
}

void
vai_leak_find (VaiAudit *audit)
{
  const gsize *n = audit->n_class;
  Suspect totals = { .audit = audit,
                     .n_won = n[VAI_CLASS_WON_A] + n[VAI_CLASS_WON_B],
                     .n_lost = n[VAI_CLASS_LOST_A] + n[VAI_CLASS_LOST_B],
                     .n_open = n[VAI_CLASS_OPEN] };
  if (totals.n_won == 0 || totals.n_lost == 0)
    return;
  say_closed_date (audit);
  for (guint i = 0; i < audit->table->columns->len; i++)
    {
      VaiRole role = audit->profile->columns[i].role;
      if (audit->facts[i].ignored || role == VAI_ROLE_OUTCOME || role == VAI_ROLE_CLOSED_DATE
          || role == VAI_ROLE_IGNORED)
        continue;
      judge_column (audit, i, &totals);
    }
}
