/* What is said of a file while it is being read, against the file as it was written here. */
#include "vai-import-draft.h"

#include <glib/gstdio.h>
#include <string.h>

#define N 120

enum
{
  QUOTE,
  AMOUNT,
  ZONE,
  REASON,
  STATE,
  OTHER
};

/* Of each twelve five are signed, four refused, two pending, and one went elsewhere. */
static const char *const states[] = { "signed",  "refused", "signed",    "pending", "refused", "signed",
                                      "refused", "signed",  "elsewhere", "refused", "signed",  "pending" };
#define OF_TWELVE (N / G_N_ELEMENTS (states))

static char *
write_file (const char *folder, const char *name)
{
  g_autoptr (GString) text = g_string_new ("Quote,Amount,Zone,Reason,State,Other outcome\n");
  char *path = g_build_filename (folder, name, NULL);

  for (guint i = 0; i < N; i++)
    g_string_append_printf (text, "Q-%u,%u,%u,r%u,%s,%s\n", i, 1000 + i * 37 % 901, 1 + i * 7 / 3 % 4, i % 5,
                            states[i % G_N_ELEMENTS (states)], i % 3 == 0 ? "won" : "lost");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  return path;
}

/* Until the whole file was read and profiled by all that was said. */
static void
settle (VaiImportDraft *draft)
{
  while (vai_import_draft_is_busy (draft)
         || (vai_import_draft_get_quotes (draft) == NULL && vai_import_draft_get_error (draft) == NULL))
    g_main_context_iteration (NULL, TRUE);
}

static guint
value_at (VaiImportDraft *draft, const char *value)
{
  GPtrArray *values = vai_import_draft_get_quotes (draft)->profile->outcome_values;

  for (guint i = 0; i < values->len; i++)
    if (g_str_equal (((VaiOutcomeValue *) values->pdata[i])->value, value))
      return i;
  g_error ("the outcome has no value “%s”", value);
}

/* What an import by all that was said finds in the file. */
static void
count_decided (VaiImportDraft *draft, gsize *won, gsize *lost)
{
  g_auto (VaiQuotesOptions) options;
  g_autoptr (GError) error = NULL;

  vai_quotes_options_init (&options);
  vai_import_draft_fill (draft, &options);
  g_autoptr (VaiQuotes) quotes = vai_quotes_load (&options, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  *won = *lost = 0;
  for (guint i = 0; i < quotes->profile->outcome_values->len; i++)
    {
      const VaiOutcomeValue *value = quotes->profile->outcome_values->pdata[i];
      if (value->outcome == VAI_OUTCOME_WON)
        *won += value->count;
      else if (value->outcome == VAI_OUTCOME_LOST)
        *lost += value->count;
    }
}

typedef struct
{
  char *folder, *path;
  VaiImportDraft *draft;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("valutai-draft-XXXXXX", NULL);
  self->path = write_file (self->folder, "quotes.csv");
  self->draft = vai_import_draft_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->draft);
  /* What its threads still do ends by itself. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_remove (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static void
test_outcome (Fixture *self, gconstpointer data)
{
  VaiImportDraft *draft = self->draft;
  const guint state = STATE;
  gsize won, lost;

  g_assert_nonnull (vai_import_draft_get_obstacle (draft, 0));
  vai_import_draft_set_path (draft, self->path);
  g_assert_null (vai_import_draft_get_quotes (draft));
  g_assert_nonnull (vai_import_draft_get_obstacle (draft, 0));
  settle (draft);
  g_assert_null (vai_import_draft_get_obstacle (draft, 0));

  vai_import_draft_set_role (draft, &state, 1, VAI_ROLE_OUTCOME);
  /* Said while the file is looked through again. */
  g_assert_cmpint (vai_import_draft_get_role (draft, STATE), ==, VAI_ROLE_OUTCOME);
  g_assert_nonnull (vai_import_draft_get_obstacle (draft, 1));
  settle (draft);
  vai_import_draft_set_outcome (draft, value_at (draft, "signed"), VAI_OUTCOME_WON);
  settle (draft);
  vai_import_draft_set_outcome (draft, value_at (draft, "refused"), VAI_OUTCOME_LOST);
  vai_import_draft_set_outcome (draft, value_at (draft, "elsewhere"), VAI_OUTCOME_LOST);
  vai_import_draft_set_outcome (draft, value_at (draft, "pending"), VAI_OUTCOME_OPEN);
  g_assert_cmpint (vai_import_draft_get_outcome (draft, value_at (draft, "signed")), ==, VAI_OUTCOME_WON);
  g_assert_cmpint (vai_import_draft_get_outcome (draft, value_at (draft, "elsewhere")), ==, VAI_OUTCOME_LOST);
  settle (draft);
  g_assert_null (vai_import_draft_get_obstacle (draft, 1));
  count_decided (draft, &won, &lost);
  g_assert_cmpuint (won, ==, 5 * OF_TWELVE);
  g_assert_cmpuint (lost, ==, 5 * OF_TWELVE);

  /* One column has the role, and what was said of its values goes with it. */
  const guint other = OTHER;
  vai_import_draft_set_role (draft, &other, 1, VAI_ROLE_OUTCOME);
  settle (draft);
  g_assert_cmpint (vai_import_draft_get_role (draft, STATE), !=, VAI_ROLE_OUTCOME);
  count_decided (draft, &won, &lost);
  g_assert_cmpuint (won, ==, N / 3);
  g_assert_cmpuint (lost, ==, N - N / 3);

  vai_import_draft_set_role (draft, &other, 1, VAI_ROLE_IGNORED);
  settle (draft);
  g_assert_nonnull (vai_import_draft_get_obstacle (draft, 1));
}

/* Several columns at once, and while the file is still being read with what was said before. */
static void
test_columns (Fixture *self, gconstpointer data)
{
  VaiImportDraft *draft = self->draft;
  const guint types[] = { AMOUNT, ZONE }, roles[] = { ZONE, REASON };
  g_auto (VaiQuotesOptions) options;

  vai_import_draft_set_path (draft, self->path);
  settle (draft);
  g_assert_cmpint (vai_import_draft_get_type_of (draft, AMOUNT), ==, VAI_TYPE_NUMBER);
  g_assert_cmpint (vai_import_draft_get_type_of (draft, ZONE), ==, VAI_TYPE_NUMBER);
  vai_import_draft_set_type (draft, types, G_N_ELEMENTS (types), VAI_TYPE_CATEGORY);
  vai_import_draft_set_role (draft, roles, G_N_ELEMENTS (roles), VAI_ROLE_IGNORED);
  vai_import_draft_set_type (draft, types, 1, VAI_TYPE_NUMBER);
  vai_import_draft_set_actionable (draft, AMOUNT, TRUE);
  g_assert_true (vai_import_draft_is_busy (draft));
  settle (draft);
  g_assert_cmpint (vai_import_draft_get_type_of (draft, AMOUNT), ==, VAI_TYPE_NUMBER);
  g_assert_cmpint (vai_import_draft_get_type_of (draft, ZONE), ==, VAI_TYPE_CATEGORY);
  const VaiTable *table = vai_import_draft_get_import (draft)->table;
  g_assert_cmpuint (table->n_rows, ==, N);
  g_assert_cmpuint (vai_dictionary_get_size (vai_table_column (table, ZONE)->dictionary), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    g_assert_cmpint (vai_import_draft_get_role (draft, roles[i]), ==, VAI_ROLE_IGNORED);
  g_assert_true (vai_import_draft_get_actionable (draft, AMOUNT));

  vai_quotes_options_init (&options);
  vai_import_draft_fill (draft, &options);
  g_assert_cmpstr (options.path, ==, self->path);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (options.import.types, "Zone")), ==, VAI_TYPE_CATEGORY);
  g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (options.roles, "Reason")), ==, VAI_ROLE_IGNORED);

  /* Another file is another matter. */
  g_autofree char *second = write_file (self->folder, "second.csv");
  vai_import_draft_set_path (draft, second);
  settle (draft);
  g_assert_cmpint (vai_import_draft_get_type_of (draft, ZONE), ==, VAI_TYPE_NUMBER);
  g_assert_cmpint (vai_import_draft_get_role (draft, REASON), !=, VAI_ROLE_IGNORED);
  g_remove (second);
}

static void
test_acts (Fixture *self, gconstpointer data)
{
  VaiImportDraft *draft = self->draft;

  vai_import_draft_set_path (draft, self->path);
  settle (draft);
  vai_import_draft_set_acted (draft, "one", TRUE);
  vai_import_draft_set_acted (draft, "two", TRUE);
  vai_import_draft_set_acted (draft, "one", TRUE);
  vai_import_draft_set_acted (draft, "one", FALSE);
  g_assert_false (vai_import_draft_is_acted (draft, "one"));
  g_assert_true (vai_import_draft_is_acted (draft, "two"));
}

/* A type that the texts do not have is said to be so, with an example; the column is not called empty. */
static void
test_misread (Fixture *self, gconstpointer data)
{
  const guint reason = REASON;

  vai_import_draft_set_path (self->draft, self->path);
  settle (self->draft);
  vai_import_draft_set_type (self->draft, &reason, 1, VAI_TYPE_NUMBER);
  settle (self->draft);
  const VaiProfile *profile = vai_import_draft_get_quotes (self->draft)->profile;
  guint n = 0;
  for (guint i = 0; i < profile->findings->len; i++)
    {
      const VaiFinding *finding = g_ptr_array_index (profile->findings, i);
      if (finding->column != REASON)
        continue;
      g_assert_cmpstr (finding->id, ==, "not-of-type:Reason");
      g_assert_cmpuint (finding->n_rows, ==, N);
      g_assert_nonnull (strstr (finding->sentence, "120 of 120 values"));
      g_assert_nonnull (strstr (finding->sentence, "“r0”"));
      n++;
    }
  g_assert_cmpuint (n, ==, 1);
  const char *note = g_ptr_array_index (vai_import_draft_get_import (self->draft)->notes, 0);
  g_assert_nonnull (strstr (note, "(“r0”, “r1”, “r2”)"));
}

/* A file that is not there, one that is there then, and a draft that is given up while it reads. */
static void
test_errors (Fixture *self, gconstpointer data)
{
  g_autofree char *gone = g_build_filename (self->folder, "gone.csv", NULL);

  vai_import_draft_set_path (self->draft, gone);
  settle (self->draft);
  g_assert_nonnull (vai_import_draft_get_error (self->draft));
  g_assert_nonnull (vai_import_draft_get_obstacle (self->draft, 0));
  g_autofree char *message = vai_import_draft_dup_message (self->draft, vai_import_draft_get_error (self->draft));
  g_assert_nonnull (strstr (message, "gone.csv"));
  g_assert_null (strstr (message, self->folder));
  vai_import_draft_set_path (self->draft, self->path);
  settle (self->draft);
  g_assert_null (vai_import_draft_get_error (self->draft));

  VaiImportDraft *left = vai_import_draft_new ();
  vai_import_draft_set_path (left, self->path);
  g_object_unref (left);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/import-draft/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("outcome", test_outcome);
  ADD ("columns", test_columns);
  ADD ("acts", test_acts);
  ADD ("misread", test_misread);
  ADD ("errors", test_errors);
#undef ADD
  return g_test_run ();
}
