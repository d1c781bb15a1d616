#include "vai-chart-view.h"

#include "vai-chart-picture.h"
#include "vai-compat.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define READOUT_GAP 14
#define PICTURE_SCALE 2 /* a copied picture is sharp in a document */
#define TITLE_ROOM 60   /* margins and title of a saved picture */

/* A chart that a saving thread can hold while the view shows another. */
typedef struct
{
  VaiChart *chart;
} SharedChart;

struct _VaiChartView
{
  GtkWidget parent_instance;

  GtkWidget *header;
  GtkLabel *title_label;
  GtkMenuButton *menu_button;
  GtkStack *stack;
  VaiChartPicture *picture;
  GtkLabel *readout;
  GtkColumnView *table;
  SharedChart *shared; /* nullable */
  char *title;         /* nullable */
};

G_DEFINE_TYPE (VaiChartView, vai_chart_view, GTK_TYPE_WIDGET)

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_SHOW_TABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
clear_shared (gpointer data)
{
  vai_chart_free (((SharedChart *) data)->chart);
}

static void
unref_shared (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_shared);
}

static const char *
effective_title (VaiChartView *self)
{
  if (self->title != NULL)
    return self->title;
  return self->shared != NULL ? vai_chart_get_title (self->shared->chart) : "";
}

static void
update_title (VaiChartView *self)
{
  const char *title = effective_title (self);
  g_autofree char *menu = g_strdup_printf (_ ("Menu of “%s”"), title);

  gtk_label_set_label (self->title_label, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->menu_button), menu);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, menu, -1);
}

/* "Chance it gave: 71%", a line for each column. */
static char *
row_text (const VaiChart *chart, guint row)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < vai_chart_get_n_columns (chart); i++)
    {
      const char *header = vai_chart_get_header (chart, i), *cell = vai_chart_get_cell (chart, row, i);
      if (cell == NULL || *cell == '\0')
        continue;
      g_string_append_printf (text, "%s%s%s%s", text->len > 0 ? "\n" : "", header, *header != '\0' ? ": " : "", cell);
    }
  return g_string_free (text, FALSE);
}

/* Beside the mark, on the side where there is room. */
static void
place_readout (VaiChartView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->picture)), own_width, own_height;
  int height = gtk_widget_get_height (GTK_WIDGET (self->picture));
  double x = 0, y = 0;

  vai_chart_picture_locate (self->picture, &x, &y);
  gtk_widget_set_margin_start (GTK_WIDGET (self->readout), 0);
  gtk_widget_set_margin_top (GTK_WIDGET (self->readout), 0);
  gtk_widget_measure (GTK_WIDGET (self->readout), GTK_ORIENTATION_HORIZONTAL, -1, NULL, &own_width, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (self->readout), GTK_ORIENTATION_VERTICAL, -1, NULL, &own_height, NULL, NULL);
  int left = (int) lround (x) + READOUT_GAP;
  if (left + own_width > width)
    left = (int) lround (x) - READOUT_GAP - own_width;
  int top = (int) lround (y) - own_height / 2;
  gtk_widget_set_margin_start (GTK_WIDGET (self->readout), CLAMP (left, 0, MAX (width - own_width, 0)));
  gtk_widget_set_margin_top (GTK_WIDGET (self->readout), CLAMP (top, 0, MAX (height - own_height, 0)));
}

static void
update_readout (VaiChartView *self)
{
  int row = vai_chart_picture_get_row (self->picture);
  gboolean shown = self->shared != NULL && row >= 0 && row < (int) vai_chart_get_n_rows (self->shared->chart);

  gtk_widget_set_visible (GTK_WIDGET (self->readout), shown);
  if (!shown)
    return;
  g_autofree char *text = row_text (self->shared->chart, row);
  vai_announce (self->readout, text);
  place_readout (self);
}

static void
cell_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

typedef struct
{
  VaiChartView *view; /* outlives its table's factories */
  guint column;
} CellBinding;

static void
cell_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, CellBinding *binding)
{
  const SharedChart *shared = binding->view->shared;
  guint row = gtk_list_item_get_position (item);

  if (shared != NULL && row < vai_chart_get_n_rows (shared->chart)
      && binding->column < vai_chart_get_n_columns (shared->chart))
    {
      gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                           vai_chart_get_cell (shared->chart, row, binding->column));
      vai_name_row (item, vai_chart_get_cell (shared->chart, row, 0));
    }
}

static void
cell_unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), "");
}

static void
free_binding (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
clear_table (VaiChartView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);

  gtk_column_view_set_model (self->table, NULL);
  while (g_list_model_get_n_items (columns) > 0)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, 0);
      gtk_column_view_remove_column (self->table, column);
    }
}

static void
fill_table (VaiChartView *self)
{
  GtkStringList *rows = gtk_string_list_new (NULL);

  clear_table (self);
  for (guint i = 0; i < vai_chart_get_n_columns (self->shared->chart); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      CellBinding *binding = g_new (CellBinding, 1);
      *binding = (CellBinding){ self, i };
      g_signal_connect (factory, "setup", G_CALLBACK (cell_setup_cb), NULL);
      g_signal_connect_data (factory, "bind", G_CALLBACK (cell_bind_cb), binding, free_binding, 0);
      g_signal_connect (factory, "unbind", G_CALLBACK (cell_unbind_cb), NULL);
      g_autoptr (GtkColumnViewColumn) column
          = gtk_column_view_column_new (vai_chart_get_header (self->shared->chart, i), factory);
      gtk_column_view_column_set_resizable (column, TRUE);
      gtk_column_view_append_column (self->table, column);
    }
  /* A cell is found by the position of its row. */
  for (guint i = 0; i < vai_chart_get_n_rows (self->shared->chart); i++)
    gtk_string_list_append (rows, "");
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (G_LIST_MODEL (rows));
  gtk_column_view_set_model (self->table, GTK_SELECTION_MODEL (selection));
}

static gboolean
get_show_table (VaiChartView *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "table") == 0;
}

static void
set_show_table (VaiChartView *self, gboolean show)
{
  if (show == get_show_table (self))
    return;
  if (show && self->shared != NULL)
    fill_table (self);
  else
    clear_table (self);
  gtk_stack_set_visible_child_name (self->stack, show ? "table" : "picture");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_TABLE]);
}

static void
copy_data (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiChartView *self = VAI_CHART_VIEW (widget);

  if (self->shared == NULL)
    return;
  g_autofree char *text = vai_chart_dup_text (self->shared->chart);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  vai_window_say (widget, _ ("The data of the chart are in the clipboard"));
}

/* In the light palette on white, as a document wants it. */
static void
copy_picture (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiChartView *self = VAI_CHART_VIEW (widget);
  int width = MAX (gtk_widget_get_width (GTK_WIDGET (self->picture)), VAI_CHART_SIDE_MIN);
  int height = MAX (gtk_widget_get_height (GTK_WIDGET (self->picture)), VAI_CHART_SIDE_MIN);

  if (self->shared == NULL)
    return;
  cairo_surface_t *surface
      = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * PICTURE_SCALE, height * PICTURE_SCALE);
  cairo_t *cairo = cairo_create (surface);
  VaiPen pen = { cairo, &vai_palette_light };
  vai_pen_color (&pen, VAI_COLOR_CARD, 1);
  cairo_paint (cairo);
  cairo_scale (cairo, PICTURE_SCALE, PICTURE_SCALE);
  vai_chart_draw (self->shared->chart, cairo, width, height, &vai_palette_light);
  cairo_destroy (cairo);
  cairo_surface_flush (surface);
  gsize stride = cairo_image_surface_get_stride (surface);
  g_autoptr (GBytes) bytes = g_bytes_new (cairo_image_surface_get_data (surface), stride * height * PICTURE_SCALE);
  g_autoptr (GdkTexture) texture
      = gdk_memory_texture_new (width * PICTURE_SCALE, height * PICTURE_SCALE, GDK_MEMORY_DEFAULT, bytes, stride);
  cairo_surface_destroy (surface);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (widget), texture);
  vai_window_say (widget, _ ("The picture of the chart is in the clipboard"));
}

typedef struct
{
  SharedChart *shared;
  char *path;
} Saving;

static void
free_saving (gpointer data)
{
  Saving *saving = data;

  unref_shared (saving->shared);
  g_free (saving->path);
  g_free (saving);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Saving *saving = data;
  const VaiChart *chart = saving->shared->chart;
  int height = ceil (vai_chart_get_natural_height (chart, VAI_CHART_WIDTH_DEFAULT)) + TITLE_ROOM;
  GError *error = NULL;

  if (vai_chart_save (chart, saving->path, VAI_CHART_WIDTH_DEFAULT,
                      CLAMP (height, VAI_CHART_HEIGHT_DEFAULT, VAI_CHART_SIDE_MAX), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const Saving *saving = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_path_get_basename (saving->path);
  g_autofree char *message = g_strdup_printf (_ ("Saved “%s”"), name);

  if (gtk_widget_get_root (GTK_WIDGET (source)) == NULL)
    return;
  vai_window_say (GTK_WIDGET (source), g_task_propagate_boolean (G_TASK (result), &error) ? message : error->message);
}

static void
target_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  VaiChartView *self = VAI_CHART_VIEW (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vai_pick_finish (result, &error);

  if (error != NULL)
    vai_window_say (GTK_WIDGET (source), error->message);
  if (path == NULL || self->shared == NULL)
    return;
  g_autoptr (GTask) task = g_task_new (self, NULL, saved_cb, NULL);
  Saving *saving = g_new (Saving, 1);
  saving->shared = g_atomic_rc_box_acquire (self->shared);
  saving->path = g_steal_pointer (&path);
  g_task_set_task_data (task, saving, free_saving);
  g_task_run_in_thread (task, save_in_thread);
}

static void
export_chart (GtkWidget *widget, const char *action, GVariant *parameter)
{
  VaiChartView *self = VAI_CHART_VIEW (widget);
  g_autofree char *title = g_strdelimit (g_strdup (effective_title (self)), "/\n", '-');
  g_autofree char *name = g_strdup_printf ("%s.%s", title, g_variant_get_string (parameter, NULL));

  if (self->shared != NULL)
    vai_pick_target_async (widget, _ ("Export Chart"), name, target_cb, NULL);
}

static void
open_menu (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_menu_button_popup (VAI_CHART_VIEW (widget)->menu_button);
}

static void
vai_chart_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  VaiChartView *self = VAI_CHART_VIEW (object);

  if (id == PROP_TITLE)
    g_value_set_string (value, self->title);
  else
    g_value_set_boolean (value, get_show_table (self));
}

static void
vai_chart_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  VaiChartView *self = VAI_CHART_VIEW (object);

  if (id == PROP_TITLE)
    vai_chart_view_set_title (self, g_value_get_string (value));
  else
    set_show_table (self, g_value_get_boolean (value));
}

static void
vai_chart_view_dispose (GObject *object)
{
  VaiChartView *self = VAI_CHART_VIEW (object);

  if (self->picture != NULL)
    vai_chart_picture_set_chart (self->picture, NULL);
  if (self->table != NULL)
    clear_table (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), VAI_TYPE_CHART_VIEW);
  g_clear_pointer (&self->shared, unref_shared);
  G_OBJECT_CLASS (vai_chart_view_parent_class)->dispose (object);
}

static void
vai_chart_view_finalize (GObject *object)
{
  g_free (VAI_CHART_VIEW (object)->title);
  G_OBJECT_CLASS (vai_chart_view_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHOW_TABLE] = g_param_spec_boolean (
      "show-table", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
vai_chart_view_class_init (VaiChartViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = vai_chart_view_get_property;
  object_class->set_property = vai_chart_view_set_property;
  object_class->dispose = vai_chart_view_dispose;
  object_class->finalize = vai_chart_view_finalize;
  install_properties (object_class);
  g_type_ensure (VAI_TYPE_CHART_PICTURE);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-chart-view.ui");
  gtk_widget_class_bind_template_child (widget_class, VaiChartView, header);
  gtk_widget_class_bind_template_child (widget_class, VaiChartView, title_label);
  gtk_widget_class_bind_template_child (widget_class, VaiChartView, menu_button);
  gtk_widget_class_bind_template_child (widget_class, VaiChartView, stack);
  gtk_widget_class_bind_template_child (widget_class, VaiChartView, picture);
  gtk_widget_class_bind_template_child (widget_class, VaiChartView, readout);
  gtk_widget_class_bind_template_child (widget_class, VaiChartView, table);
  gtk_widget_class_install_action (widget_class, "chart.copy-data", NULL, copy_data);
  gtk_widget_class_install_action (widget_class, "chart.copy-picture", NULL, copy_picture);
  gtk_widget_class_install_action (widget_class, "chart.export", "s", export_chart);
  gtk_widget_class_install_action (widget_class, "chart.menu", NULL, open_menu);
  gtk_widget_class_install_property_action (widget_class, "chart.show-table", "show-table");
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "chart.copy-data", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "chart.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "chart.menu", NULL);
  gtk_widget_class_set_css_name (widget_class, "chartview");
}

static void
vai_chart_view_init (VaiChartView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  vai_leave_list_by_tab (GTK_WIDGET (self->table));
  g_signal_connect_object (self->picture, "notify::row", G_CALLBACK (update_readout), self, G_CONNECT_SWAPPED);
  update_title (self);
}

GtkWidget *
vai_chart_view_new (void)
{
  return g_object_new (VAI_TYPE_CHART_VIEW, NULL);
}

void
vai_chart_view_take_chart (VaiChartView *self, VaiChart *chart)
{
  g_return_if_fail (VAI_IS_CHART_VIEW (self));

  SharedChart *old = g_steal_pointer (&self->shared);
  if (chart != NULL)
    {
      self->shared = g_atomic_rc_box_new0 (SharedChart);
      self->shared->chart = chart;
    }
  vai_chart_picture_set_chart (self->picture, chart);
  g_clear_pointer (&old, unref_shared);
  update_title (self);
  update_readout (self);
  if (get_show_table (self) && chart != NULL)
    fill_table (self);
}

const VaiChart *
vai_chart_view_get_chart (VaiChartView *self)
{
  g_return_val_if_fail (VAI_IS_CHART_VIEW (self), NULL);
  return self->shared != NULL ? self->shared->chart : NULL;
}

void
vai_chart_view_set_title (VaiChartView *self, const char *title)
{
  g_return_if_fail (VAI_IS_CHART_VIEW (self));

  if (g_strcmp0 (self->title, title) == 0)
    return;
  g_free (self->title);
  self->title = g_strdup (title);
  update_title (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}
