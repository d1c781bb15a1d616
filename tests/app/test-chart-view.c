#include "vai-chart-kinds.h"
#include "vai-chart-picture.h"
#include "vai-chart-view.h"
#include "vai-gauge.h"
#include "vai-ten-dots.h"
#include "vai-verdict-chip.h"

/* The first descendant of @type. */
static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* A macro of GTK makes a format of what it is given. */
static void
assert_label (GtkWidget *widget, const char *label)
{
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label);
}

static VaiChart *
confusion (gsize found)
{
  return vai_chart_new_confusion (found, 93, 40, 319, 0.6);
}

/* The accessible sentence follows the chart; the point that was looked at stays. */
static void
test_picture (void)
{
  GtkWidget *view = g_object_ref_sink (vai_chart_view_new ());
  VaiChartPicture *picture = VAI_CHART_PICTURE (find (view, VAI_TYPE_CHART_PICTURE));
  vai_chart_view_take_chart (VAI_CHART_VIEW (view), confusion (152));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (picture), GTK_ACCESSIBLE_ROLE_IMG);
  assert_label (GTK_WIDGET (picture), vai_chart_get_finding (vai_chart_view_get_chart (VAI_CHART_VIEW (view))));
  vai_chart_picture_set_row (picture, 3);
  vai_chart_view_take_chart (VAI_CHART_VIEW (view), confusion (153));
  g_assert_cmpint (vai_chart_picture_get_row (picture), ==, 3);
  vai_chart_view_take_chart (VAI_CHART_VIEW (view), NULL);
  g_assert_cmpint (vai_chart_picture_get_row (picture), ==, -1);
  g_assert_null (vai_chart_view_get_chart (VAI_CHART_VIEW (view)));
  g_assert_finalize_object (view);
}

static void
test_table (void)
{
  GtkWidget *view = g_object_ref_sink (vai_chart_view_new ());
  GtkColumnView *table = GTK_COLUMN_VIEW (find (view, GTK_TYPE_COLUMN_VIEW));
  vai_chart_view_take_chart (VAI_CHART_VIEW (view), confusion (152));
  g_object_set (view, "show-table", TRUE, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (table))), ==, 4);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_column_view_get_columns (table)), ==, 2);
  g_object_set (view, "show-table", FALSE, NULL);
  g_assert_null (gtk_column_view_get_model (table));
  g_assert_finalize_object (view);
}

static void
test_words (void)
{
  GtkWidget *dots = g_object_ref_sink (vai_ten_dots_new ()), *gauge = g_object_ref_sink (vai_gauge_new ());
  vai_ten_dots_set (VAI_TEN_DOTS (dots), 0.64, 0.79, NULL);
  assert_label (dots, "Of ten like this, six to eight are won.");
  vai_gauge_set (VAI_GAUGE (gauge), 0.72, 0.64, 0.79, 0.41, VAI_VERDICT_LIKELY);
  assert_label (gauge, "Chance 72%, between 64% and 79%; your average is 41%");
  /* Where there are too few similar quotes no number is said. */
  vai_gauge_set (VAI_GAUGE (gauge), 0.72, 0.24, 0.79, 0.41, VAI_VERDICT_NOT_ENOUGH_SIMILAR);
  assert_label (gauge, "Chance between 24% and 79%; your average is 41%");
  g_assert_finalize_object (dots);
  g_assert_finalize_object (gauge);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP no display\n");
      return 0;
    }
  adw_init ();
  g_test_add_func ("/chart-view/picture", test_picture);
  g_test_add_func ("/chart-view/table", test_table);
  g_test_add_func ("/chart-view/words", test_words);
  return g_test_run ();
}
