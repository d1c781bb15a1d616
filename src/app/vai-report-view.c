#include "vai-report-view.h"

#include "vai-palette.h"

#include <glib/gi18n-lib.h>

/* The width of the paper, and of a chart on it. */
#define PAPER_WIDTH 640
#define CHART_HEIGHT_MAX 320

/* Until a field has its width, its lines, and its height. */
#define SETTLE_FRAMES 3

struct _VaiReportView
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkBox *paper;
  VaiReport *report; /* nullable */
  gboolean editing;
};

G_DEFINE_FINAL_TYPE (VaiReportView, vai_report_view, GTK_TYPE_WIDGET)

/* Charts on paper are always light. */
static void
draw_chart (GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer chart)
{
  vai_chart_draw (chart, cairo, width, height, &vai_palette_light);
}

static void
resized_cb (GtkDrawingArea *area, int width, int height, gpointer chart)
{
  int wanted = (int) MIN (vai_chart_get_natural_height (chart, width), CHART_HEIGHT_MAX);

  if (gtk_drawing_area_get_content_height (area) != wanted)
    gtk_drawing_area_set_content_height (area, wanted);
}

static GtkWidget *
chart_new (const VaiChart *chart, const char *caption)
{
  GtkWidget *area
      = g_object_new (GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, "hexpand", TRUE, NULL);
  g_autofree char *text = vai_chart_dup_text (chart);

  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (area),
                                       (int) MIN (vai_chart_get_natural_height (chart, PAPER_WIDTH), CHART_HEIGHT_MAX));
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_chart, (gpointer) chart, NULL);
  g_signal_connect (area, "resize", G_CALLBACK (resized_cb), (gpointer) chart);
  gtk_accessible_update_property (GTK_ACCESSIBLE (area), GTK_ACCESSIBLE_PROPERTY_LABEL, caption,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  return area;
}

static GtkWidget *
text_new (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
heading_new (const char *text, const char *css_class, int level)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, "label", text,
                                   "wrap", TRUE, "xalign", 0.0f, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL, level, -1);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

/* Its further lines stand under its first word, not under the dot. */
static GtkWidget *
bullet_new (const char *text)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *dot = gtk_label_new ("•");

  gtk_widget_set_valign (dot, GTK_ALIGN_START);
  gtk_widget_add_css_class (line, "report-bullet");
  gtk_box_append (GTK_BOX (line), dot);
  gtk_box_append (GTK_BOX (line), text_new (text, NULL));
  return line;
}

/* A number over what it is. */
static GtkWidget *
figures_new (const VaiBlock *block)
{
  GtkWidget *flow = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), MAX (block->rows->len, 1));
  gtk_flow_box_set_min_children_per_line (GTK_FLOW_BOX (flow), MIN (block->rows->len, 2));
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (flow), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (flow), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Figures"), -1);
  for (guint i = 0; i < block->rows->len; i++)
    {
      GStrv cells = g_ptr_array_index (block->rows, i);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
      gtk_box_append (GTK_BOX (box), text_new (cells[0], "report-figure"));
      /* The number is the stop of the Tab key; what it is stands under it. */
      GtkWidget *note = text_new (cells[0] != NULL && cells[1] != NULL ? cells[1] : "", "report-note");
      /* So that four stand side by side on paper. */
      gtk_label_set_max_width_chars (GTK_LABEL (note), 12);
      gtk_widget_set_focusable (note, FALSE);
      gtk_box_append (GTK_BOX (box), note);
      gtk_flow_box_insert (GTK_FLOW_BOX (flow), box, -1);
      gtk_widget_set_focusable (gtk_widget_get_parent (box), FALSE);
    }
  return flow;
}

static GtkWidget *
table_new (const VaiBlock *block)
{
  GtkWidget *grid = gtk_grid_new ();
  g_autoptr (GString) said = g_string_new (NULL);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 14);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  for (guint r = 0; r < block->rows->len; r++)
    {
      GStrv cells = g_ptr_array_index (block->rows, r);
      for (int c = 0; cells[c] != NULL; c++)
        {
          GtkWidget *label = text_new (cells[c], r == 0 ? "report-head" : "report-cell");
          /* A table is one stop of the Tab key, not one for each cell; a reader hears its rows. */
          gtk_widget_set_focusable (label, FALSE);
          g_string_append_printf (said, "%s%s", c > 0 ? ", " : r > 0 ? ". " : "", cells[c]);
          gtk_widget_set_hexpand (label, c == 0);
          gtk_widget_set_valign (label, GTK_ALIGN_START);
          gtk_grid_attach (GTK_GRID (grid), label, c, (int) r, 1, 1);
        }
    }
  gtk_widget_set_focusable (grid, TRUE);
  gtk_widget_add_css_class (grid, "report-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  *block->text != '\0' ? block->text : _ ("Table"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  said->str, -1);
  return grid;
}

static GtkWidget *
block_new (const VaiBlock *block)
{
  switch (block->kind)
    {
    case VAI_BLOCK_HEADING:
      return heading_new (block->text, "report-heading", 2);
    case VAI_BLOCK_SUBHEADING:
      return heading_new (block->text, "report-subheading", 3);
    case VAI_BLOCK_LEAD:
      return text_new (block->text, "report-lead");
    case VAI_BLOCK_BULLET:
      return bullet_new (block->text);
    case VAI_BLOCK_FIGURES:
      return figures_new (block);
    case VAI_BLOCK_TABLE:
      return table_new (block);
    case VAI_BLOCK_CHART:
      return chart_new (block->chart, block->text);
    case VAI_BLOCK_PARAGRAPH:
    default:
      return text_new (block->text, NULL);
    }
}

/* Texts that a person may put in her own words. */
static gboolean
is_editable (const VaiBlock *block)
{
  return block->kind == VAI_BLOCK_LEAD || block->kind == VAI_BLOCK_PARAGRAPH || block->kind == VAI_BLOCK_BULLET
         || block->kind == VAI_BLOCK_HEADING;
}

/* A text view that lies in no scrolled window learns its height only once its lines are laid out, and does not say so.
 */
static gboolean
settle_cb (GtkWidget *field, GdkFrameClock *clock, gpointer user_data)
{
  guint *frames = user_data;
  GtkTextIter end;
  GdkRectangle place;

  gtk_text_buffer_get_end_iter (gtk_text_view_get_buffer (GTK_TEXT_VIEW (field)), &end);
  gtk_text_view_get_iter_location (GTK_TEXT_VIEW (field), &end, &place);
  gtk_widget_queue_resize (field);
  return --*frames > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
settle (GtkWidget *field)
{
  guint *frames = g_new (guint, 1);

  *frames = SETTLE_FRAMES;
  gtk_widget_add_tick_callback (field, settle_cb, frames, g_free);
}

static GtkWidget *
field_new (const char *text, const char *name)
{
  GtkWidget *field = gtk_text_view_new ();

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (field), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (field), FALSE);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (field)), text, -1);
  g_signal_connect (field, "map", G_CALLBACK (settle), NULL);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (field)), "changed", G_CALLBACK (settle), field,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (field, "report-field");
  gtk_accessible_update_property (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return field;
}

static void
append_field (VaiReportView *self, const char *text, int index)
{
  g_autofree char *name = index < 0 ? g_strdup (_ ("Title")) : g_strdup_printf (_ ("Text %d"), index + 1);
  GtkWidget *field = field_new (text, name);

  g_object_set_data (G_OBJECT (field), "block", GINT_TO_POINTER (index + 2));
  gtk_box_append (self->paper, field);
}

static void
show_report (VaiReportView *self)
{
  const GPtrArray *blocks = vai_report_get_blocks (self->report);

  if (vai_report_get_note (self->report) != NULL)
    gtk_box_append (self->paper, text_new (vai_report_get_note (self->report), "report-note"));
  if (self->editing)
    append_field (self, vai_report_get_title (self->report), -1);
  else
    gtk_box_append (self->paper, heading_new (vai_report_get_title (self->report), "report-title", 1));
  for (guint i = 0; i < blocks->len; i++)
    {
      const VaiBlock *block = g_ptr_array_index (blocks, i);
      if (self->editing && is_editable (block))
        append_field (self, block->text, (int) i);
      else
        gtk_box_append (self->paper, block_new (block));
      if (block->kind == VAI_BLOCK_CHART)
        gtk_box_append (self->paper, text_new (block->text, "report-note"));
    }
}

static void
clear (VaiReportView *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->paper))) != NULL)
    gtk_box_remove (self->paper, child);
}

static void
read_fields (VaiReportView *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->paper)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int index = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (child), "block")) - 2;
      g_autofree char *text = NULL;
      if (index < -1)
        continue;
      g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (child)), "text", &text, NULL);
      g_strstrip (text);
      if (index == -1 && *text != '\0')
        vai_report_set_title (self->report, text);
      else if (index >= 0)
        vai_report_set_text (self->report, (guint) index, text);
    }
}

void
vai_report_view_take_report (VaiReportView *self, VaiReport *report)
{
  g_return_if_fail (VAI_IS_REPORT_VIEW (self));

  clear (self);
  vai_report_free (self->report);
  self->report = report;
  self->editing = FALSE;
  if (report != NULL)
    show_report (self);
}

VaiReport *
vai_report_view_get_report (VaiReportView *self)
{
  g_return_val_if_fail (VAI_IS_REPORT_VIEW (self), NULL);
  return self->report;
}

void
vai_report_view_set_editing (VaiReportView *self, gboolean editing)
{
  g_return_if_fail (VAI_IS_REPORT_VIEW (self));

  if (self->report == NULL || self->editing == editing)
    return;
  if (self->editing)
    read_fields (self);
  self->editing = editing;
  clear (self);
  show_report (self);
  if (editing)
    gtk_widget_child_focus (GTK_WIDGET (self->paper), GTK_DIR_TAB_FORWARD);
}

static void
vai_report_view_dispose (GObject *object)
{
  VaiReportView *self = VAI_REPORT_VIEW (object);

  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (vai_report_view_parent_class)->dispose (object);
}

static void
vai_report_view_finalize (GObject *object)
{
  vai_report_free (VAI_REPORT_VIEW (object)->report);
  G_OBJECT_CLASS (vai_report_view_parent_class)->finalize (object);
}

static void
vai_report_view_class_init (VaiReportViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_report_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = vai_report_view_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
vai_report_view_init (VaiReportView *self)
{
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *paper = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);

  self->scrolled = gtk_scrolled_window_new ();
  self->paper = GTK_BOX (paper);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), PAPER_WIDTH + 88);
  adw_clamp_set_child (ADW_CLAMP (clamp), paper);
  gtk_widget_add_css_class (paper, "paper");
  gtk_widget_set_valign (paper, GTK_ALIGN_START);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scrolled), clamp);
  gtk_widget_set_parent (self->scrolled, GTK_WIDGET (self));
}
