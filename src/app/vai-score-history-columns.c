/* How a past score is shown in each column. */
#include "vai-score-history-private.h"

#include "vai-compat.h"
#include "vai-format.h"
#include "vai-lazy-cells.h"
#include "vai-probability-bar.h"
#include "vai-verdict-chip.h"

#include <glib/gi18n-lib.h>

typedef void (*ShowFunc) (GtkWidget *cell, const VaiPredictionRow *row);

static void
show_quote (GtkWidget *cell, const VaiPredictionRow *row)
{
  gtk_label_set_label (GTK_LABEL (cell), row->quote_ref != NULL ? row->quote_ref : _ ("no number"));
}

static void
show_price (GtkWidget *cell, const VaiPredictionRow *row)
{
  g_autofree char *text = row->total_price != VAI_ROW_NO_PRICE
                              ? vai_format_money (row->total_price / 100.0, row->currency)
                              : g_strdup ("");

  gtk_label_set_label (GTK_LABEL (cell), text);
}

static void
show_bar (GtkWidget *cell, const VaiPredictionRow *row)
{
  VaiVerdict verdict = vai_verdict_from_name (row->verdict);

  gtk_widget_set_visible (cell, verdict != VAI_VERDICT_NOT_ENOUGH_SIMILAR);
  vai_probability_bar_set (VAI_PROBABILITY_BAR (cell), row->win_probability, row->probability_low,
                           row->probability_high, verdict);
}

static void
show_chance (GtkWidget *cell, const VaiPredictionRow *row)
{
  gboolean hidden = vai_verdict_from_name (row->verdict) == VAI_VERDICT_NOT_ENOUGH_SIMILAR;
  g_autofree char *text = hidden ? g_strdup ("–") : vai_format_probability (row->win_probability);

  gtk_label_set_label (GTK_LABEL (cell), text);
}

static void
show_verdict (GtkWidget *cell, const VaiPredictionRow *row)
{
  VaiVerdict verdict = vai_verdict_from_name (row->verdict);

  if (verdict < VAI_N_VERDICTS)
    vai_verdict_chip_set (VAI_VERDICT_CHIP (cell), verdict);
}

static void
show_outcome (GtkWidget *cell, const VaiPredictionRow *row)
{
  gboolean won = g_strcmp0 (row->outcome, "won") == 0, lost = g_strcmp0 (row->outcome, "lost") == 0;

  gtk_label_set_label (GTK_LABEL (cell), won ? _ ("● Won") : lost ? _ ("◇ Lost") : "");
  gtk_widget_remove_css_class (cell, won ? "lost" : "won");
  if (won || lost)
    gtk_widget_add_css_class (cell, won ? "won" : "lost");
}

static void
show_day (GtkWidget *cell, const VaiPredictionRow *row)
{
  g_autofree char *text = vai_format_local_date (row->created_at);

  gtk_label_set_label (GTK_LABEL (cell), text);
}

typedef struct
{
  const char *title;
  ShowFunc show;
  GtkWidget *(*make) (void); /* NULL: a label */
  float xalign;
  int width; /* -1: what is left */
} Column;

static const Column columns[] = {
  { N_ ("Quote"), show_quote, NULL, 0, -1 },
  { N_ ("Amount"), show_price, NULL, 1, 110 },
  { N_ ("Chance to win"), show_bar, vai_probability_bar_new, 0, 170 },
  { N_ ("Chance"), show_chance, NULL, 1, 80 },
  { N_ ("Verdict"), show_verdict, vai_verdict_chip_new, 0, 170 },
  { N_ ("Outcome"), show_outcome, NULL, 0, 90 },
  { N_ ("Scored on"), show_day, NULL, 0, 110 },
};

static void
show_line (VaiPastScore *line, GtkListItem *item)
{
  const Column *column = g_object_get_data (G_OBJECT (item), "column");
  const VaiPredictionRow *row = vai_past_score_get_row (line);
  GtkWidget *cell = gtk_list_item_get_child (item);

  gtk_widget_set_opacity (cell, row != NULL ? 1 : 0);
  if (row != NULL)
    column->show (cell, row);
}

static void
setup_cell (GtkListItem *item, gpointer user_data)
{
  const Column *column = user_data;
  GtkWidget *cell = column->make != NULL ? column->make () : gtk_label_new (NULL);

  g_object_set_data (G_OBJECT (item), "column", (gpointer) column);
  gtk_widget_set_valign (cell, GTK_ALIGN_CENTER);
  if (column->make == NULL)
    {
      gtk_label_set_xalign (GTK_LABEL (cell), column->xalign);
      gtk_label_set_ellipsize (GTK_LABEL (cell), PANGO_ELLIPSIZE_END);
      if (column->xalign > 0)
        gtk_widget_add_css_class (cell, "numeric");
    }
  else
    gtk_widget_set_halign (cell, GTK_ALIGN_START);
  gtk_list_item_set_child (item, cell);
}

/* A mark that follows the selection, and makes it. */

static void
mark_toggled_cb (GtkCheckButton *mark, GtkListItem *item)
{
  VaiScoreHistory *self = g_object_get_data (G_OBJECT (item), "view");
  gboolean active = gtk_check_button_get_active (mark);
  guint position = gtk_list_item_get_position (item);

  if (active == gtk_list_item_get_selected (item))
    return;
  if (active)
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), position, FALSE);
  else
    gtk_selection_model_unselect_item (GTK_SELECTION_MODEL (self->selection), position);
}

/* Taken before the row sees it, which would choose itself alone. */
static void
mark_pressed_cb (GtkGestureClick *gesture, int n, double x, double y, GtkCheckButton *mark)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_check_button_set_active (mark, !gtk_check_button_get_active (mark));
  /* The keys go to the list from here on: place, cell, row. */
  gtk_widget_grab_focus (gtk_widget_get_parent (gtk_widget_get_parent (gtk_widget_get_parent (GTK_WIDGET (mark)))));
}

static void
setup_mark (GtkListItem *item, gpointer user_data)
{
  GtkWidget *mark = gtk_check_button_new ();
  GtkWidget *place = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkGesture *press = gtk_gesture_click_new ();

  gtk_widget_set_can_target (mark, FALSE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  g_signal_connect (press, "pressed", G_CALLBACK (mark_pressed_cb), mark);
  gtk_widget_add_controller (place, GTK_EVENT_CONTROLLER (press));

  /* Only not focusable, GTK 4.8 would take Tab to it and keep it there. */
  gtk_widget_set_can_focus (mark, FALSE);
  gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (item), "view", user_data);
  g_object_bind_property (item, "selected", mark, "active", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (mark, "toggled", G_CALLBACK (mark_toggled_cb), item, 0);
  gtk_box_append (GTK_BOX (place), mark);
  gtk_list_item_set_child (item, place);
}

static void
name_mark (VaiPastScore *line, GtkListItem *item)
{
  const VaiPredictionRow *row = vai_past_score_get_row (line);

  if (row == NULL)
    return;
  g_autofree char *name = g_strdup_printf (_ ("Choose %s"), row->quote_ref != NULL ? row->quote_ref : row->id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (gtk_list_item_get_child (item))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  vai_name_row (item, row->quote_ref != NULL ? row->quote_ref : _ ("no number"));
}

static void
bind_mark (GtkListItem *item, gpointer user_data)
{
  name_mark (gtk_list_item_get_item (item), item);
}

static void
bind_cell (GtkListItem *item, gpointer user_data)
{
  show_line (gtk_list_item_get_item (item), item);
}

static const VaiLazyCell mark_cell = { setup_mark, bind_mark, NULL, "notify::row" };
static const VaiLazyCell plain_cell = { setup_cell, bind_cell, NULL, "notify::row" };

static GtkColumnViewColumn *
add_column (VaiScoreHistory *self, const char *title, const VaiLazyCell *cell, gpointer user_data)
{
  GtkColumnView *view = GTK_COLUMN_VIEW (self->view);
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new (title, NULL);

  vai_lazy_cells_add (view, column, cell, user_data);
  gtk_column_view_append_column (view, column);
  return column;
}

static GtkWidget *
find_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_label (child);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* A column has no alignment of its title: its label is looked for in the header, where it is left as it is when it is
 * not found. */
static void
align_titles (VaiScoreHistory *self)
{
  GtkWidget *header = gtk_widget_get_first_child (self->view);
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  for (guint i = 0; title != NULL && i <= G_N_ELEMENTS (columns); i++, title = gtk_widget_get_next_sibling (title))
    {
      GtkWidget *label = i > 0 && columns[i - 1].xalign > 0 ? find_label (title) : NULL;
      if (label == NULL)
        continue;
      gtk_label_set_xalign (GTK_LABEL (label), columns[i - 1].xalign);
      gtk_widget_set_hexpand (label, TRUE);
    }
}

void
vai_score_history_add_columns (VaiScoreHistory *self)
{
  add_column (self, NULL, &mark_cell, self);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      GtkColumnViewColumn *column = add_column (self, _ (columns[i].title), &plain_cell, (gpointer) &columns[i]);
      gtk_column_view_column_set_fixed_width (column, columns[i].width);
      gtk_column_view_column_set_expand (column, columns[i].width < 0);
      gtk_column_view_column_set_resizable (column, TRUE);
    }
  align_titles (self);
}
