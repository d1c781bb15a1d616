/* The window of another program: other-window PATH. The file can be dragged from it, and its text is in the clipboard.
 */
#include <gtk/gtk.h>
#include <string.h>

static const char *path;
static gboolean ended;

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, gpointer user_data)
{
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *line = g_strconcat (uri, "\r\n", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (line, strlen (line));
  return gdk_content_provider_new_for_bytes ("text/uri-list", bytes);
}

static gboolean
close_cb (GtkWindow *window, gpointer user_data)
{
  ended = TRUE;
  return FALSE;
}

int
main (int argc, char **argv)
{
  gtk_init ();
  path = argv[1];
  GtkWidget *window = gtk_window_new (), *label = gtk_label_new ("drag me");
  GtkDragSource *source = gtk_drag_source_new ();

  gtk_window_set_title (GTK_WINDOW (window), "Other");
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), 120, 60);
  gtk_window_set_child (GTK_WINDOW (window), label);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), NULL);
  gtk_widget_add_controller (label, GTK_EVENT_CONTROLLER (source));
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_vexpand (label, TRUE);
  g_signal_connect (window, "close-request", G_CALLBACK (close_cb), NULL);
  gtk_window_present (GTK_WINDOW (window));
  g_autofree char *text = NULL;
  if (!g_file_get_contents (path, &text, NULL, NULL))
    g_error ("%s cannot be read", path);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (window), text);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}
