#include "fixture.h"

#include "../support/test-table.h"
#include "vai-error.h"

static double
number_at (const VaiFrame *frame, const char *feature)
{
  return frame->columns[vai_schema_find (frame->schema, feature)].numbers[0];
}

static gint32
code_at (const VaiFrame *frame, const char *feature)
{
  return frame->columns[vai_schema_find (frame->schema, feature)].codes[0];
}

/* What was seen, against a count of the table's cells. */
static void
test_schema (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 500, 1, FALSE);
  const VaiFeature *discount = vai_schema_feature (fixture.schema, vai_schema_find (fixture.schema, "Discount"));
  const VaiFeature *sector = vai_schema_feature (fixture.schema, vai_schema_find (fixture.schema, "Sector"));
  const VaiColumn *numbers = vai_table_column (fixture.table, 0);
  gsize missing = 0, total = 0;
  double least = INFINITY, most = -INFINITY;
  for (gsize i = 0; i < fixture.n; i++)
    {
      missing += isnan (numbers->numbers[i]);
      least = fmin (least, numbers->numbers[i]);
      most = fmax (most, numbers->numbers[i]);
    }
  g_assert_cmpuint (discount->n_missing, ==, missing);
  g_assert_cmpfloat (discount->seen[0], ==, least);
  g_assert_cmpfloat (discount->seen[VAI_N_SEEN_QUANTILES - 1], ==, most);
  g_assert_cmpuint (discount->grid->len, ==, 64);
  g_assert_cmpuint (vai_dictionary_get_size (sector->values), ==, 4);
  for (guint i = 0; i < 4; i++)
    total += sector->counts[i];
  g_assert_cmpuint (total, ==, fixture.n);
  g_assert_cmpint (vai_schema_find (fixture.schema, "Nothing"), ==, -1);
  g_assert_cmpstr (fixture.schema->opened_date, ==, "Opened");
}

static void
test_schema_json (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 300, 2, FALSE);
  vai_schema_feature (fixture.schema, 0)->monotone = -1;
  g_autoptr (JsonNode) node = vai_schema_to_json (fixture.schema);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiSchema) read = vai_schema_from_json (node, &error);
  g_assert_no_error (error);
  g_autoptr (JsonNode) again = vai_schema_to_json (read);
  g_autofree char *first = json_to_string (node, FALSE), *second = json_to_string (again, FALSE);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmpint (vai_schema_feature (read, 0)->monotone, ==, -1);
}

/* One member of the file is spoilt at a time. */
static void
test_schema_damaged (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 100, 3, FALSE);
  static const struct
  {
    const char *from, *to;
  } spoils[] = { { "\"features\"", "\"feature\"" },
                 { "\"type\":\"number\"", "\"type\":\"colour\"" },
                 { "\"monotone\":0", "\"monotone\":7" },
                 { "\"Food\"", "\"Steel\"" },
                 { "\"decimals\":0", "\"decimals\":-1" },
                 { "\"date_order\":\"unknown\"", "\"date_order\":\"x\"" },
                 { "\"name\":\"Size\"", "\"name\":\"Discount\"" } };
  g_autoptr (JsonNode) node = vai_schema_to_json (fixture.schema);
  g_autofree char *text = json_to_string (node, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      g_autoptr (GString) spoilt = g_string_new (text);
      g_autoptr (GError) error = NULL;
      g_assert_cmpuint (g_string_replace (spoilt, spoils[i].from, spoils[i].to, 1), ==, 1);
      g_autoptr (JsonNode) bad = json_from_string (spoilt->str, NULL);
      g_assert_nonnull (bad);
      g_assert_null (vai_schema_from_json (bad, &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
    }
}

static void
test_no_features (void)
{
  g_autoptr (VaiTable) table = vai_table_new ();
  test_column_add (table, "Same", VAI_TYPE_NUMBER, 3);
  VaiColumnProfile found = { .role = VAI_ROLE_FEATURE };
  g_autoptr (GPtrArray) outcomes = g_ptr_array_new ();
  VaiProfile profile = { .columns = &found, .outcome = -1, .outcome_values = outcomes };
  guint32 rows[] = { 0, 1, 2 };
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_schema_new (table, &profile, rows, 3, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NO_FEATURES);
}

typedef struct
{
  const char *name;
  VaiType type;
  const char *value; /* was made empty before training */
} EmptyCase;

static const EmptyCase empty_cases[] = { { "Amount", VAI_TYPE_NUMBER, "999" },
                                         { "Asked", VAI_TYPE_DATE, "1900-01-01" },
                                         { "Group", VAI_TYPE_CATEGORY, "Select" },
                                         { "Note", VAI_TYPE_TEXT, "to do" } };

#define N_EMPTY_CASES G_N_ELEMENTS (empty_cases)

static void
fill_training_column (VaiTable *table, const EmptyCase *of)
{
  static const double numbers[] = { 5, NAN, 7 }, days[] = { 20000, NAN, 20001 };
  static const char *const texts[] = { "a", "", "b" };
  VaiColumn *column = test_column_add (table, of->name, of->type, 3);
  for (guint row = 0; row < 3; row++)
    if (of->type == VAI_TYPE_NUMBER)
      test_column_set_number (column, row, numbers[row]);
    else if (of->type == VAI_TYPE_DATE)
      test_column_set_day (column, row, days[row]);
    else
      test_column_set_text (column, row, texts[row]);
}

/* A schema that went through its file. */
static VaiSchema *
learn_empty_values (void)
{
  g_autoptr (VaiTable) table = vai_table_new ();
  g_autoptr (GPtrArray) findings = g_ptr_array_new ();
  g_autoptr (GPtrArray) outcomes = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  VaiColumnProfile found[N_EMPTY_CASES];
  VaiFinding makes_empty[N_EMPTY_CASES];
  for (guint i = 0; i < N_EMPTY_CASES; i++)
    {
      found[i] = (VaiColumnProfile){ .role = VAI_ROLE_FEATURE };
      makes_empty[i] = (VaiFinding){
        .column = i, .act = VAI_ACT_MAKE_EMPTY, .value = (char *) empty_cases[i].value, .taken = TRUE
      };
      g_ptr_array_add (findings, &makes_empty[i]);
      fill_training_column (table, &empty_cases[i]);
    }
  VaiProfile profile = { .columns = found, .outcome = -1, .outcome_values = outcomes, .findings = findings };
  guint32 rows[] = { 0, 1, 2 };
  g_autoptr (VaiSchema) learned = vai_schema_new (table, &profile, rows, 3, &error);
  g_assert_no_error (error);
  g_autoptr (JsonNode) node = vai_schema_to_json (learned);
  VaiSchema *schema = vai_schema_from_json (node, &error);
  g_assert_no_error (error);
  return schema;
}

/* What an act made empty before training is empty in every later table, and in what is typed. */
static void
test_empty_values (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiSchema) schema = learn_empty_values ();
  g_autoptr (VaiTable) later = vai_table_new ();
  g_autoptr (VaiTable) texts = vai_table_new ();
  for (guint i = 0; i < N_EMPTY_CASES; i++)
    {
      VaiColumn *column = test_column_add (later, empty_cases[i].name, empty_cases[i].type, 1);
      if (empty_cases[i].type == VAI_TYPE_NUMBER)
        test_column_set_number (column, 0, 999);
      else if (empty_cases[i].type == VAI_TYPE_DATE)
        column->times[0] = -25567 * 86400LL + 3600; /* 1900-01-01, at one */
      else
        test_column_set_text (column, 0, empty_cases[i].value);
      test_column_set_text (test_column_add (texts, empty_cases[i].name, VAI_TYPE_TEXT, 1), 0, empty_cases[i].value);
    }
  g_autoptr (VaiFrame) typed = vai_frame_new_from_table (schema, later, NULL, 0);
  g_autoptr (VaiFrame) read = vai_frame_new_from_table (schema, texts, NULL, 0);
  g_autoptr (VaiFrame) set = vai_frame_new_empty (schema, 1);
  for (guint i = 0; i < N_EMPTY_CASES; i++)
    {
      g_assert_true (vai_frame_set_text (set, 0, empty_cases[i].name, empty_cases[i].value, &error));
      g_assert_true (vai_frame_is_missing (typed, 0, i));
      g_assert_true (vai_frame_is_missing (read, 0, i));
      g_assert_true (vai_frame_is_missing (set, 0, i));
    }
  g_assert_true (vai_frame_set_text (set, 0, "Amount", "998", &error));
  g_assert_cmpfloat (number_at (set, "Amount"), ==, 998);
}

static void
test_set_text (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 100, 4, FALSE);
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (fixture.schema, 1);
  g_autoptr (GError) none = NULL;
  for (guint i = 0; i < frame->n_features; i++)
    g_assert_true (vai_frame_is_missing (frame, 0, i));
  static const struct
  {
    const char *text;
    double number;
  } numbers[]
      = { { "12.5", 12.5 }, { " 12,5 ", 12.5 }, { "1,234.5", 1234.5 }, { "-3", -3 }, { "1e3", 1000 }, { "15 %", 15 } };
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_assert_true (vai_frame_set_text (frame, 0, "Discount", numbers[i].text, &none));
      g_assert_no_error (none);
      g_assert_cmpfloat (number_at (frame, "Discount"), ==, numbers[i].number);
    }
  vai_frame_set_text (frame, 0, "Discount", "", &none);
  g_assert_true (isnan (number_at (frame, "Discount")));
  vai_frame_set_text (frame, 0, "Opened", "2024-10-05", &none);
  g_assert_cmpfloat (number_at (frame, "Opened"), ==, 20001);
  g_autofree char *shown = vai_frame_dup_text (frame, 0, vai_schema_find (fixture.schema, "Opened"));
  g_assert_cmpstr (shown, ==, "2024-10-05");
  vai_frame_set_text (frame, 0, "Sector", "Food", &none);
  g_assert_cmpint (code_at (frame, "Sector"), >=, 0);
  vai_frame_set_text (frame, 0, "Sector", "Flowers", &none);
  g_assert_cmpint (code_at (frame, "Sector"), ==, VAI_CODE_UNSEEN);
  vai_frame_set_text (frame, 0, "Note", "Urgent!", &none);
  g_autofree char *note = vai_frame_dup_text (frame, 0, vai_schema_find (fixture.schema, "Note"));
  g_assert_cmpstr (note, ==, "Urgent!");
  g_assert_no_error (none);
}

static void
test_set_text_wrong (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 100, 5, FALSE);
  g_autoptr (VaiFrame) frame = vai_frame_new_empty (fixture.schema, 1);
  static const struct
  {
    const char *feature, *text;
    VaiError code;
  } wrong[] = { { "Discount", "much", VAI_ERROR_NO_VALUE },
                { "Opened", "soon", VAI_ERROR_NO_VALUE },
                { "Opened", "2024-13-40", VAI_ERROR_NO_VALUE },
                { "Colour", "red", VAI_ERROR_NO_COLUMN } };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (vai_frame_set_text (frame, 0, wrong[i].feature, wrong[i].text, &error));
      g_assert_error (error, VAI_ERROR, (int) wrong[i].code);
    }
}

/* A column that came as texts reads as the numbers, dates and values it holds; one that is not there is missing. */
static void
test_other_types (void)
{
  g_auto (Fixture) fixture = { 0 };
  fixture_init (&fixture, 100, 6, FALSE);
  g_autoptr (VaiTable) table = vai_table_new ();
  static const char *const names[] = { "Discount", "Opened", "Sector" }, *const texts[]
                                                                         = { "7.25", "2024-10-06", "Retail" };
  for (guint i = 0; i < 3; i++)
    test_column_set_text (test_column_add (table, names[i], VAI_TYPE_TEXT, 1), 0, texts[i]);
  g_autoptr (VaiFrame) frame = vai_frame_new_from_table (fixture.schema, table, NULL, 0);
  g_assert_cmpfloat (number_at (frame, "Discount"), ==, 7.25);
  g_assert_cmpfloat (number_at (frame, "Opened"), ==, 20002);
  g_autofree char *sector = vai_frame_dup_text (frame, 0, vai_schema_find (fixture.schema, "Sector"));
  g_assert_cmpstr (sector, ==, "Retail");
  g_assert_true (isnan (number_at (frame, "Size")));
  g_assert_cmpint (code_at (frame, "Note"), ==, VAI_CODE_MISSING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/frame/schema", test_schema);
  g_test_add_func ("/frame/schema-json", test_schema_json);
  g_test_add_func ("/frame/schema-damaged", test_schema_damaged);
  g_test_add_func ("/frame/no-features", test_no_features);
  g_test_add_func ("/frame/empty-values", test_empty_values);
  g_test_add_func ("/frame/set-text", test_set_text);
  g_test_add_func ("/frame/set-text-wrong", test_set_text_wrong);
  g_test_add_func ("/frame/other-types", test_other_types);
  return g_test_run ();
}
