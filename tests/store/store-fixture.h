/* A workspace in a folder of its own, and small tables whose every cell is known. */
#pragma once

#include "vai-error.h"
#include "vai-store.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  char *folder;
  char *path;
  VaiStore *store;
} Fixture;

static inline VaiStore *
open_store (const char *path)
{
  g_autoptr (GError) error = NULL;
  VaiStore *store = vai_store_open (path, VAI_STORE_CREATE, &error);
  g_assert_no_error (error);
  return store;
}

static inline void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("vai-store-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "quotes.valutai-workspace", NULL);
  fixture->store = open_store (fixture->path);
}

static inline void
reopen (Fixture *fixture)
{
  g_clear_object (&fixture->store);
  fixture->store = open_store (fixture->path);
}

static inline void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
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

/* Every type, every kind of missing, values at the ends of their ranges; texts with quotes, NUL and other scripts. */
static inline VaiTable *
make_table (gsize n_rows)
{
  static const struct
  {
    const char *text;
    gsize length;
  } texts[] = { { "", 0 }, { "“così”, 'è'", 0 }, { "a\0b", 3 }, { "漢字", 0 }, { "=1+1", 0 } };
  VaiTable *table = vai_table_new ();
  VaiColumn *price = vai_column_new ("Price", VAI_TYPE_NUMBER);
  VaiColumn *sector = vai_column_new ("Sector", VAI_TYPE_CATEGORY);
  VaiColumn *opened = vai_column_new ("Opened on", VAI_TYPE_DATE);
  VaiColumn *remark = vai_column_new ("Remark “x”", VAI_TYPE_TEXT);
  VaiColumn *empty = vai_column_new ("Empty", VAI_TYPE_CATEGORY);
  VaiColumn *columns[] = { price, sector, opened, remark, empty };
  price->unit = g_strdup ("€");
  price->decimals = 2;
  opened->has_time = TRUE;
  price->numbers = g_new (double, n_rows);
  sector->codes = g_new (gint32, n_rows);
  opened->times = g_new (gint64, n_rows);
  remark->codes = g_new (gint32, n_rows);
  empty->codes = g_new (gint32, n_rows);
  table->lines = g_new (guint64, n_rows);
  static const double numbers[] = { 0.0, -0.0, 0.1, -1e308, 5e-324, G_MAXINT64, 12345.67 };
  for (gsize i = 0; i < n_rows; i++)
    {
      gsize t = (i * 7) % G_N_ELEMENTS (texts);
      gsize length = texts[t].length != 0 ? texts[t].length : strlen (texts[t].text);
      g_autofree char *unique = g_strdup_printf ("remark %" G_GSIZE_FORMAT, i);
      price->numbers[i] = i % 11 == 3 ? NAN : numbers[i % G_N_ELEMENTS (numbers)] + (i % 13 == 0 ? i : 0);
      sector->codes[i] = i % 5 == 4 ? VAI_CODE_MISSING : vai_dictionary_add (sector->dictionary, texts[t].text, length);
      opened->times[i] = i % 3 == 2 ? VAI_TIME_MISSING : (gint64) i * 86400 - G_GINT64_CONSTANT (5000000000);
      remark->codes[i] = vai_dictionary_add (remark->dictionary, unique, strlen (unique));
      empty->codes[i] = VAI_CODE_MISSING;
      price->n_missing += i % 11 == 3;
      sector->n_missing += i % 5 == 4;
      opened->n_missing += i % 3 == 2;
      table->lines[i] = i * 3 + 2;
    }
  empty->n_missing = n_rows;
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      columns[i]->n_rows = n_rows;
      vai_table_add (table, columns[i]);
    }
  return table;
}

static const char *const table_roles[] = { "price", "customer_sector", "opened_date", "feature", "ignored" };

/* Stores a table of @n_rows under @name; gives its id. */
static inline char *
add_dataset (VaiStore *store, const char *name, gsize n_rows)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiTable) table = make_table (n_rows);
  g_autoptr (VaiDatasetRow) row = vai_row_new (&vai_dataset_row_kind);
  row->name = g_strdup (name);
  g_assert_true (vai_store_add_dataset (store, row, table, table_roles, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  return g_strdup (row->id);
}

static inline char *
add_model (VaiStore *store, const char *name, const char *dataset_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiModelRow) row = vai_row_new (&vai_model_row_kind);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a model is bytes", 16);
  row->name = g_strdup (name);
  row->dataset_id = g_strdup (dataset_id);
  row->algorithm = g_strdup ("auto");
  row->auc_roc = 0.75;
  g_assert_true (vai_store_add_model (store, row, bytes, &error));
  g_assert_no_error (error);
  return g_strdup (row->id);
}

static inline char *
add_prediction (VaiStore *store, const char *model_id, const char *quote_ref, const char *batch_id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (VaiPredictionRow) row = vai_row_new (&vai_prediction_row_kind);
  row->model_id = g_strdup (model_id);
  row->quote_ref = g_strdup (quote_ref);
  row->batch_id = g_strdup (batch_id);
  row->win_probability = 0.25;
  row->total_price = 1234567;
  row->inputs = g_strdup ("{\"Price\":\"12345.67\"}");
  g_assert_true (vai_store_add_prediction (store, row, &error));
  g_assert_no_error (error);
  return g_strdup (row->id);
}
