/* Group commit: many writers share a transaction, and what one of them does to it harms no other. */
#include "vai-database.h"
#include "vai-database-private.h"
#include "vai-db-private.h"
#include "vai-error.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

#define N_WRITERS 32

/* While there is such a file no write finds room. */
static char *full;

typedef struct _Writer Writer;

typedef struct
{
  char *folder;
  VaiDatabase *database;
  GMutex lock;     /* held: the writer waits, and what is pushed becomes one group */
  Writer *writers; /* of the group that runs, or NULL */
  guint n_writers;
} Fixture;

typedef void (*Spoil) (VaiTransaction *transaction);

struct _Writer
{
  Fixture *fixture;
  int number;
  Spoil spoil; /* what this one does after its row; NULL: nothing */
  gboolean refuses;
  guint frees_at; /* the run in which it makes room; 0: none */
  guint n_runs;
  gboolean done;
  gboolean uncommitted; /* it ran, and no commit came since */
  gint answered;        /* atomic */
  GError *error;
};

/* Called by SQLite before it commits: whose work is in it has no answer yet. */
static int
before_commit (void *data)
{
  Fixture *self = data;
  g_usleep (5000); /* for an answer that came too early to be seen */
  for (guint i = 0; i < self->n_writers; i++)
    {
      if (!self->writers[i].refuses)
        g_assert_false (self->writers[i].uncommitted && g_atomic_int_get (&self->writers[i].answered));
      self->writers[i].uncommitted = FALSE;
    }
  return 0;
}

static sqlite3 *
handle_of (VaiTransaction *transaction)
{
  return ((VaiDb *) transaction->handle)->handle;
}

static gboolean
make_table (VaiTransaction *transaction, gpointer data)
{
  vai_transaction_run (transaction, "CREATE TABLE note (id INTEGER PRIMARY KEY NOT NULL, text TEXT NOT NULL) STRICT");
  sqlite3_commit_hook (handle_of (transaction), before_commit, data);
  return TRUE;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  self->folder = g_dir_make_tmp ("valutai-database-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (self->folder, "server.db", NULL);
  self->database = vai_database_open (path, &error);
  g_assert_no_error (error);
  g_autoptr (VaiConnection) connection = vai_connection_new (self->database);
  g_assert_true (vai_connection_write (connection, make_table, self, &error));
  g_mutex_init (&self->lock);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  vai_database_close (self->database);
  g_mutex_clear (&self->lock);
  static const char *const names[] = { "server.db", "server.db-wal", "server.db-shm", "server.db.lock" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);
      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
}

static gboolean
write_row (VaiTransaction *transaction, gpointer data)
{
  Writer *self = data;
  self->n_runs++;
  self->uncommitted = TRUE;
  vai_transaction_run (transaction, "INSERT INTO note (id, text) VALUES ($1, 'x')", VAI_INTEGER (self->number));
  if (self->spoil != NULL)
    self->spoil (transaction);
  if (self->n_runs == self->frees_at)
    g_unlink (full);
  return !self->refuses;
}

static gpointer
writer_thread (gpointer data)
{
  Writer *self = data;
  g_autoptr (VaiConnection) connection = vai_connection_new (self->fixture->database);
  self->done = vai_connection_write (connection, write_row, self, &self->error);
  g_atomic_int_set (&self->answered, TRUE);
  return NULL;
}

static gboolean
wait_for_test (VaiTransaction *transaction, gpointer data)
{
  Fixture *fixture = data;
  g_mutex_lock (&fixture->lock);
  g_mutex_unlock (&fixture->lock);
  return TRUE;
}

static gpointer
blocker_thread (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_assert_true (vai_connection_write (connection, wait_for_test, fixture, NULL));
  return NULL;
}

/* Lets @n writers wait together, so that they are one group, and runs them. */
static void
run_group (Fixture *fixture, Writer *writers, guint n)
{
  GThread *threads[N_WRITERS];
  g_mutex_lock (&fixture->lock);
  fixture->writers = writers;
  fixture->n_writers = n;
  GThread *blocker = g_thread_new ("blocker", blocker_thread, fixture);
  while (vai_database_get_n_waiting (fixture->database) < 1)
    g_thread_yield ();
  g_usleep (20000); /* the blocker is in its work, not in the queue */
  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("writer", writer_thread, &writers[i]);
  while (vai_database_get_n_waiting (fixture->database) < n + 1)
    g_thread_yield ();
  g_usleep (20000);
  g_mutex_unlock (&fixture->lock);
  for (guint i = 0; i < n; i++)
    g_thread_join (threads[i]);
  g_thread_join (blocker);
  for (guint i = 0; i < n; i++)
    g_assert_false (writers[i].done && writers[i].uncommitted && !writers[i].refuses);
  fixture->n_writers = 0;
}

typedef struct
{
  gint64 n, sum;
} Rows;

static gboolean
count_rows (VaiTransaction *transaction, gpointer data)
{
  Rows *rows = data;
  rows->n = vai_transaction_get_integer (transaction, -1, "SELECT count(*) FROM note");
  rows->sum = vai_transaction_get_integer (transaction, -1, "SELECT sum(id) FROM note");
  return TRUE;
}

/* The whole file may have this many pages, and then it is as if the disk were full. */
static void
fill_disk (VaiTransaction *transaction)
{
  sqlite3_exec (handle_of (transaction), "PRAGMA max_page_count = 1", NULL, NULL, NULL);
  vai_transaction_run (transaction, "INSERT INTO note (id, text) VALUES ($1, hex(zeroblob(4000000)))",
                       VAI_INTEGER (900));
  sqlite3_exec (handle_of (transaction), "PRAGMA max_page_count = 1073741823", NULL, NULL, NULL);
}

static int
interrupt_now (void *handle)
{
  sqlite3_interrupt (handle);
  return 0;
}

static void
interrupt (VaiTransaction *transaction)
{
  sqlite3_progress_handler (handle_of (transaction), 1, interrupt_now, handle_of (transaction));
  vai_transaction_run (transaction, "INSERT INTO note (id, text) SELECT id + 5000, text FROM note WHERE id < $1",
                       VAI_INTEGER (1000));
  sqlite3_progress_handler (handle_of (transaction), 0, NULL, NULL);
}

static void
take_memory (VaiTransaction *transaction)
{
  sqlite3_int64 before = sqlite3_hard_heap_limit64 (sqlite3_memory_used () + 200000);
  vai_transaction_run (transaction, "INSERT INTO note (id, text) VALUES ($1, hex(zeroblob(8000000)))",
                       VAI_INTEGER (901));
  sqlite3_hard_heap_limit64 (before);
}

/* No file grows any more: every write that would make one longer fails, as on a broken disk. */
static void
limit_files (rlim_t bytes)
{
  struct rlimit limit;
  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  setrlimit (RLIMIT_FSIZE, &limit);
}

/* More than the cache holds, so that it is written before the commit. */
static void
break_disk (VaiTransaction *transaction)
{
  limit_files (1024);
  sqlite3_exec (handle_of (transaction), "PRAGMA cache_size = 1", NULL, NULL, NULL);
  vai_transaction_run (transaction, "INSERT INTO note (id, text) VALUES ($1, hex(zeroblob(4000000)))",
                       VAI_INTEGER (902));
  limit_files (RLIM_INFINITY);
}

/* From here on, so that the commit itself fails. */
static void
break_disk_for_good (VaiTransaction *transaction)
{
  limit_files (1024);
}

/* From here on, so that the commit finds no room. */
static void
fill_disk_for_good (VaiTransaction *transaction)
{
  g_assert_true (g_file_set_contents (full, "", 0, NULL));
}

static void
fail_check (VaiTransaction *transaction)
{
  vai_transaction_run (transaction, "INSERT INTO note (id, text) VALUES ($1, NULL)", VAI_INTEGER (903));
}

static void
test_one_fails (Fixture *fixture, gconstpointer data)
{
  Writer writers[N_WRITERS] = { { NULL } };
  gint64 sum = 0;
  for (int i = 0; i < N_WRITERS; i++)
    {
      writers[i].fixture = fixture;
      writers[i].number = i + 1;
      if (i == 16)
        writers[i].spoil = (Spoil) (void (*) (void)) data;
      else
        sum += i + 1;
    }
  run_group (fixture, writers, N_WRITERS);
  for (int i = 0; i < N_WRITERS; i++)
    if (i == 16)
      {
        g_assert_false (writers[i].done);
        g_assert_nonnull (writers[i].error);
        g_clear_error (&writers[i].error);
      }
    else
      {
        g_assert_no_error (writers[i].error);
        g_assert_true (writers[i].done);
      }
  Rows rows;
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_assert_true (vai_connection_read (connection, count_rows, &rows, NULL));
  g_assert_cmpint (rows.n, ==, N_WRITERS - 1);
  g_assert_cmpint (rows.sum, ==, sum);
  g_autofree char *why = NULL;
  g_assert_false (vai_database_is_stopped (fixture->database, &why));
}

static void
test_one_refuses (Fixture *fixture, gconstpointer data)
{
  Writer writers[N_WRITERS] = { { NULL } };
  for (int i = 0; i < N_WRITERS; i++)
    {
      writers[i].fixture = fixture;
      writers[i].number = i + 1;
      writers[i].refuses = i % 2 == 1;
    }
  run_group (fixture, writers, N_WRITERS);
  for (int i = 0; i < N_WRITERS; i++)
    {
      g_assert_no_error (writers[i].error);
      g_assert_true (writers[i].done);
      g_assert_cmpuint (writers[i].n_runs, <=, 2); /* a refusal is no failure: once together, once apart */
    }
  Rows rows;
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_assert_true (vai_connection_read (connection, count_rows, &rows, NULL));
  g_assert_cmpint (rows.n, ==, N_WRITERS / 2);
  g_assert_cmpint (rows.sum, ==, 16 * 16); /* 1 + 3 + … + 31 */
}

/* Once a commit has failed nothing is written, and that is said. */
static void
test_failed_commit (Fixture *fixture, gconstpointer data)
{
  Writer writer = { .fixture = fixture, .number = 1, .spoil = break_disk_for_good };
  run_group (fixture, &writer, 1);
  limit_files (RLIM_INFINITY);
  g_assert_false (writer.done);
  g_clear_error (&writer.error);
  g_autofree char *why = NULL;
  g_assert_false (vai_database_can_write (fixture->database, &why));
  g_assert_nonnull (why);
  Writer next = { .fixture = fixture, .number = 2 };
  writer_thread (&next);
  g_assert_false (next.done);
  g_assert_error (next.error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_clear_error (&next.error);
  Rows rows;
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_assert_true (vai_connection_read (connection, count_rows, &rows, NULL));
  g_assert_cmpint (rows.n, ==, 0);
}

/* The commit of a group finds no room: nothing of it has happened, each is tried alone, and those succeed that come
 * after there is some. */
static void
test_full_commit (Fixture *fixture, gconstpointer data)
{
  Writer writers[N_WRITERS] = { { NULL } };
  for (int i = 0; i < N_WRITERS; i++)
    {
      writers[i].fixture = fixture;
      writers[i].number = i + 1;
    }
  writers[0].spoil = fill_disk_for_good;
  writers[16].frees_at = 2;
  run_group (fixture, writers, N_WRITERS);
  gint64 n = 0, sum = 0;
  for (int i = 0; i < N_WRITERS; i++)
    {
      g_assert_cmpuint (writers[i].n_runs, ==, 2);
      g_assert_true (writers[i].done || g_error_matches (writers[i].error, VAI_ERROR, VAI_ERROR_NO_SPACE));
      n += writers[i].done;
      sum += writers[i].done ? i + 1 : 0;
      g_clear_error (&writers[i].error);
    }
  Rows rows;
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_assert_true (vai_connection_read (connection, count_rows, &rows, NULL));
  g_assert_cmpint (rows.n, ==, n);
  g_assert_cmpint (n == 0 ? -1 : rows.sum, ==, n == 0 ? -1 : sum);
  g_unlink (full);
}

/* Nothing is stopped by a full disk, and that it is full is said as long as it is. */
static void
test_full_and_free (Fixture *fixture, gconstpointer data)
{
  g_autofree char *why = NULL;
  Writer writer = { .fixture = fixture, .number = 1 };
  fill_disk_for_good (NULL);
  run_group (fixture, &writer, 1);
  g_assert_error (writer.error, VAI_ERROR, VAI_ERROR_NO_SPACE);
  g_clear_error (&writer.error);
  g_assert_false (vai_database_can_write (fixture->database, &why));
  g_assert_nonnull (strstr (why, "full"));
  g_unlink (full);
  Writer next = { .fixture = fixture, .number = 1 };
  writer_thread (&next);
  g_assert_no_error (next.error);
  g_assert_true (next.done);
  g_assert_true (vai_database_can_write (fixture->database, NULL));
}

/* More than asks for the log to be brought into the file. */
static gboolean
write_many (VaiTransaction *transaction, gpointer data)
{
  vai_transaction_run (transaction, "INSERT INTO note (text) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                    "FROM n WHERE i < 5000) SELECT hex (zeroblob (100)) FROM n");
  return TRUE;
}

static void
write_so_often (Fixture *fixture, VaiWork work, guint n)
{
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  for (guint i = 0; i < n; i++)
    g_assert_true (vai_connection_write (connection, work, NULL, NULL));
}

static void
reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "server.db", NULL);
  vai_database_close (fixture->database);
  fixture->database = vai_database_open (path, &error);
  g_assert_no_error (error);
}

static gsize
size_of (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  GStatBuf info;
  return g_stat (path, &info) == 0 ? (gsize) info.st_size : 0;
}

/* The writer may still be asking for a checkpoint when everybody has their answer. */
static void
test_close_at_once (Fixture *fixture, gconstpointer data)
{
  for (guint i = 1; i <= 8; i++)
    {
      write_so_often (fixture, write_many, 1);
      reopen (fixture);
      g_assert_cmpuint (size_of (fixture, "server.db-wal"), ==, 0);
    }
  Rows rows;
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_assert_true (vai_connection_read (connection, count_rows, &rows, NULL));
  g_assert_cmpint (rows.n, ==, 8 * 5000);
}

static gboolean
ask_after_the_last (VaiTransaction *transaction, gpointer data)
{
  Rows *rows = data;
  vai_transaction_expect_last (transaction);
  rows->n = vai_transaction_get_integer (transaction, -1, "SELECT count(*) FROM note");
  rows->sum = vai_transaction_get_integer (transaction, -1, "SELECT sum(id) FROM note");
  return TRUE;
}

/* On PostgreSQL a query after the last one would be of another snapshot: it is refused on both databases, so that it is
 * seen wherever it is tried. In one that writes there is no last query. */
static void
test_after_the_last (Fixture *fixture, gconstpointer data)
{
  write_so_often (fixture, write_many, 1);
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_autoptr (GError) error = NULL;
  Rows rows;
  g_assert_false (vai_connection_read (connection, ask_after_the_last, &rows, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "sum(id)"));
  g_assert_cmpint (rows.n, ==, 5000);
  g_assert_cmpint (rows.sum, ==, -1);
  g_assert_true (vai_connection_write (connection, ask_after_the_last, &rows, NULL));
  g_assert_cmpint (rows.sum, >, 0);
  g_assert_true (vai_connection_read (connection, count_rows, &rows, NULL));
}

/* The file cannot take what is in the log: nothing is written any more, and the log is there for the next start. */
static void
check_stopped_with_log (Fixture *fixture, gint64 n_rows)
{
  limit_files (RLIM_INFINITY);
  g_autofree char *why = NULL;
  g_assert_false (vai_database_can_write (fixture->database, &why));
  g_assert_nonnull (strstr (why, "start the server again"));
  vai_database_close (g_steal_pointer (&fixture->database));
  g_assert_cmpuint (size_of (fixture, "server.db-wal"), >, 0);
  reopen (fixture);
  Rows rows;
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_assert_true (vai_connection_read (connection, count_rows, &rows, NULL));
  g_assert_cmpint (rows.n, ==, n_rows);
}

static void
test_failed_checkpoint (Fixture *fixture, gconstpointer data)
{
  write_so_often (fixture, write_many, 4);
  reopen (fixture);
  limit_files (size_of (fixture, "server.db"));
  write_so_often (fixture, write_many, 1);
  for (guint i = 0; i < 6000 && vai_database_can_write (fixture->database, NULL); i++)
    g_usleep (10000);
  check_stopped_with_log (fixture, 5 * 5000);
}

/* A row that fills the log and asks for nothing. */
static gboolean
write_large (VaiTransaction *transaction, gpointer data)
{
  vai_transaction_run (transaction, "INSERT INTO note (text) VALUES (hex (zeroblob (4000000)))");
  return TRUE;
}

/* The log has its size, and it is the writer itself who brings it into the file. */
static void
test_failed_checkpoint_of_writer (Fixture *fixture, gconstpointer data)
{
  write_so_often (fixture, write_large, 10);
  reopen (fixture);
  limit_files (size_of (fixture, "server.db"));
  write_so_often (fixture, write_large, 9);
  /* Whoever is answered may be so before the checkpoint, and the one after that is not. */
  g_autoptr (VaiConnection) connection = vai_connection_new (fixture->database);
  g_autoptr (GError) error = NULL;
  g_assert_false (vai_connection_write (connection, write_large, NULL, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_WRITABLE);
  g_clear_pointer (&connection, vai_connection_free);
  check_stopped_with_log (fixture, 19);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("valutai-full-XXXXXX", NULL);
  full = g_build_filename (folder, "full", NULL);
  g_setenv ("VAI_FAILPOINT", "db-write=enospc", TRUE);
  g_setenv ("VAI_FAILPOINT_WHILE", full, TRUE);
  g_test_init (&argc, &argv, NULL);
  signal (SIGXFSZ, SIG_IGN);
#define CASE(name, spoil)                                                                                              \
  g_test_add ("/database/one-of-32/" name, Fixture, (gconstpointer) (void (*) (void)) spoil, set_up, test_one_fails,   \
              tear_down)
  CASE ("full", fill_disk);
  CASE ("interrupt", interrupt);
  CASE ("no-memory", take_memory);
  CASE ("io-error", break_disk);
  CASE ("check", fail_check);
  g_test_add ("/database/one-refuses", Fixture, NULL, set_up, test_one_refuses, tear_down);
  g_test_add ("/database/failed-commit", Fixture, NULL, set_up, test_failed_commit, tear_down);
  g_test_add ("/database/full-commit", Fixture, NULL, set_up, test_full_commit, tear_down);
  g_test_add ("/database/full-and-free", Fixture, NULL, set_up, test_full_and_free, tear_down);
  g_test_add ("/database/close-at-once", Fixture, NULL, set_up, test_close_at_once, tear_down);
  g_test_add ("/database/after-the-last", Fixture, NULL, set_up, test_after_the_last, tear_down);
  g_test_add ("/database/failed-checkpoint", Fixture, NULL, set_up, test_failed_checkpoint, tear_down);
  g_test_add ("/database/failed-checkpoint-of-writer", Fixture, NULL, set_up, test_failed_checkpoint_of_writer,
              tear_down);
  int failed = g_test_run ();
  g_rmdir (folder);
  g_free (full);
  return failed;
}
