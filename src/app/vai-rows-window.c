/* A window full of rows. */
#include "vai-table-view.h"

#include "vai-compat.h"
#include "vai-format.h"

#include <glib/gi18n-lib.h>

static void
count_cb (VaiTableView *view, GParamSpec *pspec, GtkLabel *label)
{
  guint n = vai_table_view_get_n_shown (view);
  g_autofree char *count = vai_format_count (n);
  g_autofree char *text = g_strdup_printf (ngettext ("%s row", "%s rows", n), count);

  vai_announce (label, text);
}

static void
search_cb (GtkSearchEntry *entry, VaiTableView *view)
{
  vai_table_view_search (view, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static GtkWidget *
bar_new (VaiTableView *view)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *entry = gtk_search_entry_new ();
  GtkWidget *count = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_STATUS, NULL);

  gtk_widget_add_css_class (bar, "toolbar");
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_set_hexpand (entry, TRUE);
  g_object_set (entry, "placeholder-text", _ ("Search rows"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Search rows"), -1);
  g_signal_connect_object (entry, "search-changed", G_CALLBACK (search_cb), view, 0);
  vai_end_search_by_escape (entry, "window.close");
  g_signal_connect_object (view, "notify::n-shown", G_CALLBACK (count_cb), count, 0);
  gtk_box_append (GTK_BOX (bar), entry);
  gtk_box_append (GTK_BOX (bar), count);
  return bar;
}

static void
close_on_escape (GtkWidget *window)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
}

void
vai_rows_window_present (GtkWidget *parent, const char *title, VaiTable *table, GArray *rows)
{
  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (table != NULL);

  GtkRoot *root = gtk_widget_get_root (parent);
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *view = vai_table_view_new ();
  gtk_window_set_title (GTK_WINDOW (window), title);
  gtk_window_set_default_size (GTK_WINDOW (window), 1000, 640);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_widget_set_vexpand (view, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), bar_new (VAI_TABLE_VIEW (view)));
  gtk_box_append (GTK_BOX (box), view);
  adw_window_set_content (ADW_WINDOW (window), box);
  close_on_escape (window);
  vai_table_view_set (VAI_TABLE_VIEW (view), table, rows);
  gtk_window_present (GTK_WINDOW (window));
}
