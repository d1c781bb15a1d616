#include "vai-application.h"

#include "vai-preferences.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>

struct _VaiApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (VaiApplication, vai_application, ADW_TYPE_APPLICATION)

static VaiWindow *
get_window (VaiApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window != NULL && gtk_window_get_transient_for (window) != NULL)
    window = gtk_window_get_transient_for (window);
  return VAI_IS_WINDOW (window) ? VAI_WINDOW (window) : vai_window_new (GTK_APPLICATION (self));
}

static void
vai_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (VAI_APPLICATION (application))));
}

static void
vai_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  VaiWindow *window = get_window (VAI_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  vai_window_open_files (window, files, n_files);
}

static void
activate_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_activate (G_APPLICATION (user_data));
}

static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  /* One that is closed takes those with it that stand over it. */
  g_autolist (GtkWindow) windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (user_data)));

  for (GList *link = windows; link != NULL; link = link->next)
    g_object_ref (link->data);
  for (GList *link = windows; link != NULL; link = link->next)
    gtk_window_close (link->data);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  vai_preferences_present (GTK_WINDOW (get_window (VAI_APPLICATION (user_data))));
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (GTK_WINDOW (get_window (VAI_APPLICATION (user_data))), "application-name", "ValutAI",
                         "application-icon", "com.valutai.ValutAI", "version", VAI_VERSION, "comments",
                         _ ("Which quotes will be won, why, and what would change it."), "license-type",
                         GTK_LICENSE_GPL_3_0, NULL);
}

static const GActionEntry actions[] = {
  { "activate", activate_cb, NULL, NULL, NULL, { 0 } },
  { "quit", quit_cb, NULL, NULL, NULL, { 0 } },
  { "preferences", preferences_cb, NULL, NULL, NULL, { 0 } },
  { "about", about_cb, NULL, NULL, NULL, { 0 } },
};

/* The same in resources/gtk/help-overlay.ui, where a person reads them. */
static const struct
{
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "app.quit", { "<Control>q" } },
  { "app.preferences", { "<Control>comma" } },
  { "win.show-help-overlay", { "<Control>question" } },
  { "win.show-page('dashboard')", { "<Control>1" } },
  { "win.show-page('data')", { "<Control>2" } },
  { "win.show-page('models')", { "<Control>3" } },
  { "win.show-page('scoring')", { "<Control>4" } },
  { "win.show-page('reports')", { "<Control>5" } },
  { "win.toggle-sidebar", { "F9" } },
  { "win.score-quote", { "<Control>n" } },
  { "win.import", { "<Control>o" } },
  { "win.train('')", { "<Control><Shift>t" } },
  { "win.search", { "<Control>f" } },
  { "win.save", { "<Control>s" } },
  { "win.undo", { "<Control>z" } },
  { "win.print", { "<Control>p" } },
  { "win.export", { "<Control><Shift>s" } },
  { "win.try", { "<Control>t" } },
  { "win.lock", { "<Control>l" } },
  { "win.record", { "<Control>r" } },
  { "win.back", { "<Alt>Left" } },
  { "window.close", { "<Control>w" } },
};

static void
theme_changed_cb (GSettings *settings, const char *key, gpointer user_data)
{
  static const AdwColorScheme schemes[]
      = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT, ADW_COLOR_SCHEME_FORCE_DARK };

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      schemes[g_settings_get_enum (settings, "theme")]);
}

static void
vai_application_startup (GApplication *application)
{
  VaiApplication *self = VAI_APPLICATION (application);

  G_APPLICATION_CLASS (vai_application_parent_class)->startup (application);
  /* Figures can be selected; that Tab marks them all is of no use. */
  g_object_set (gtk_settings_get_default (), "gtk-label-select-on-focus", FALSE, NULL);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action, accelerators[i].keys);
  gtk_window_set_default_icon_name ("com.valutai.ValutAI");
  self->settings = g_settings_new ("com.valutai.ValutAI");
  g_signal_connect (self->settings, "changed::theme", G_CALLBACK (theme_changed_cb), NULL);
  theme_changed_cb (self->settings, "theme", NULL);
}

static void
vai_application_finalize (GObject *object)
{
  g_clear_object (&VAI_APPLICATION (object)->settings);
  G_OBJECT_CLASS (vai_application_parent_class)->finalize (object);
}

static void
vai_application_class_init (VaiApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = vai_application_finalize;
  application_class->activate = vai_application_activate;
  application_class->open = vai_application_open;
  application_class->startup = vai_application_startup;
}

static void
vai_application_init (VaiApplication *self)
{
}

VaiApplication *
vai_application_new (void)
{
  return g_object_new (VAI_TYPE_APPLICATION, "application-id", "com.valutai.ValutAI", "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/com/valutai/ValutAI", NULL);
}
