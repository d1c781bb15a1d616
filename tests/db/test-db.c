/* Connection, statements, transactions, identity, ladder. Truth for what is in a file comes from the bytes of the
 * SQLite format and from what was put in. */
#include "vai-db.h"
#include "vai-error.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define APPLICATION_ID 0x56616954

static const char *const steps_1[]
    = { "CREATE TABLE thing (id TEXT PRIMARY KEY, n INTEGER, x REAL, b BLOB) STRICT, WITHOUT ROWID", NULL };
static const char *const steps_3[] = {
  "CREATE TABLE thing (id TEXT PRIMARY KEY, n INTEGER, x REAL, b BLOB) STRICT, WITHOUT ROWID",
  "ALTER TABLE thing ADD COLUMN note TEXT; UPDATE thing SET note = 'from step 2'",
  "CREATE TABLE part (thing_id TEXT NOT NULL REFERENCES thing (id)) STRICT",
  NULL,
};
static const char *const steps_broken[] = {
  "CREATE TABLE thing (id TEXT PRIMARY KEY, n INTEGER, x REAL, b BLOB) STRICT, WITHOUT ROWID",
  "ALTER TABLE thing ADD COLUMN note TEXT; UPDATE nothing SET note = 'x'",
  NULL,
};
static const VaiDbLadder ladder_1 = { APPLICATION_ID, "test file", steps_1 };
static const VaiDbLadder ladder_3 = { APPLICATION_ID, "test file", steps_3 };
static const VaiDbLadder ladder_broken = { APPLICATION_ID, "test file", steps_broken };
static const VaiDbLadder ladder_other = { 0x12345678, "other file", steps_1 };

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("vai-db-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "file.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static VaiDb *
open_ok (Fixture *fixture, const VaiDbLadder *ladder)
{
  g_autoptr (GError) error = NULL;
  VaiDb *db = vai_db_open (fixture->path, VAI_DB_CREATE, ladder, &error);
  g_assert_no_error (error);
  return db;
}

static void
add_thing (VaiDb *db, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiStatement) insert = vai_db_prepare (db, "INSERT INTO thing (id, n, x, b) VALUES (?, ?, ?, ?)", &error);
  g_assert_no_error (error);
  vai_statement_bind_text (insert, 1, id);
  vai_statement_bind_integer (insert, 2, G_MAXINT64);
  vai_statement_bind_real (insert, 3, 0.1);
  vai_statement_bind_blob (insert, 4, "a\0b", 3);
  g_assert_true (vai_statement_run (insert, &error));
  g_assert_no_error (error);
}

static gint64
count_things (VaiDb *db)
{
  g_autoptr (VaiStatement) query = vai_db_prepare (db, "SELECT count(*) FROM thing", NULL);
  g_assert_true (vai_statement_step (query, NULL));
  return vai_statement_get_integer (query, 0);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiDb) db = open_ok (fixture, &ladder_1);
  add_thing (db, "perché “così”");
  g_autoptr (VaiStatement) nulls = vai_db_prepare (db, "INSERT INTO thing VALUES (?, ?, ?, ?)", &error);
  vai_statement_bind_text (nulls, 1, "zero");
  vai_statement_bind_null (nulls, 2);
  vai_statement_bind_real (nulls, 3, NAN);
  vai_statement_bind_blob (nulls, 4, NULL, 0);
  g_assert_true (vai_statement_run (nulls, &error));
  g_autoptr (VaiStatement) query = vai_db_prepare (db, "SELECT id, n, x, b FROM thing ORDER BY id", &error);
  g_assert_true (vai_statement_step (query, &error));
  gsize size;
  g_assert_cmpstr (vai_statement_get_text (query, 0), ==, "perché “così”");
  g_assert_cmpint (vai_statement_get_integer (query, 1), ==, G_MAXINT64);
  g_assert_cmpfloat (vai_statement_get_real (query, 2), ==, 0.1);
  const void *blob = vai_statement_get_blob (query, 3, &size);
  g_assert_cmpmem (blob, size, "a\0b", 3);
  g_assert_true (vai_statement_step (query, &error));
  g_assert_cmpint (vai_statement_get_integer (query, 1), ==, 0);
  g_assert_true (isnan (vai_statement_get_real (query, 2)));
  g_assert_null (vai_statement_get_blob (query, 3, &size));
  g_assert_cmpuint (size, ==, 0);
  g_assert_false (vai_statement_step (query, &error));
  g_assert_no_error (error);
}

static void
test_constraint (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiDb) db = open_ok (fixture, &ladder_3);
  g_assert_false (vai_db_exec (db, "INSERT INTO part VALUES ('nowhere')", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (vai_db_prepare (db, "SELECT nonsense", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_FAILED);
}

static void
test_transactions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiDb) db = open_ok (fixture, &ladder_1);
  g_assert_true (vai_db_begin (db, &error));
  add_thing (db, "kept");
  g_assert_true (vai_db_begin (db, &error));
  add_thing (db, "inner, dropped");
  vai_db_rollback (db);
  g_assert_true (vai_db_begin (db, &error));
  add_thing (db, "inner, kept");
  g_assert_true (vai_db_commit (db, &error));
  g_assert_true (vai_db_commit (db, &error));
  g_assert_cmpint (count_things (db), ==, 2);
  g_assert_true (vai_db_begin (db, &error));
  add_thing (db, "dropped");
  vai_db_rollback (db);
  g_assert_cmpint (count_things (db), ==, 2);
  g_assert_no_error (error);
}

/* One statement inside its own loop: the inner use must not disturb the outer. */
static void
test_statement_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (VaiDb) db = open_ok (fixture, &ladder_1);
  add_thing (db, "a");
  add_thing (db, "b");
  g_autoptr (VaiStatement) outer = vai_db_prepare (db, "SELECT count(*) FROM thing", NULL);
  g_assert_true (vai_statement_step (outer, NULL));
  g_assert_cmpint (count_things (db), ==, 2);
  g_assert_cmpint (vai_statement_get_integer (outer, 0), ==, 2);
  g_auto (GStrv) texts = vai_db_dup_statements (db);
  g_assert_true (g_strv_contains ((const char *const *) texts, "SELECT count(*) FROM thing"));
}

static guint32
header_number (const char *path, gsize offset)
{
  g_autofree char *bytes = NULL;
  gsize size;
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpuint (size, >=, offset + 4);
  guint32 big_endian;
  memcpy (&big_endian, bytes + offset, 4);
  return GUINT32_FROM_BE (big_endian);
}

static void
test_identity (Fixture *fixture, gconstpointer data)
{
  vai_db_close (open_ok (fixture, &ladder_3));
  g_assert_cmpuint (header_number (fixture->path, 60), ==, 3);
  g_assert_cmpuint (header_number (fixture->path, 68), ==, APPLICATION_ID);
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
}

static void
test_ladder (Fixture *fixture, gconstpointer data)
{
  g_autofree char *backup = g_strconcat (fixture->path, ".v1.backup", NULL);
  VaiDb *db = open_ok (fixture, &ladder_1);
  add_thing (db, "old");
  vai_db_close (db);
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS));
  db = open_ok (fixture, &ladder_3);
  g_autoptr (VaiStatement) query = vai_db_prepare (db, "SELECT note FROM thing WHERE id = 'old'", NULL);
  g_assert_true (vai_statement_step (query, NULL));
  g_assert_cmpstr (vai_statement_get_text (query, 0), ==, "from step 2");
  g_clear_pointer (&query, vai_statement_free);
  vai_db_close (db);
  /* The copy is the file as it was. */
  g_assert_cmpuint (header_number (backup, 60), ==, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiDb) old = vai_db_open (backup, VAI_DB_EXISTING, &ladder_1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_things (old), ==, 1);
}

static void
test_broken_step (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  vai_db_close (open_ok (fixture, &ladder_1));
  g_assert_null (vai_db_open (fixture->path, VAI_DB_EXISTING, &ladder_broken, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_FAILED);
  g_assert_cmpuint (header_number (fixture->path, 60), ==, 1);
  VaiDb *db = open_ok (fixture, &ladder_1);
  g_assert_null (vai_db_prepare (db, "SELECT note FROM thing", NULL));
  vai_db_close (db);
}

static void
expect_refused (Fixture *fixture, const VaiDbLadder *ladder, VaiError code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL, *after = NULL;
  gsize size_before = 0, size_after = 0;
  g_file_get_contents (fixture->path, &before, &size_before, NULL);
  g_assert_null (vai_db_open (fixture->path, VAI_DB_EXISTING, ladder, &error));
  g_assert_error (error, VAI_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_file_get_contents (fixture->path, &after, &size_after, NULL);
  g_assert_cmpmem (before, size_before, after, size_after);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  expect_refused (fixture, &ladder_1, VAI_ERROR_NOT_FOUND);
  vai_db_close (open_ok (fixture, &ladder_3));
  expect_refused (fixture, &ladder_1, VAI_ERROR_NEWER);
  expect_refused (fixture, &ladder_other, VAI_ERROR_FOREIGN);
  g_assert_true (g_file_set_contents (fixture->path, "quote;won\n1;yes\n", -1, NULL));
  expect_refused (fixture, &ladder_1, VAI_ERROR_FOREIGN);
  g_unlink (fixture->path);
  g_mkdir (fixture->path, 0700);
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_db_open (fixture->path, VAI_DB_CREATE, &ladder_1, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE);
  g_clear_error (&error);
  g_assert_null (vai_db_open ("/dev/null", VAI_DB_CREATE, &ladder_1, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_READABLE);
  g_clear_error (&error);
  g_assert_null (vai_db_open ("/no/such/folder/file.db", VAI_DB_CREATE, &ladder_1, &error));
  g_assert_nonnull (error);
}

static void
test_truncated (Fixture *fixture, gconstpointer data)
{
  VaiDb *db = open_ok (fixture, &ladder_1);
  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *id = g_strdup_printf ("thing %u", i);
      add_thing (db, id);
    }
  vai_db_close (db);
  g_assert_cmpint (truncate (fixture->path, 16384 + 1000), ==, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiDb) damaged = vai_db_open (fixture->path, VAI_DB_EXISTING, &ladder_1, &error);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  if (damaged != NULL && vai_db_check (damaged, problems, &error))
    g_assert_cmpuint (problems->len, >, 0);
  else
    g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiDb) db = open_ok (fixture, &ladder_3);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_assert_true (vai_db_check (db, problems, &error));
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_true (vai_db_exec (db, "PRAGMA foreign_keys=OFF; INSERT INTO part VALUES ('nowhere')", &error));
  g_assert_true (vai_db_check (db, problems, &error));
  g_assert_cmpuint (problems->len, ==, 1);
}

static void
test_read_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  VaiDb *db = open_ok (fixture, &ladder_1);
  add_thing (db, "a");
  vai_db_close (db);
  g_autoptr (VaiDb) reader = vai_db_open (fixture->path, VAI_DB_READ_ONLY, &ladder_1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_things (reader), ==, 1);
  g_assert_false (vai_db_exec (reader, "DELETE FROM thing", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_clear_error (&error);
  g_assert_null (vai_db_open (fixture->path, VAI_DB_READ_ONLY, &ladder_3, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
}

/* In a process of its own, because it gives up the right to write anywhere. */
static void
test_no_permission (Fixture *fixture, gconstpointer data)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }
  g_autoptr (GError) error = NULL;
  vai_db_close (open_ok (fixture, &ladder_1));
  g_chmod (fixture->path, 0444);
  g_chmod (fixture->folder, 0555);
  gboolean was_root = geteuid () == 0;
  if (was_root)
    g_assert_cmpint (seteuid (65534), ==, 0);
  g_assert_null (vai_db_open (fixture->path, VAI_DB_EXISTING, &ladder_1, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_clear_error (&error);
  VaiDb *reader = vai_db_open (fixture->path, VAI_DB_READ_ONLY, &ladder_1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_things (reader), ==, 0);
  vai_db_close (reader);
  if (was_root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_chmod (fixture->folder, 0755);
}

/* A second process holds the write lock: this one waits, and is told when that lasts too long. */
static void
test_busy (Fixture *fixture, gconstpointer data)
{
  int to_child[2], from_child[2];
  g_assert_true (pipe (to_child) == 0 && pipe (from_child) == 0);
  vai_db_close (open_ok (fixture, &ladder_1));
  pid_t child = fork ();
  if (child == 0)
    {
      char c = 'x';
      VaiDb *db = vai_db_open (fixture->path, VAI_DB_EXISTING, &ladder_1, NULL);
      gboolean held = db != NULL && vai_db_begin (db, NULL);
      if (held && write (from_child[1], &c, 1) == 1 && read (to_child[0], &c, 1) == 1)
        {
          vai_db_rollback (db);
          vai_db_close (db);
          _exit (0);
        }
      _exit (1);
    }
  char c;
  g_assert_cmpint (read (from_child[0], &c, 1), ==, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiDb) db = open_ok (fixture, &ladder_1);
  g_assert_cmpint (count_things (db), ==, 0); /* readers do not wait */
  g_assert_false (vai_db_begin (db, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_cmpint (write (to_child[1], "x", 1), ==, 1);
  g_assert_true (vai_db_begin (db, &error)); /* waits for the other to let go */
  g_assert_true (vai_db_commit (db, &error));
  int status;
  waitpid (child, &status, 0);
  g_assert_cmpint (status, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add ("/db/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("values", test_values);
  ADD ("constraint", test_constraint);
  ADD ("transactions", test_transactions);
  ADD ("statement-twice", test_statement_twice);
  ADD ("identity", test_identity);
  ADD ("ladder", test_ladder);
  ADD ("broken-step", test_broken_step);
  ADD ("refused", test_refused);
  ADD ("truncated", test_truncated);
  ADD ("check", test_check);
  ADD ("read-only", test_read_only);
  ADD ("no-permission", test_no_permission);
  ADD ("busy", test_busy);
  return g_test_run ();
}
