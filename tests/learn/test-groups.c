#include "vai-groups.h"

#include "vai-column.h"
#include "vai-remark.h"

#include <string.h>

#define N 300

typedef struct
{
  VaiTable *table;
  VaiProfile *profile;
  guint32 rows[N], groups[N];
  guint8 won[N];
  GPtrArray *warnings;
} Case;

/* A price of its own in each row, and one column of each of @roles to be filled. */
static void
case_init (Case *self, const VaiRole *roles, guint n_roles)
{
  *self = (Case){ .table = vai_table_new (), .profile = g_new0 (VaiProfile, 1) };
  g_atomic_ref_count_init (&self->profile->refs);
  self->profile->columns = g_new0 (VaiColumnProfile, n_roles + 1);
  self->warnings = vai_remarks_new ();
  VaiColumn *price = vai_column_new ("Price", VAI_TYPE_NUMBER);
  price->numbers = g_new (double, N);
  price->n_rows = N;
  for (guint i = 0; i < N; i++)
    {
      price->numbers[i] = i;
      self->rows[i] = i;
      self->won[i] = i % 3 == 0;
    }
  vai_table_add (self->table, price);
  self->profile->columns[0].role = VAI_ROLE_PRICE;
  for (guint c = 0; c < n_roles; c++)
    {
      g_autofree char *name = g_strdup_printf ("Column %u", c);
      VaiColumn *column = vai_column_new (name, VAI_TYPE_CATEGORY);
      column->codes = g_new (gint32, N);
      column->n_rows = N;
      if (column->dictionary == NULL)
        column->dictionary = vai_dictionary_new ();
      vai_table_add (self->table, column);
      self->profile->columns[1 + c].role = roles[c];
    }
}

static void
case_clear (Case *self)
{
  vai_table_unref (self->table);
  g_free (self->profile->columns);
  g_free (self->profile);
  g_ptr_array_unref (self->warnings);
}

static void
set_code (Case *self, guint column, guint row, gint32 value)
{
  VaiColumn *to = vai_table_column (self->table, 1 + column);
  g_autofree char *text = g_strdup_printf ("V%d", value);
  to->codes[row] = value < 0 ? VAI_CODE_MISSING : vai_dictionary_add (to->dictionary, text, strlen (text));
}

static guint
find (Case *self)
{
  return vai_groups_find (self->table, self->profile, self->rows, N, self->won, self->groups, self->warnings);
}

static void
test_identifier (void)
{
  Case c;
  case_init (&c, (const VaiRole[]){ VAI_ROLE_IDENTIFIER }, 1);
  for (guint i = 0; i < N; i++)
    set_code (&c, 0, i, i < 10 ? -1 : (gint32) i / 2);
  g_assert_cmpuint (find (&c), ==, 10 + (N - 10) / 2);
  /* What is not known is no name that rows share. */
  for (guint i = 0; i < N; i++)
    g_assert_cmpuint (c.groups[i], ==, i < 10 ? i : 10 + (i - 10) / 2);
  g_assert_cmpuint (c.warnings->len, ==, 0);
  case_clear (&c);
}

static void
test_duplicates (void)
{
  Case c;
  case_init (&c, (const VaiRole[]){ VAI_ROLE_IDENTIFIER, VAI_ROLE_IGNORED }, 2);
  for (guint i = 0; i < N; i++)
    {
      set_code (&c, 0, i, i);
      set_code (&c, 1, i, i);
    }
  vai_table_column (c.table, 0)->numbers[200] = 5;
  g_assert_cmpuint (find (&c), ==, N - 1);
  g_assert_cmpuint (c.groups[200], ==, c.groups[5]);
  case_clear (&c);
}

/* Two identifiers of pairs, one row apart, tie all rows to one another: only the first is kept together. */
static void
test_chain (void)
{
  Case c;
  case_init (&c, (const VaiRole[]){ VAI_ROLE_IDENTIFIER, VAI_ROLE_IDENTIFIER }, 2);
  for (guint i = 0; i < N; i++)
    {
      set_code (&c, 0, i, i / 2);
      set_code (&c, 1, i, (i + 1) / 2);
    }
  g_assert_cmpuint (find (&c), ==, N / 2);
  for (guint i = 0; i < N; i++)
    g_assert_cmpuint (c.groups[i], ==, i / 2);
  g_assert_cmpuint (c.warnings->len, ==, 1);
  const VaiRemark *remark = g_ptr_array_index (c.warnings, 0);
  g_assert_cmpint (remark->kind, ==, VAI_REMARK_IDENTIFIER_TIES);
  g_assert_cmpstr (remark->subject, ==, "Column 1");
  g_assert_cmpint (remark->a, ==, 100);
  case_clear (&c);
}

/* One value with few of the rows, but with most of those that were lost: without them there is nothing lost to learn
 * from. */
static void
test_class (void)
{
  Case c;
  case_init (&c, (const VaiRole[]){ VAI_ROLE_IDENTIFIER }, 1);
  for (guint i = 0; i < N; i++)
    {
      c.won[i] = i % 15 != 0;
      set_code (&c, 0, i, i % 15 == 0 && i % 45 != 0 ? 0 : (gint32) i + 1);
    }
  g_assert_cmpuint (find (&c), ==, N);
  g_assert_cmpuint (c.warnings->len, ==, 1);
  g_ptr_array_set_size (c.warnings, 0);
  /* With less than half of them it stays together. */
  for (guint i = 0; i < N; i++)
    set_code (&c, 0, i, i % 15 == 0 && i % 45 == 0 ? 0 : (gint32) i + 1);
  g_assert_cmpuint (find (&c), ==, N - 6);
  g_assert_cmpuint (c.warnings->len, ==, 0);
  case_clear (&c);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/groups/identifier", test_identifier);
  g_test_add_func ("/groups/duplicates", test_duplicates);
  g_test_add_func ("/groups/chain", test_chain);
  g_test_add_func ("/groups/class", test_class);
  return g_test_run ();
}
