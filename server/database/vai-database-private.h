/* What the two databases implement. */
#pragma once

#include "vai-database.h"

G_BEGIN_DECLS

typedef struct
{
  const char *kind;
  VaiDatabase *(*open) (const char *address, GError **error);
  void (*close) (VaiDatabase *self);
  VaiConnection *(*connect) (VaiDatabase *self);
  void (*disconnect) (VaiConnection *self);
  gboolean (*read) (VaiConnection *self, VaiWork work, gpointer data, GError **error);
  gboolean (*write) (VaiConnection *self, VaiWork work, gpointer data, GError **error);

  gint64 (*run) (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error);
  void (*send) (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error);
  VaiRows *(*query) (VaiTransaction *transaction, const char *sql, const VaiValue *values, GError **error);
  void (*lock) (VaiTransaction *transaction, const char *table, const char *id, GError **error);
  void (*begin_part) (VaiTransaction *transaction, GError **error);
  void (*end_part) (VaiTransaction *transaction, gboolean keep, GError **error);

  gboolean (*next) (VaiRows *rows, GError **error);
  void (*free_rows) (VaiRows *rows);
  gboolean (*is_null) (VaiRows *rows, int column);
  const char *(*get_text) (VaiRows *rows, int column); /* NULL for NULL */
  gint64 (*get_integer) (VaiRows *rows, int column);
  double (*get_real) (VaiRows *rows, int column);
  GBytes *(*dup_bytes) (VaiRows *rows, int column);
} VaiDatabaseClass;

extern const VaiDatabaseClass vai_database_sqlite;
extern const VaiDatabaseClass vai_database_postgres;

struct _VaiDatabase
{
  const VaiDatabaseClass *class;
  GMutex lock;   /* of what follows */
  char *stopped; /* why nothing is written any more, or NULL */
  gboolean full; /* there was no room for what was written last */
  gint n_waiting;
};

struct _VaiConnection
{
  VaiDatabase *database;
};

struct _VaiTransaction
{
  VaiDatabase *database;
  gpointer handle; /* of the database: a VaiDb, or a connection to PostgreSQL */
  guint n_parts;   /* begun and not ended */
  gboolean reads;  /* and writes nothing */
  gboolean last;   /* the next query is the last, if it only reads */
  gboolean ended;  /* that one was asked */
  GError *error;   /* the first failure */
};

struct _VaiRows
{
  VaiTransaction *transaction;
};

void vai_database_init (VaiDatabase *self, const VaiDatabaseClass *class);
void vai_database_clear (VaiDatabase *self);

/* From now on nothing is written. */
void vai_database_stop (VaiDatabase *self, const char *why);

/* Tells how a write ended, in the order of the ends: NULL finds room, NO_SPACE does not. That is counted among the
 * errors, and those are written every few seconds until they are: so room is found also when nobody asks for a write.
 */
void vai_database_note_room (VaiDatabase *self, const GError *error);

/* Whether it was; @why is a copy to free, or NULL. */
gboolean vai_database_is_stopped (VaiDatabase *self, char **why);

/* The tables: step n brings version n - 1 to version n, in the SQL of that database. NULL-terminated, static. */
const char *const *vai_database_get_steps (gboolean postgres);

G_END_DECLS
