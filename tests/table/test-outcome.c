#include "profile-table.h"
#include "vai-error.h"
#include "vai-outcome-words.h"

static void
test_words (void)
{
  static const struct
  {
    const char *value;
    VaiOutcome outcome;
    gboolean weak;
  } cases[] = {
    { "Won", VAI_OUTCOME_WON },
    { "WON", VAI_OUTCOME_WON },
    { "Closed Won", VAI_OUTCOME_WON },
    { "closedwon", VAI_OUTCOME_WON },
    { "6 - Closed Won", VAI_OUTCOME_WON },
    { "Vinta", VAI_OUTCOME_WON },
    { "vinto", VAI_OUTCOME_WON },
    { "Chiusa vinta", VAI_OUTCOME_WON },
    { "Awarded", VAI_OUTCOME_WON },
    { "Accepted", VAI_OUTCOME_WON },
    { "Accettata", VAI_OUTCOME_WON },
    { "Ordered", VAI_OUTCOME_WON },
    { "Ordine ricevuto", VAI_OUTCOME_WON },
    { "Aggiudicata", VAI_OUTCOME_WON },
    { "Trasformata in ordine", VAI_OUTCOME_WON },
    { "Converted", VAI_OUTCOME_WON },
    { "Lost", VAI_OUTCOME_LOST },
    { "Closed Lost", VAI_OUTCOME_LOST },
    { "Closed - Lost to competitor", VAI_OUTCOME_LOST },
    { "Persa", VAI_OUTCOME_LOST },
    { "perso", VAI_OUTCOME_LOST },
    { "Not awarded", VAI_OUTCOME_LOST },
    { "Non aggiudicata", VAI_OUTCOME_LOST },
    { "Non accettata", VAI_OUTCOME_LOST },
    { "Rejected", VAI_OUTCOME_LOST },
    { "Proposal rejected", VAI_OUTCOME_LOST },
    { "Annullata", VAI_OUTCOME_LOST },
    { "Cancelled", VAI_OUTCOME_LOST },
    { "Scaduta", VAI_OUTCOME_LOST },
    { "Rifiutata dal cliente", VAI_OUTCOME_LOST },
    { "No order", VAI_OUTCOME_LOST },
    { "Open", VAI_OUTCOME_OPEN },
    { "in corso", VAI_OUTCOME_OPEN },
    { "In trattativa", VAI_OUTCOME_OPEN },
    { "Pending", VAI_OUTCOME_OPEN },
    { "Engaging", VAI_OUTCOME_OPEN },
    { "Prospecting", VAI_OUTCOME_OPEN },
    { "Negotiation/Review", VAI_OUTCOME_OPEN },
    { "Offerta inviata", VAI_OUTCOME_OPEN },
    { "yes", VAI_OUTCOME_WON, TRUE },
    { "Sì", VAI_OUTCOME_WON, TRUE },
    { "SI", VAI_OUTCOME_WON, TRUE },
    { "1", VAI_OUTCOME_WON, TRUE },
    { "TRUE", VAI_OUTCOME_WON, TRUE },
    { "Vero", VAI_OUTCOME_WON, TRUE },
    { "no", VAI_OUTCOME_LOST, TRUE },
    { "0", VAI_OUTCOME_LOST, TRUE },
    { "FALSE", VAI_OUTCOME_LOST, TRUE },
    { "Falso", VAI_OUTCOME_LOST, TRUE },
    { "Unknown", VAI_OUTCOME_UNKNOWN },
    { "Not bid", VAI_OUTCOME_UNKNOWN },
    { "Blue", VAI_OUTCOME_UNKNOWN },
    { "won or lost", VAI_OUTCOME_UNKNOWN },
    { "", VAI_OUTCOME_UNKNOWN },
    { "---", VAI_OUTCOME_UNKNOWN },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      VaiOutcomeReading reading = vai_outcome_read (cases[i].value);
      if (reading.outcome != cases[i].outcome || reading.weak != cases[i].weak)
        g_error ("“%s” reads as %s", cases[i].value, vai_outcome_name (reading.outcome));
    }
}

static void
test_scan (void)
{
  g_assert_cmpint (vai_outcome_scan ("Lost to a cheaper offer", 23), ==, VAI_OUTCOME_LOST);
  g_assert_cmpint (vai_outcome_scan ("deal WON!", 9), ==, VAI_OUTCOME_WON);
  g_assert_cmpint (vai_outcome_scan ("won, then lost", 14), ==, VAI_OUTCOME_UNKNOWN);
  g_assert_cmpint (vai_outcome_scan ("wonder", 6), ==, VAI_OUTCOME_UNKNOWN);
  g_assert_cmpint (vai_outcome_scan ("", 0), ==, VAI_OUTCOME_UNKNOWN);
}

typedef struct
{
  const char *const *values;
  guint n;
} Cycle;

static const char *
cycle_text (gsize row, gpointer data)
{
  const Cycle *cycle = data;
  return cycle->values[row % cycle->n];
}

static VaiTable *
table_new (const char *name, const char *const *values, guint n_values, gsize n_rows)
{
  static const char *const colours[] = { "red", "blue", "green" };
  Cycle first = { colours, 3 }, second = { values, n_values };
  VaiTable *table = vai_table_new ();
  add_texts (table, "Colour", n_rows, cycle_text, &first);
  add_texts (table, name, n_rows, cycle_text, &second);
  return table;
}

static VaiOutcome
outcome_of (const VaiProfile *profile, const char *value)
{
  for (guint i = 0; i < profile->outcome_values->len; i++)
    {
      const VaiOutcomeValue *known = g_ptr_array_index (profile->outcome_values, i);
      if (g_str_equal (known->value, value))
        return known->outcome;
    }
  g_error ("no value “%s”", value);
}

#define TABLE(name, ...)                                                                                               \
  table_new (name, (const char *[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const char *[]){ __VA_ARGS__ })), 120)

static void
test_find (void)
{
  g_autoptr (VaiTable) stage = TABLE ("Deal stage", "Won", "Lost", "Pending", "");
  g_autoptr (VaiProfile) profile = vai_profile_new (stage, NULL, NULL, NULL, NULL);
  g_assert_cmpint (profile->outcome, ==, 1);
  g_assert_cmpint (profile->columns[1].role, ==, VAI_ROLE_OUTCOME);
  g_assert_cmpuint (profile->n_won, ==, 30);
  g_assert_cmpuint (profile->n_lost, ==, 30);
  g_assert_cmpuint (profile->n_open, ==, 60);
  g_assert_cmpint (outcome_of (profile, ""), ==, VAI_OUTCOME_OPEN);

  g_autoptr (VaiTable) esito = TABLE ("Esito offerta", "Vinta", "Persa", "Annullata", "In corso");
  g_autoptr (VaiProfile) italian = vai_profile_new (esito, NULL, NULL, NULL, NULL);
  g_assert_cmpint (italian->outcome, ==, 1);
  g_assert_cmpuint (italian->n_lost, ==, 60);

  g_autoptr (VaiTable) plain = TABLE ("Converted", "0", "1", "0");
  g_autoptr (VaiProfile) weak = vai_profile_new (plain, NULL, NULL, NULL, NULL);
  g_assert_cmpint (weak->outcome, ==, 1);
  g_assert_cmpuint (weak->n_won, ==, 40);

  g_autoptr (VaiTable) turned = TABLE ("Is lost", "yes", "no", "no");
  g_autoptr (VaiProfile) opposite = vai_profile_new (turned, NULL, NULL, NULL, NULL);
  g_assert_cmpint (opposite->outcome, ==, 1);
  g_assert_cmpuint (opposite->n_won, ==, 80);
}

static void
test_none (void)
{
  g_autoptr (VaiTable) table = TABLE ("Has garden", "yes", "no");
  g_autoptr (VaiProfile) profile = vai_profile_new (table, NULL, NULL, NULL, NULL);
  g_assert_cmpint (profile->outcome, ==, -1);
  g_assert_cmpuint (profile->n_open, ==, 120);
  guint8 outcomes[120];
  vai_profile_map_outcomes (profile, table, outcomes);
  for (guint i = 0; i < 120; i++)
    g_assert_cmpint (outcomes[i], ==, VAI_OUTCOME_OPEN);
}

static VaiProfile *
profile_given (const VaiTable *table, const char *const *won, const char *const *lost, GError **error)
{
  VaiProfileOptions options = { .outcome = "State of play", .won = won, .lost = lost };
  return vai_profile_new (table, &options, NULL, NULL, error);
}

static void
test_given_won (void)
{
  static const char *const won[] = { "ja", NULL };
  g_autoptr (VaiTable) two = TABLE ("State of play", "ja", "nein", "");
  g_autoptr (VaiProfile) single = profile_given (two, won, NULL, NULL);
  g_assert_cmpint (outcome_of (single, "ja"), ==, VAI_OUTCOME_WON);
  g_assert_cmpint (outcome_of (single, "nein"), ==, VAI_OUTCOME_LOST);
  g_assert_cmpint (outcome_of (single, ""), ==, VAI_OUTCOME_OPEN);

  g_autoptr (VaiTable) many = TABLE ("State of play", "ja", "lost", "pending", "blue", "Awarded");
  g_autoptr (VaiProfile) several = profile_given (many, won, NULL, NULL);
  g_assert_cmpint (outcome_of (several, "lost"), ==, VAI_OUTCOME_LOST);
  g_assert_cmpint (outcome_of (several, "pending"), ==, VAI_OUTCOME_OPEN);
  g_assert_cmpint (outcome_of (several, "blue"), ==, VAI_OUTCOME_UNKNOWN);
  g_assert_cmpint (outcome_of (several, "Awarded"), ==, VAI_OUTCOME_UNKNOWN);
  const VaiFinding *unmapped = get_finding (several, "class-balance:State of play=unmapped");
  g_assert_cmpuint (unmapped->n_rows, ==, 48);
}

static void
test_given_lost (void)
{
  static const char *const won[] = { "JA", NULL };
  static const char *const lost[] = { "blue", NULL };
  g_autoptr (VaiTable) table = TABLE ("State of play", "ja", "lost", "pending", "blue");
  g_autoptr (VaiProfile) profile = profile_given (table, won, lost, NULL);
  g_assert_cmpint (outcome_of (profile, "ja"), ==, VAI_OUTCOME_WON);
  g_assert_cmpint (outcome_of (profile, "blue"), ==, VAI_OUTCOME_LOST);
  g_assert_cmpint (outcome_of (profile, "lost"), ==, VAI_OUTCOME_OPEN);
  g_assert_cmpint (outcome_of (profile, "pending"), ==, VAI_OUTCOME_OPEN);
}

static void
test_errors (void)
{
  static const char *const unknown[] = { "Gewonnen", NULL };
  static const char *const both[] = { "ja", NULL };
  g_autoptr (VaiTable) table = TABLE ("State of play", "ja", "nein");
  g_autoptr (GError) error = NULL;
  g_assert_null (profile_given (table, unknown, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NO_VALUE);
  g_assert_nonnull (strstr (error->message, "“ja”"));
  g_assert_nonnull (strstr (error->message, "“nein”"));
  g_clear_error (&error);
  g_assert_null (profile_given (table, both, both, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_clear_error (&error);
  VaiProfileOptions options = { .outcome = "Colr" };
  g_assert_null (vai_profile_new (table, &options, NULL, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NO_COLUMN);
  g_clear_error (&error);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  g_assert_null (vai_profile_new (table, NULL, NULL, cancellable, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_CANCELLED);
}

/* As a feature it would be learned from. */
static void
test_stays_outcome (void)
{
  g_autoptr (VaiTable) table = TABLE ("State of play", "won", "lost");
  g_autoptr (GHashTable) roles = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (roles, (char *) "State of play", GINT_TO_POINTER (VAI_ROLE_FEATURE));
  VaiProfileOptions options = { .outcome = "State of play", .roles = roles, .opened_date = "State of play" };
  g_autoptr (VaiProfile) profile = vai_profile_new (table, &options, NULL, NULL, NULL);
  g_assert_cmpint (profile->columns[profile->outcome].role, ==, VAI_ROLE_OUTCOME);
}

static double
zero_or_one (gsize row, gpointer data)
{
  return row % 5 == 4 ? NAN : row % 5 == 0;
}

static void
test_numbers (void)
{
  static const char *const won[] = { "1.0", NULL };
  g_autoptr (VaiTable) table = vai_table_new ();
  add_numbers (table, "Bought", 100, zero_or_one, NULL);
  VaiProfileOptions options = { .outcome = "bought", .won = won };
  g_autoptr (VaiProfile) profile = vai_profile_new (table, &options, NULL, NULL, NULL);
  g_assert_cmpuint (profile->n_won, ==, 20);
  g_assert_cmpuint (profile->n_lost, ==, 60);
  g_assert_cmpuint (profile->n_open, ==, 20);
  guint8 outcomes[100];
  vai_profile_map_outcomes (profile, table, outcomes);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (outcomes[i], ==, i % 5 == 4 ? VAI_OUTCOME_OPEN : i % 5 == 0 ? VAI_OUTCOME_WON : VAI_OUTCOME_LOST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outcome/words", test_words);
  g_test_add_func ("/outcome/scan", test_scan);
  g_test_add_func ("/outcome/find", test_find);
  g_test_add_func ("/outcome/none", test_none);
  g_test_add_func ("/outcome/given-won", test_given_won);
  g_test_add_func ("/outcome/given-lost", test_given_lost);
  g_test_add_func ("/outcome/errors", test_errors);
  g_test_add_func ("/outcome/stays-outcome", test_stays_outcome);
  g_test_add_func ("/outcome/numbers", test_numbers);
  return g_test_run ();
}
