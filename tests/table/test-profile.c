#include "profile-world.h"
#include "vai-error.h"

static void
test_roles (void)
{
  static const VaiRole roles[] = { VAI_ROLE_IDENTIFIER, VAI_ROLE_OPENED_DATE, VAI_ROLE_CUSTOMER_SECTOR,
                                   VAI_ROLE_PRICE,      VAI_ROLE_FEATURE,     VAI_ROLE_OUTCOME };
  g_autofree World *world = world_new (1, 0.4);
  g_autoptr (VaiTable) table = table_new (world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    g_assert_cmpint (profile->columns[i].role, ==, roles[i]);
  g_assert_true (profile->columns[3].actionable);
  g_assert_false (profile->columns[2].actionable);
}

static void
test_given_roles (void)
{
  static const char *const ignore[] = { "Sector", NULL };
  g_autofree World *world = world_new (1, 0.4);
  g_autoptr (VaiTable) table = table_new (world);
  add_numbers (table, "Price", N, price_number, world);
  g_autoptr (GHashTable) roles = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (roles, (gpointer) "Technical fit", GINT_TO_POINTER (VAI_ROLE_PRICE));
  VaiProfileOptions options = { .ignore = ignore, .roles = roles };
  g_autoptr (VaiProfile) profile = vai_profile_new (table, &options, NULL, NULL, NULL);
  g_assert_cmpint (profile->columns[2].role, ==, VAI_ROLE_IGNORED);
  g_assert_cmpint (profile->columns[3].role, ==, VAI_ROLE_FEATURE);
  g_assert_cmpint (profile->columns[4].role, ==, VAI_ROLE_PRICE);
  g_assert_cmpint (profile->columns[6].role, ==, VAI_ROLE_FEATURE);
  for (guint i = 0; i < profile->findings->len; i++)
    g_assert_cmpint (((VaiFinding *) g_ptr_array_index (profile->findings, i))->column, !=, 2);
  g_autoptr (GError) error = NULL;
  g_hash_table_insert (roles, (gpointer) "No such column", GINT_TO_POINTER (VAI_ROLE_COST));
  g_assert_null (vai_profile_new (table, &options, NULL, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NO_COLUMN);
}

/* Of two columns that could have a role that is unique, one gets it: that of the more telling name. */
static void
test_unique (void)
{
  g_autofree World *world = world_new (1, 0.4);
  g_autoptr (VaiTable) table = table_new (world);
  add_numbers (table, "Amount", N, price_number, world);
  add_days (table, "Data di chiusura", N, closed_day, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  guint n[VAI_N_ROLES] = { 0 };
  for (guint i = 0; i < table->columns->len; i++)
    n[profile->columns[i].role]++;
  g_assert_cmpuint (n[VAI_ROLE_PRICE], ==, 1);
  g_assert_cmpuint (n[VAI_ROLE_OPENED_DATE], ==, 1);
  g_assert_cmpint (profile->columns[7].role, ==, VAI_ROLE_CLOSED_DATE);
  g_assert_nonnull (find_finding (profile, "leak-date:Data di chiusura"));
  g_assert_cmpint (get_finding (profile, "leak-date:Data di chiusura")->act, ==, VAI_ACT_NONE);
}

/* --- Quality. --- */

static const char *
same_text (gsize row, gpointer data)
{
  return "EUR";
}

static const char *
no_text (gsize row, gpointer data)
{
  return "";
}

static void
test_constant_and_empty (void)
{
  g_autofree World *world = world_new (12, 0.5);
  g_autoptr (VaiTable) table = table_new (world);
  add_texts (table, "Currency", N, same_text, world);
  add_texts (table, "Spare", N, no_text, world);
  add_texts (table, "Hint", N, rarely_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_true (get_finding (profile, "constant:Currency")->safe);
  g_assert_cmpint (get_finding (profile, "constant:Currency")->act, ==, VAI_ACT_LEAVE_OUT);
  g_assert_true (get_finding (profile, "empty:Spare")->safe);
  g_assert_null (find_finding (profile, "constant:Hint"));
  g_assert_false (get_finding (profile, "mostly-missing:Hint")->safe);
  g_assert_null (find_finding (profile, "constant:Sector"));
  g_assert_null (find_finding (profile, "mostly-missing:Sector"));
}

static double
no_number (gsize row, gpointer data)
{
  return NAN;
}

static double
seldom_number (gsize row, gpointer data)
{
  return row % 10 == 0 ? row : NAN;
}

/* Texts that the chosen type cannot hold are no empty cells; a few among many are nothing to tell. */
static void
test_misread (void)
{
  g_autofree World *world = world_new (12, 0.5);
  g_autoptr (VaiTable) table = table_new (world);
  VaiColumn *all = add_numbers (table, "Zeta", N, no_number, world);
  VaiColumn *most = add_numbers (table, "Eta", N, seldom_number, world);
  VaiColumn *some = add_numbers (table, "Theta", N, seldom_number, world);
  all->n_unread = N;
  most->n_unread = N - N / 10;
  some->n_unread = 5;
  all->unread = g_strdup ("east");
  most->unread = g_strdup ("west");
  some->unread = g_strdup ("north");
  g_autoptr (VaiProfile) profile = profile_new (table);
  const VaiFinding *finding = get_finding (profile, "not-of-type:Zeta");
  g_assert_cmpuint (finding->n_rows, ==, N);
  g_assert_cmpint (finding->act, ==, VAI_ACT_NONE);
  g_assert_nonnull (strstr (finding->sentence, "“east”"));
  g_assert_cmpuint (get_finding (profile, "not-of-type:Eta")->n_rows, ==, N - N / 10);
  g_assert_null (find_finding (profile, "empty:Zeta"));
  g_assert_null (find_finding (profile, "mostly-missing:Eta"));
  g_assert_null (find_finding (profile, "not-of-type:Theta"));
  g_assert_nonnull (find_finding (profile, "mostly-missing:Theta"));
}

static const char *
firm_text (gsize row, gpointer data)
{
  World *self = data;
  g_snprintf (self->text, sizeof self->text, "Firm of %c%c%c", (char) ('a' + row % 26), (char) ('a' + row / 26 % 26),
              (char) ('a' + row / 676));
  return self->text;
}

static const char *
seldom_firm_text (gsize row, gpointer data)
{
  return row % 5 == 0 ? firm_text (row, data) : "";
}

static const char *
seldom_code_text (gsize row, gpointer data)
{
  return row % 5 == 0 ? number_text (row, data) : "";
}

/* What most rows lack does not name the rows, different as its values may be. */
static void
test_sparse_identifier (void)
{
  g_autofree World *world = world_new (13, 0.5);
  g_autoptr (VaiTable) table = table_new (world);
  add_texts (table, "Works", N, seldom_firm_text, world);
  add_texts (table, "Zeta", N, seldom_code_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_null (find_finding (profile, "identifier:Works"));
  g_assert_null (find_finding (profile, "identifier:Zeta"));
  g_assert_cmpint (profile->columns[7].role, !=, VAI_ROLE_IDENTIFIER);
}

static void
test_identifier (void)
{
  g_autofree World *world = world_new (13, 0.5);
  g_autoptr (VaiTable) table = table_new (world);
  add_texts (table, "Works", N, firm_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_cmpint (get_finding (profile, "identifier:Quote number")->severity, ==, VAI_SEVERITY_INFO);
  const VaiFinding *finding = get_finding (profile, "identifier:Works");
  g_assert_cmpint (finding->act, ==, VAI_ACT_SET_IDENTIFIER);
  g_assert_true (finding->safe);
  g_assert_null (find_finding (profile, "identifier:Sector"));
  /* What should not be learnt from is not learnt as one either. */
  g_assert_null (find_finding (profile, "rare-values:Works"));
  g_assert_nonnull (strstr (get_finding (profile, "identifier:Quote number")->sentence, "different in every row"));
}

/* Some rows share a number: it does not name them, it says which belong together. */
static const char *
shared_number_text (gsize row, gpointer data)
{
  return number_text (row / 2, data);
}

static void
test_shared_identifier (void)
{
  g_autofree World *world = world_new (13, 0.5);
  g_autoptr (VaiTable) table = table_new (world);
  add_texts (table, "Customer no.", N, shared_number_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_cmpint (profile->columns[6].role, ==, VAI_ROLE_IDENTIFIER);
  g_assert_nonnull (strstr (get_finding (profile, "identifier:Customer no.")->sentence, "belong together"));
  g_assert_true (vai_act_is_done (VAI_ACT_SET_IDENTIFIER, profile->columns[6].role));
  g_assert_false (vai_act_is_done (VAI_ACT_LEAVE_OUT, profile->columns[6].role));
}

static const char *
rare_text (gsize row, gpointer data)
{
  return row % 100 == 3 ? (row % 200 == 3 ? "kiln" : "loom") : sector_text (row, data);
}

static double
outlying_number (gsize row, gpointer data)
{
  return row == 17 ? 1e12 : row == 18 ? -1e12 : price_number (row, data);
}

static void
test_rare_and_outliers (void)
{
  g_autofree World *world = world_new (14, 0.5);
  g_autoptr (VaiTable) table = table_new (world);
  add_texts (table, "Plant", N, rare_text, world);
  add_numbers (table, "Turnaround value", N, outlying_number, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_cmpuint (get_finding (profile, "rare-values:Plant")->n_rows, ==, 6);
  g_assert_null (find_finding (profile, "rare-values:Sector"));
  g_assert_cmpuint (get_finding (profile, "outliers:Turnaround value")->n_rows, ==, 2);
}

static const char *
select_text (gsize row, gpointer data)
{
  return row % 6 == 0 ? "-- Select --" : sector_text (row, data);
}

static double
days_number (gsize row, gpointer data)
{
  return row % 10 == 0 ? 999 : vai_random_below (&((World *) data)->random, 90);
}

static double
serial_number (gsize row, gpointer data)
{
  return 43000 + row;
}

static const char *
mixed_text (gsize row, gpointer data)
{
  World *self = data;
  g_snprintf (self->text, sizeof self->text, "%u", (guint) (row * 7 % 300));
  return row % 40 == 0 ? "about ten" : self->text;
}

static const char *
band_text (gsize row, gpointer data)
{
  static const char *const bands[] = { "1-9", "10–49", "50–249", "250+" };
  return bands[vai_random_below (&((World *) data)->random, 4)];
}

static void
test_placeholder_and_mixed (void)
{
  g_autofree World *world = world_new (15, 0.5);
  g_autoptr (VaiTable) table = table_new (world);
  add_texts (table, "Region", N, select_text, world);
  add_numbers (table, "Days away", N, days_number, world);
  add_numbers (table, "First visit date", N, serial_number, world);
  add_texts (table, "Pieces", N, mixed_text, world);
  add_texts (table, "Employees", N, band_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  const VaiFinding *text = get_finding (profile, "placeholder:Region=-- Select --");
  g_assert_cmpint (text->act, ==, VAI_ACT_MAKE_EMPTY);
  g_assert_true (text->safe);
  g_assert_cmpuint (get_finding (profile, "placeholder:Days away=999")->n_rows, ==, 60);
  g_assert_nonnull (find_finding (profile, "mixed-types:First visit date"));
  g_assert_cmpuint (get_finding (profile, "mixed-types:Pieces")->n_rows, ==, 15);
  g_assert_null (find_finding (profile, "mixed-types:Sector"));
  g_assert_null (find_finding (profile, "mixed-types:Employees"));
  g_assert_cmpint (profile->columns[10].role, ==, VAI_ROLE_CUSTOMER_SIZE);
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      g_assert_false (finding->kind == VAI_FINDING_PLACEHOLDER && finding->column < 6);
    }
}

static void
test_balance (void)
{
  g_autofree World *world = world_new (16, 0.03);
  g_autoptr (VaiTable) table = table_new (world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_nonnull (find_finding (profile, "class-balance:Outcome"));
  g_autofree World *even = world_new (16, 0.5);
  g_autoptr (VaiTable) other = table_new (even);
  g_autoptr (VaiProfile) balanced = profile_new (other);
  g_assert_null (find_finding (balanced, "class-balance:Outcome"));
}

/* --- Repeated rows and columns, against brute force. --- */

static const char *
few_text (gsize row, gpointer data)
{
  static const char *const letters[] = { "a", "b", "c", "d", "" };
  return letters[vai_random_below (&((World *) data)->random, 5)];
}

static double
few_number (gsize row, gpointer data)
{
  guint draw = vai_random_below (&((World *) data)->random, 4);
  return draw == 3 ? NAN : draw == 2 ? -0.0 : draw;
}

static gboolean
rows_equal (const VaiTable *table, gsize a, gsize b)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      g_autofree char *x = vai_column_dup_text (vai_table_column (table, i), a);
      g_autofree char *y = vai_column_dup_text (vai_table_column (table, i), b);
      if (!g_str_equal (x, y) && !(g_str_equal (x, "0") && g_str_equal (y, "-0"))
          && !(g_str_equal (x, "-0") && g_str_equal (y, "0")))
        return FALSE;
    }
  return TRUE;
}

static gsize
count_repeats (const VaiTable *table)
{
  gsize n = 0;
  for (gsize row = 0; row < table->n_rows; row++)
    for (gsize before = 0; before < row; before++)
      if (rows_equal (table, before, row))
        {
          n++;
          break;
        }
  return n;
}

static void
test_repeats (void)
{
  for (guint seed = 1; seed <= 5; seed++)
    {
      g_autofree World *world = world_new (seed, 0.5);
      g_autoptr (VaiTable) table = vai_table_new ();
      add_texts (table, "One", 400, few_text, world);
      add_numbers (table, "Two", 400, few_number, world);
      add_texts (table, "Three", 400, few_text, world);
      add_texts (table, "Outcome", 400, outcome_text, world);
      g_autoptr (VaiProfile) profile = profile_new (table);
      g_assert_cmpuint (profile->n_duplicate_rows, ==, count_repeats (table));
      g_assert_cmpuint (get_finding (profile, "duplicate-rows")->n_rows, ==, profile->n_duplicate_rows);
      g_autoptr (VaiTable) after = vai_profile_act (profile, table, "duplicate-rows", NULL);
      g_assert_cmpuint (after->n_rows, ==, 400 - profile->n_duplicate_rows);
      g_assert_cmpuint (count_repeats (after), ==, 0);
      g_assert_cmpuint (profile->n_won + profile->n_lost + profile->n_open, ==, after->n_rows);
    }
}

static double
twice_number (gsize row, gpointer data)
{
  return 1.22 * ((double *) data)[row];
}

static const char *
code_of_text (gsize row, gpointer data)
{
  static const char *const codes[] = { "10", "20", "30", "40", "50" };
  return codes[((gint32 *) data)[row]];
}

static void
test_duplicate_column (void)
{
  g_autofree World *world = world_new (17, 0.5);
  g_autoptr (VaiTable) table = table_new (world);
  add_numbers (table, "Price with tax", N, twice_number, vai_table_column (table, 3)->numbers);
  add_texts (table, "Sector key", N, code_of_text, vai_table_column (table, 2)->codes);
  add_texts (table, "Branch", N, sector_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_nonnull (find_finding (profile, "duplicate-column:Price with tax"));
  g_assert_nonnull (find_finding (profile, "duplicate-column:Sector key"));
  g_assert_null (find_finding (profile, "duplicate-column:Branch"));
  g_assert_null (find_finding (profile, "duplicate-column:Technical fit"));
}

static double
copied_number (gsize row, gpointer data)
{
  World *self = data;
  static double before;
  before = row % 10 == 9 ? before : price_number (row, self);
  return before;
}

static void
test_near_duplicates (void)
{
  g_autofree World *world = world_new (18, 0.5);
  for (gsize row = 9; row < N; row += 10)
    world->won[row] = world->won[row - 1];
  g_autoptr (VaiTable) table = vai_table_new ();
  add_texts (table, "Quote number", N, number_text, world);
  add_days (table, "Created on", N, opened_day, world);
  add_numbers (table, "Total price", N, copied_number, world);
  add_numbers (table, "Weight", N, copied_number, world);
  add_texts (table, "Outcome", N, outcome_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_cmpuint (profile->n_duplicate_rows, ==, 0);
  g_assert_cmpuint (get_finding (profile, "near-duplicates")->n_rows, ==, N / 10);
  g_autoptr (VaiTable) after = vai_profile_act (profile, table, "near-duplicates", NULL);
  g_assert_cmpuint (after->n_rows, ==, N - N / 10);
}

/* --- Acts. --- */

static void
test_acts (void)
{
  g_autofree World *world = world_new (19, 0.4);
  g_autoptr (VaiTable) table = table_new (world);
  add_texts (table, "Region", N, select_text, world);
  add_numbers (table, "Days away", N, days_number, world);
  add_texts (table, "Warehouse slot", N, order_text, world);
  add_texts (table, "Spare", N, no_text, world);
  add_texts (table, "Works", N, firm_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_autoptr (VaiTable) same = vai_profile_act (profile, table, "leak-filled:Warehouse slot", NULL);
  g_assert_true (same == table);
  g_assert_cmpint (profile->columns[8].role, ==, VAI_ROLE_IGNORED);
  g_autoptr (VaiTable) emptied = vai_profile_act (profile, table, "placeholder:Days away=999", NULL);
  g_assert_cmpuint (vai_table_column (emptied, 7)->n_missing, ==, 60);
  g_assert_cmpuint (vai_table_column (table, 7)->n_missing, ==, 0);
  g_autoptr (VaiTable) all = vai_profile_act (profile, table, "safe", NULL);
  g_assert_cmpuint (vai_table_column (all, 6)->n_missing, ==, 100);
  g_assert_cmpint (vai_dictionary_lookup (vai_table_column (all, 6)->dictionary, "-- Select --", 12), ==,
                   VAI_CODE_MISSING);
  g_assert_cmpuint (vai_table_column (all, 7)->n_missing, ==, 60);
  g_assert_cmpint (profile->columns[9].role, ==, VAI_ROLE_IGNORED);
  g_assert_cmpint (profile->columns[10].role, ==, VAI_ROLE_IDENTIFIER);
  g_assert_cmpuint (all->n_rows, ==, N);
  for (gsize row = 0; row < N; row++)
    g_assert_cmpfloat (vai_table_column (all, 3)->numbers[row], ==, vai_table_column (table, 3)->numbers[row]);
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_profile_act (profile, table, "no such finding", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "empty:Spare"));
}

/* A leak that looks like an identifier too is left out and stays so. */
static void
test_act_order (void)
{
  g_autofree World *world = world_new (21, 0.7);
  g_autoptr (VaiTable) table = table_new (world);
  add_texts (table, "Numero ordine", N, order_text, world);
  g_autoptr (VaiProfile) profile = profile_new (table);
  g_assert_true (get_leak (profile, 6)->safe);
  g_assert_nonnull (find_finding (profile, "identifier:Numero ordine"));
  g_autoptr (VaiTable) after = vai_profile_act (profile, table, "safe", NULL);
  g_assert_cmpint (profile->columns[6].role, ==, VAI_ROLE_IGNORED);
  g_assert_cmpint (profile->columns[0].role, ==, VAI_ROLE_IDENTIFIER);
}

/* --- Odd tables. --- */

static void
test_odd (void)
{
  g_autoptr (VaiTable) none = vai_table_new ();
  g_autoptr (VaiProfile) nothing = profile_new (none);
  g_assert_cmpint (nothing->outcome, ==, -1);
  g_autofree World *world = world_new (20, 0.5);
  for (gsize n = 0; n <= 3; n++)
    {
      g_autoptr (VaiTable) small = vai_table_new ();
      add_texts (small, "Outcome", n, outcome_text, world);
      add_numbers (small, "Price", n, price_number, world);
      add_texts (small, "", n, no_text, world);
      add_days (small, "Date", n, opened_day, world);
      g_autoptr (VaiProfile) profile = profile_new (small);
      g_assert_cmpuint (profile->n_won + profile->n_lost + profile->n_open, ==, n);
    }
  g_autoptr (VaiTable) wide = vai_table_new ();
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *name = g_strdup_printf ("Field %u", i);
      add_numbers (wide, name, 10, price_number, world);
    }
  g_autoptr (VaiProfile) profile = profile_new (wide);
  g_assert_cmpint (profile->outcome, ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/profile/roles", test_roles);
  g_test_add_func ("/profile/given-roles", test_given_roles);
  g_test_add_func ("/profile/unique", test_unique);
  g_test_add_func ("/profile/constant-and-empty", test_constant_and_empty);
  g_test_add_func ("/profile/misread", test_misread);
  g_test_add_func ("/profile/identifier", test_identifier);
  g_test_add_func ("/profile/shared-identifier", test_shared_identifier);
  g_test_add_func ("/profile/sparse-identifier", test_sparse_identifier);
  g_test_add_func ("/profile/rare-and-outliers", test_rare_and_outliers);
  g_test_add_func ("/profile/placeholder-and-mixed", test_placeholder_and_mixed);
  g_test_add_func ("/profile/balance", test_balance);
  g_test_add_func ("/profile/repeats", test_repeats);
  g_test_add_func ("/profile/duplicate-column", test_duplicate_column);
  g_test_add_func ("/profile/near-duplicates", test_near_duplicates);
  g_test_add_func ("/profile/acts", test_acts);
  g_test_add_func ("/profile/act-order", test_act_order);
  g_test_add_func ("/profile/odd", test_odd);
  return g_test_run ();
}
