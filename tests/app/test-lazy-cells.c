/* Cells are made for what is in sight and near it, wherever the list is scrolled to. */
#include "vai-lazy-cells.h"

#include <adwaita.h>

#define N 5000
#define ROW_HEIGHT 40
#define HEIGHT 400

static guint n_made, n_bound;

static void
setup (GtkListItem *item, gpointer user_data)
{
  n_made++;
  gtk_list_item_set_child (item, gtk_label_new (NULL));
}

static void
bind (GtkListItem *item, gpointer user_data)
{
  GtkStringObject *text = gtk_list_item_get_item (item);

  n_bound++;
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (text));
}

static void
unbind (GtkListItem *item, gpointer user_data)
{
  g_assert_cmpuint (n_bound, >, 0);
  n_bound--;
}

static const VaiLazyCell cell = { setup, bind, unbind };

static void
wait_a_while (void)
{
  gint64 end = g_get_monotonic_time () + G_USEC_PER_SEC / 2;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

/* Whether a label that is not hidden says @text. */
static gboolean
is_shown (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_label (GTK_LABEL (widget)), text) == 0)
    return gtk_widget_get_opacity (widget) > 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (is_shown (child, text))
      return TRUE;
  return FALSE;
}

static void
check_shown (GtkWidget *view, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *text = g_strdup_printf ("row %u", i);
      for (guint turn = 0; turn < 20 && !is_shown (view, text); turn++)
        wait_a_while ();
      if (!is_shown (view, text))
        g_error ("“%s” is not shown", text);
    }
}

static GtkStringList *
make_list (const char *prefix, guint n)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s %u", prefix, i);
      gtk_string_list_append (list, text);
    }
  return list;
}

static void
add_row_height (void)
{
  g_autoptr (GtkCssProvider) css = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (css, "listview > row { min-height: 40px; padding: 0; } cell { padding: 0; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (css),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
test_sight (void)
{
  GtkWidget *window = gtk_window_new (), *scroller = gtk_scrolled_window_new (), *view = gtk_column_view_new (NULL);
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new ("Row", NULL);
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (make_list ("row", N)));
  const guint in_sight = HEIGHT / ROW_HEIGHT - 2;

  add_row_height ();
  vai_lazy_cells_add (GTK_COLUMN_VIEW (view), column, &cell, NULL);
  gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_window_set_child (GTK_WINDOW (window), scroller);
  gtk_column_view_set_model (GTK_COLUMN_VIEW (view), GTK_SELECTION_MODEL (selection));
  g_assert_cmpuint (n_made, ==, 0);
  gtk_window_set_default_size (GTK_WINDOW (window), 300, HEIGHT);
  gtk_window_present (GTK_WINDOW (window));
  wait_a_while ();
  check_shown (view, 0, in_sight);
  g_assert_cmpuint (n_made, <=, 4 * HEIGHT / ROW_HEIGHT);

  for (guint turn = 1; turn <= 4; turn++)
    {
      gtk_widget_activate_action (gtk_widget_get_last_child (view), "list.scroll-to-item", "u", turn * 1000);
      check_shown (view, turn * 1000, 1);
    }
  gtk_widget_activate_action (gtk_widget_get_last_child (view), "list.scroll-to-item", "u", N - 1);
  check_shown (view, N - in_sight, in_sight);

  /* What stood in the cells before is not seen in them. */
  g_autoptr (GtkNoSelection) other = gtk_no_selection_new (G_LIST_MODEL (make_list ("other", 3)));
  gtk_column_view_set_model (GTK_COLUMN_VIEW (view), GTK_SELECTION_MODEL (other));
  wait_a_while ();
  g_assert_true (is_shown (view, "other 0") && is_shown (view, "other 2"));
  g_assert_false (is_shown (view, "row 4999"));
  g_assert_cmpuint (n_bound, ==, 3);
  gtk_window_destroy (GTK_WINDOW (window));
}

static GtkListItem *renewed;

static void
bind_and_keep (GtkListItem *item, gpointer user_data)
{
  bind (item, user_data);
  renewed = item;
}

/* Bound anew when its item says so, once, and not at once. */
static void
test_renew (void)
{
  static const VaiLazyCell keeping = { setup, bind_and_keep, unbind, "notify::string" };
  GtkWidget *window = gtk_window_new (), *view = gtk_column_view_new (NULL);
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new ("Row", NULL);
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (make_list ("row", 1)));

  n_bound = 0;
  vai_lazy_cells_add (GTK_COLUMN_VIEW (view), column, &keeping, NULL);
  gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
  gtk_column_view_set_model (GTK_COLUMN_VIEW (view), GTK_SELECTION_MODEL (selection));
  gtk_window_set_child (GTK_WINDOW (window), view);
  gtk_window_present (GTK_WINDOW (window));
  wait_a_while ();
  g_assert_cmpuint (n_bound, ==, 1);
  GtkWidget *label = gtk_list_item_get_child (renewed);
  GObject *text = gtk_list_item_get_item (renewed);
  g_object_notify (text, "string");
  g_object_notify (text, "string");
  g_assert_cmpuint (n_bound, ==, 0);
  g_assert_cmpfloat (gtk_widget_get_opacity (label), ==, 0);
  wait_a_while ();
  g_assert_cmpuint (n_bound, ==, 1);
  g_assert_true (gtk_list_item_get_child (renewed) == label);
  g_assert_cmpfloat (gtk_widget_get_opacity (label), ==, 1);

  /* Not any more by one that is not shown. */
  g_object_ref (text);
  gtk_column_view_set_model (GTK_COLUMN_VIEW (view), NULL);
  g_assert_cmpuint (n_bound, ==, 0);
  g_object_notify (text, "string");
  g_object_unref (text);
  wait_a_while ();
  g_assert_cmpuint (n_bound, ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/lazy-cells/sight", test_sight);
  g_test_add_func ("/lazy-cells/renew", test_renew);
  return g_test_run ();
}
