/* The selection of rows: beside an array of flags, and without an item made. */
#include "vai-row-selection.h"

#define N 100000

/* A long list that lends no item. */
#define BARE_TYPE_LIST (bare_list_get_type ())
G_DECLARE_FINAL_TYPE (BareList, bare_list, BARE, LIST, GObject)

struct _BareList
{
  GObject parent_instance;
  guint n;
};

static GType
get_item_type (GListModel *list)
{
  return G_TYPE_OBJECT;
}

static guint
get_n_items (GListModel *list)
{
  return BARE_LIST (list)->n;
}

static gpointer
get_item (GListModel *list, guint position)
{
  g_assert_not_reached ();
}

static void
bare_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BareList,
                               bare_list,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, bare_list_model_init))

static void
bare_list_class_init (BareListClass *klass)
{
}

static void
bare_list_init (BareList *self)
{
}

static BareList *
bare_list_new (guint n)
{
  BareList *self = g_object_new (BARE_TYPE_LIST, NULL);

  self->n = n;
  return self;
}

static void
changed_cb (GtkSelectionModel *model, guint position, guint n, guint *n_told)
{
  *n_told += n;
}

static void
test_all (void)
{
  g_autoptr (VaiRowSelection) selection = vai_row_selection_new (G_LIST_MODEL (bare_list_new (N)));
  GtkSelectionModel *model = GTK_SELECTION_MODEL (selection);
  guint n_told = 0;

  g_signal_connect (selection, "selection-changed", G_CALLBACK (changed_cb), &n_told);
  g_assert_true (gtk_selection_model_select_all (model));
  g_autoptr (GtkBitset) all = gtk_selection_model_get_selection (model);
  g_assert_cmpuint (gtk_bitset_get_size (all), ==, N);
  g_assert_cmpuint (n_told, ==, N);
  g_assert_true (gtk_selection_model_unselect_all (model));
  g_autoptr (GtkBitset) none = gtk_selection_model_get_selection (model);
  g_assert_true (gtk_bitset_is_empty (none));
}

/* As a person selects, one after the other, with rows that come and go. */
static void
test_random (void)
{
  BareList *list = bare_list_new (50);
  g_autoptr (VaiRowSelection) selection = vai_row_selection_new (G_LIST_MODEL (list));
  GtkSelectionModel *model = GTK_SELECTION_MODEL (selection);
  g_autoptr (GArray) flags = g_array_new (FALSE, TRUE, sizeof (gboolean));
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  g_array_set_size (flags, list->n);
  for (guint turn = 0; turn < 2000; turn++)
    {
      guint at = g_rand_int_range (random, 0, list->n), n = g_rand_int_range (random, 1, list->n - at + 1);
      gboolean rest = g_rand_boolean (random), on = g_rand_boolean (random);
      if (turn % 5 == 0)
        {
          guint added = g_rand_int_range (random, 1, 20);
          const gboolean none[20] = { FALSE };
          list->n += added - (n - 1);
          g_array_remove_range (flags, at, n - 1);
          g_array_insert_vals (flags, at, none, added);
          g_list_model_items_changed (G_LIST_MODEL (list), at, n - 1, added);
        }
      else if (on)
        {
          gtk_selection_model_select_range (model, at, n, rest);
          for (guint i = 0; i < list->n; i++)
            g_array_index (flags, gboolean, i)
                = (i >= at && i < at + n) || (!rest && g_array_index (flags, gboolean, i));
        }
      else
        {
          gtk_selection_model_unselect_range (model, at, n);
          for (guint i = at; i < at + n; i++)
            g_array_index (flags, gboolean, i) = FALSE;
        }
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (selection)), ==, flags->len);
      for (guint i = 0; i < list->n; i++)
        g_assert_cmpint (gtk_selection_model_is_selected (model, i), ==, g_array_index (flags, gboolean, i));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/row-selection/all", test_all);
  g_test_add_func ("/row-selection/random", test_random);
  return g_test_run ();
}
