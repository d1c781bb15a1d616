#include "vai-preferences.h"

#include <glib/gi18n-lib.h>

static const char *const languages[] = { "", "en", "it", NULL };

static AdwComboRow *
combo_row (const char *title, const char *subtitle, const char *const *choices)
{
  AdwComboRow *row = ADW_COMBO_ROW (adw_combo_row_new ());
  g_autoptr (GtkStringList) list = gtk_string_list_new (choices);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_combo_row_set_model (row, G_LIST_MODEL (list));
  return row;
}

static gboolean
language_to_index (GValue *value, GVariant *variant, gpointer user_data)
{
  for (guint i = 0; languages[i] != NULL; i++)
    if (g_str_equal (languages[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
language_from_index (const GValue *value, const GVariantType *type, gpointer user_data)
{
  return g_variant_new_string (languages[g_value_get_uint (value)]);
}

static gboolean
theme_to_index (GValue *value, GVariant *variant, gpointer user_data)
{
  static const char *const nicks[] = { "system", "light", "dark" };

  for (guint i = 0; i < G_N_ELEMENTS (nicks); i++)
    if (g_str_equal (nicks[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
theme_from_index (const GValue *value, const GVariantType *type, gpointer user_data)
{
  static const char *const nicks[] = { "system", "light", "dark" };

  return g_variant_new_string (nicks[g_value_get_uint (value)]);
}

static GtkWidget *
threads_row (GSettings *settings)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *spin = gtk_spin_button_new_with_range (0, g_get_num_processors (), 1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Processor cores for training"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ ("0 uses all of them; the result is the same"));
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  g_settings_bind (settings, "threads", spin, "value", G_SETTINGS_BIND_DEFAULT);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), spin);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), spin);
  return row;
}

void
vai_preferences_present (GtkWindow *parent)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();
  g_autoptr (GSettings) settings = g_settings_new ("com.valutai.ValutAI");
  const char *const themes[] = { _ ("As the desktop"), _ ("Light"), _ ("Dark"), NULL };
  const char *const names[] = { _ ("As the desktop"), "English", "Italiano", NULL };
  AdwComboRow *theme = combo_row (_ ("Theme"), NULL, themes);
  AdwComboRow *language = combo_row (_ ("Language"), _ ("From the next start"), names);

  g_settings_bind_with_mapping (settings, "theme", theme, "selected", G_SETTINGS_BIND_DEFAULT, theme_to_index,
                                theme_from_index, NULL, NULL);
  g_settings_bind_with_mapping (settings, "language", language, "selected", G_SETTINGS_BIND_DEFAULT, language_to_index,
                                language_from_index, NULL, NULL);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (theme));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (language));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), threads_row (settings));
  /* Three rows need no search; the page's title names its tab, which is there though nobody sees it. */
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  adw_preferences_page_set_title (ADW_PREFERENCES_PAGE (page), _ ("Preferences"));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_present (GTK_WINDOW (window));
}
