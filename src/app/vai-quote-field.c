#include "vai-quote-field-private.h"

#include "vai-cell.h"
#include "vai-format.h"
#include "vai-time.h"

#include <glib/gi18n-lib.h>
#include <langinfo.h>
#include <math.h>
#include <string.h>

/* The places in the seen quantiles: all that was seen, what is usual, and the last value seen often. */
#define SEEN_MIN 0
#define SEEN_LOW 1
#define SEEN_USUAL_LOW 2
#define SEEN_USUAL_HIGH 6
#define SEEN_HIGH 7
#define SEEN_MAX 8

/* 22 November 2026: no other date is written like it. */
#define EXAMPLE_DAY 1795305600

/* Steps of a slider: fine enough for a percent, coarse enough for round numbers. */
#define SLIDER_STEPS 100

static const VaiFeature *
feature_of (const VaiQuoteField *self)
{
  return vai_schema_feature (self->frame->schema, self->feature);
}

/* Numbers are kept with a decimal point and dates as ISO 8601 has them; they are written as the locale does. Takes
 * @text. */
static char *
to_locale (const VaiFeature *feature, char *text)
{
  gint64 seconds;

  if (feature->type == VAI_TYPE_NUMBER && *nl_langinfo (RADIXCHAR) == ',')
    g_strdelimit (text, ".", ',');
  if (feature->type != VAI_TYPE_DATE || !vai_time_parse (text, &seconds))
    return text;
  g_free (text);
  return vai_format_date_time (seconds);
}

/* In any form in which a file may have it; what has two readings is read as the locale writes it, else as the past
 * quotes were. */
static char *
date_from_locale (const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  VaiDate date = { 0 };
  VaiDateKind kind = vai_cell_parse_date (stripped, strlen (stripped), &date);
  char order = vai_format_date_order ();

  if (kind == VAI_DATE_NONE || (kind == VAI_DATE_EITHER && order == 'y'))
    return g_strdup (text);
  return vai_time_format (date.days[order == 'm'] * VAI_SECONDS_PER_DAY + date.seconds, date.has_time);
}

/* With the marks of the locale, else, where they make no number of it, with the other ones. Is it in doubt: is there
 * another reading, or was it written with the marks of others? */
static VaiNumberKind
read_number (const char *text, double *value, gboolean *doubtful)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  char mark = *nl_langinfo (RADIXCHAR) == ',' ? ',' : '.';
  VaiNumber number;
  VaiNumberKind kind = vai_cell_parse_number (stripped, strlen (stripped), mark, &number);

  *doubtful = kind == VAI_NUMBER_NONE || kind == VAI_NUMBER_EITHER;
  if (kind == VAI_NUMBER_NONE)
    kind = vai_cell_parse_number (stripped, strlen (stripped), mark == ',' ? '.' : ',', &number);
  *value = number.value;
  return kind;
}

static char *
from_locale (const VaiFeature *feature, const char *text)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  double value;
  gboolean doubtful;

  if (feature->type == VAI_TYPE_DATE)
    return date_from_locale (text);
  if (feature->type != VAI_TYPE_NUMBER || read_number (text, &value, &doubtful) == VAI_NUMBER_NONE)
    return g_strdup (text);
  return g_strdup (g_ascii_dtostr (digits, sizeof digits, value));
}

static char *
dup_number (const VaiFeature *feature, double number)
{
  if (feature->type == VAI_TYPE_DATE)
    return isfinite (number) ? vai_format_date_time (llround (number * VAI_SECONDS_PER_DAY)) : g_strdup ("");
  g_autofree char *text = vai_format_value (number, MIN (feature->decimals, 6));
  if (feature->unit == NULL)
    return g_steal_pointer (&text);
  return g_strdup_printf (g_str_equal (feature->unit, "%") ? "%s%s" : "%s %s", text, feature->unit);
}

char *
vai_quote_dup_value (const VaiFrame *frame, guint row, guint feature)
{
  const VaiFrameColumn *column = &frame->columns[feature];

  if (vai_frame_is_missing (frame, row, feature))
    return g_strdup (_ ("not given"));
  if (column->numbers != NULL)
    return dup_number (vai_schema_feature (frame->schema, feature), column->numbers[row]);
  return vai_frame_dup_text (frame, row, feature);
}

/* Of a number that others would read in another way, how it is read; NULL where there is no doubt. */
static char *
dup_reading (const VaiQuoteField *self)
{
  const VaiFeature *feature = feature_of (self);
  double value;
  gboolean doubtful;

  if (feature->type != VAI_TYPE_NUMBER || self->unreadable)
    return NULL;
  const char *written = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autofree char *read = to_locale (feature, vai_frame_dup_text (self->frame, 0, self->feature));
  if (g_str_equal (written, read) || read_number (written, &value, &doubtful) == VAI_NUMBER_NONE || !doubtful)
    return NULL;
  return g_strdup_printf (_ ("read as %s"), read);
}

/* What is to be said of the value: nothing, what is usual, or why it does not count. */
static void
show_note (VaiQuoteField *self)
{
  const VaiFeature *feature = feature_of (self);
  const VaiFrameColumn *column = &self->frame->columns[self->feature];
  g_autofree char *low = dup_number (feature, feature->seen[SEEN_MIN]);
  g_autofree char *high = dup_number (feature, feature->seen[SEEN_MAX]);
  g_autofree char *example = vai_format_date (EXAMPLE_DAY), *text = NULL;
  gboolean warning = TRUE;

  if (self->unreadable)
    text = feature->type == VAI_TYPE_DATE ? g_strdup_printf (_ ("not a date: write it like %s"), example)
                                          : g_strdup (_ ("not a number"));
  else if (column->codes != NULL && feature->type == VAI_TYPE_CATEGORY && column->codes[0] == VAI_CODE_UNSEEN)
    text = g_strdup (_ ("never seen, ignored"));
  /* A new quote is later than every past one. */
  else if (column->numbers != NULL && feature->role != VAI_ROLE_OPENED_DATE
           && (column->numbers[0] < feature->seen[SEEN_MIN] || column->numbers[0] > feature->seen[SEEN_MAX]))
    text = g_strdup_printf (_ ("never seen: past quotes have %s to %s"), low, high);
  else
    warning = FALSE;
  if (text == NULL && self->original != NULL)
    {
      g_autofree char *was = to_locale (feature, g_strdup (self->original));
      text = *was != '\0' ? g_strdup_printf (_ ("● was %s"), was) : g_strdup (_ ("● was not given"));
    }
  else if (text == NULL && feature->type == VAI_TYPE_NUMBER && isfinite (feature->seen[SEEN_USUAL_LOW])
           && self->scale == NULL)
    {
      g_autofree char *usual_low = dup_number (feature, feature->seen[SEEN_USUAL_LOW]);
      g_autofree char *usual_high = dup_number (feature, feature->seen[SEEN_USUAL_HIGH]);
      text = g_strdup_printf (_ ("usually %s to %s"), usual_low, usual_high);
    }
  g_autofree char *reading = dup_reading (self);
  g_autofree char *note = reading == NULL ? g_steal_pointer (&text)
                          : text != NULL  ? g_strdup_printf ("%s · %s", reading, text)
                                          : g_steal_pointer (&reading);
  gtk_label_set_label (GTK_LABEL (self->note), note != NULL ? note : "");
  gtk_widget_set_visible (self->note, note != NULL);
  gtk_widget_remove_css_class (self->note, warning ? "dim-label" : "care");
  gtk_widget_add_css_class (self->note, warning ? "care" : "dim-label");
  if (warning)
    gtk_widget_add_css_class (self->row, "field-warning");
  else
    gtk_widget_remove_css_class (self->row, "field-warning");
}

/* The place of the present value; the last is “another value”. */
static guint
place_of_value (const VaiQuoteField *self)
{
  gint32 code = self->frame->columns[self->feature].codes[0];

  for (guint i = 0; i < self->codes->len; i++)
    if (g_array_index (self->codes, gint32, i) == code)
      return i + 1;
  return code == VAI_CODE_MISSING ? 0 : self->codes->len + 1;
}

void
vai_quote_write (GtkEditable *field, const char *text)
{
  gtk_editable_set_enable_undo (field, FALSE);
  gtk_editable_set_text (field, text);
  gtk_editable_set_enable_undo (field, TRUE);
}

static void
show_text (VaiQuoteField *self)
{
  g_autofree char *text = to_locale (feature_of (self), vai_frame_dup_text (self->frame, 0, self->feature));
  const char *shown = gtk_editable_get_text (GTK_EDITABLE (self->entry));

  /* What a person is writing is hers. */
  if (!self->unreadable && !g_str_equal (shown, text))
    vai_quote_write (GTK_EDITABLE (self->entry), text);
}

void
vai_quote_field_show (VaiQuoteField *self)
{
  self->updating = TRUE;
  if (self->drop != NULL)
    {
      guint place = place_of_value (self);
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->drop), place);
      gtk_widget_set_visible (self->entry, place == self->codes->len + 1);
    }
  show_text (self);
  if (self->scale != NULL)
    {
      double number = self->frame->columns[self->feature].numbers[0];
      gtk_range_set_value (GTK_RANGE (self->scale),
                           isfinite (number) ? number : feature_of (self)->seen[VAI_N_SEEN_QUANTILES / 2]);
      gtk_widget_set_opacity (self->scale, isfinite (number) ? 1 : 0.6);
    }
  self->updating = FALSE;
  show_note (self);
}

/* Puts @text, as the schema wants it, into the frame; the widgets stay. */
static void
put (VaiQuoteField *self, const char *text)
{
  const char *name = feature_of (self)->name;

  self->unreadable = !vai_frame_set_text (self->frame, 0, name, text, NULL);
  if (self->unreadable)
    vai_frame_set_text (self->frame, 0, name, "", NULL);
}

void
vai_quote_field_set (VaiQuoteField *self, const char *text)
{
  put (self, text);
  self->unreadable = FALSE;
  vai_quote_field_show (self);
}

void
vai_quote_field_restore (VaiQuoteField *self)
{
  g_autofree char *original = g_steal_pointer (&self->original);

  if (original != NULL)
    vai_quote_field_set (self, original);
}

gboolean
vai_quote_field_is_locked (const VaiQuoteField *self)
{
  return self->lock != NULL && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->lock));
}

static void
written_cb (VaiQuoteField *self)
{
  if (self->updating)
    return;
  g_autofree char *text = from_locale (feature_of (self), gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  put (self, text);
  if (self->scale != NULL && isfinite (self->frame->columns[self->feature].numbers[0]))
    {
      self->updating = TRUE;
      gtk_range_set_value (GTK_RANGE (self->scale), self->frame->columns[self->feature].numbers[0]);
      gtk_widget_set_opacity (self->scale, 1);
      self->updating = FALSE;
    }
  show_note (self);
  self->changed (self->form);
}

static void
chosen_cb (VaiQuoteField *self)
{
  guint place = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->drop));

  if (self->updating || place == GTK_INVALID_LIST_POSITION)
    return;
  if (place == self->codes->len + 1)
    {
      gtk_widget_set_visible (self->entry, TRUE);
      gtk_widget_grab_focus (self->entry);
      return;
    }
  VaiEdit edit = { .feature = self->feature,
                   .number = NAN,
                   .code = place > 0 ? g_array_index (self->codes, gint32, place - 1) : VAI_CODE_MISSING };
  vai_edit_apply (&edit, self->frame, 0);
  self->unreadable = FALSE;
  vai_quote_field_show (self);
  self->changed (self->form);
}

static void
slid_cb (VaiQuoteField *self)
{
  if (self->updating)
    return;
  double scale = pow (10, MIN (feature_of (self)->decimals, 6));
  VaiEdit edit
      = { .feature = self->feature, .number = round (gtk_range_get_value (GTK_RANGE (self->scale)) * scale) / scale };
  vai_edit_apply (&edit, self->frame, 0);
  self->unreadable = FALSE;
  vai_quote_field_show (self);
  self->changed (self->form);
}

static void
locked_cb (VaiQuoteField *self)
{
  gboolean locked = vai_quote_field_is_locked (self);

  gtk_button_set_icon_name (GTK_BUTTON (self->lock), locked ? "changes-prevent-symbolic" : "changes-allow-symbolic");
  if (self->scale != NULL)
    gtk_widget_set_sensitive (self->scale, !locked);
  self->changed (self->form);
}

static void
day_cb (VaiQuoteField *self, GtkCalendar *calendar)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (calendar);
  g_autofree char *text = g_date_time_format (day, "%Y-%m-%d");

  vai_quote_field_set (self, text);
  self->changed (self->form);
}

/* Widgets. */

/* Takes @label. */
static void
name_widget (GtkWidget *widget, char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_free (label);
}

static void
setup_value_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 16);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (item, label);
}

static void
bind_value_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkStringObject *value = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (value));
}

static int
compare_counts (gconstpointer a, gconstpointer b, gpointer data)
{
  const VaiFeature *feature = data;
  gint32 first = *(const gint32 *) a, second = *(const gint32 *) b;

  if (feature->counts[first] != feature->counts[second])
    return feature->counts[first] < feature->counts[second] ? 1 : -1;
  return first - second;
}

/* Known values, the most frequent first; then a way to write another. */
static GtkStringList *
list_values (VaiQuoteField *self)
{
  const VaiFeature *feature = feature_of (self);
  GtkStringList *list = gtk_string_list_new (NULL);

  self->codes = g_array_new (FALSE, FALSE, sizeof (gint32));
  for (gint32 code = 0; code < (gint32) vai_dictionary_get_size (feature->values); code++)
    g_array_append_val (self->codes, code);
  g_array_sort_with_data (self->codes, compare_counts, (gpointer) feature);
  gtk_string_list_append (list, _ ("not given"));
  for (guint i = 0; i < self->codes->len; i++)
    gtk_string_list_append (list, vai_dictionary_get (feature->values, g_array_index (self->codes, gint32, i), NULL));
  gtk_string_list_append (list, _ ("Another value…"));
  return list;
}

static void
add_drop (VaiQuoteField *self, GtkBox *line)
{
  GtkExpression *text = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->drop = gtk_drop_down_new (G_LIST_MODEL (list_values (self)), text);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_value_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_value_cb), NULL);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (self->drop), factory);
  g_object_unref (factory);
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (self->drop), TRUE);
  gtk_widget_add_css_class (self->drop, "field-drop");
  gtk_widget_set_valign (self->drop, GTK_ALIGN_CENTER);
  name_widget (self->drop, g_strdup (feature_of (self)->name));
  gtk_box_append (line, self->drop);
  g_signal_connect_swapped (self->drop, "notify::selected", G_CALLBACK (chosen_cb), self);
}

static void
add_entry (VaiQuoteField *self, GtkBox *parent)
{
  gboolean number = feature_of (self)->type == VAI_TYPE_NUMBER;

  self->entry = gtk_entry_new ();
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), number ? 7 : 10);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (self->entry), number ? 9 : self->drop != NULL ? 14 : 10);
  gtk_editable_set_alignment (GTK_EDITABLE (self->entry), self->drop != NULL ? 0 : 1);
  gtk_widget_set_valign (self->entry, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->entry, "field-entry");
  if (number)
    gtk_widget_add_css_class (self->entry, "numeric");
  /* In words: a date there would look like one that was given. */
  if (feature_of (self)->type == VAI_TYPE_DATE)
    gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), _ ("not given"));
  name_widget (self->entry, self->drop != NULL ? g_strdup_printf (_ ("%s, another value"), feature_of (self)->name)
                                               : g_strdup (feature_of (self)->name));
  gtk_box_append (parent, self->entry);
  g_signal_connect_swapped (self->entry, "changed", G_CALLBACK (written_cb), self);
}

static void
add_unit (VaiQuoteField *self, GtkBox *line)
{
  const char *unit = feature_of (self)->unit;

  if (unit == NULL || *unit == '\0')
    return;
  GtkWidget *label = gtk_label_new (unit);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_box_append (line, label);
}

static void
add_calendar (VaiQuoteField *self, GtkBox *line)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *calendar = gtk_calendar_new ();

  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "x-office-calendar-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_popover_set_child (GTK_POPOVER (popover), calendar);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  name_widget (button, g_strdup_printf (_ ("Choose a day for %s"), feature_of (self)->name));
  gtk_box_append (line, button);
  g_signal_connect_swapped (calendar, "day-selected", G_CALLBACK (day_cb), self);
}

static void
add_lock (VaiQuoteField *self, GtkBox *line)
{
  self->lock = gtk_toggle_button_new ();
  gtk_button_set_icon_name (GTK_BUTTON (self->lock), "changes-allow-symbolic");
  gtk_widget_add_css_class (self->lock, "flat");
  gtk_widget_add_css_class (self->lock, "circular");
  gtk_widget_set_valign (self->lock, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (self->lock, _ ("A locked field is never moved by a proposal (Ctrl+L)"));
  name_widget (self->lock, g_strdup_printf (_ ("%s locked"), feature_of (self)->name));
  gtk_box_append (line, self->lock);
  g_signal_connect_swapped (self->lock, "toggled", G_CALLBACK (locked_cb), self);
}

/* From the first to the last percent of what was seen; the tick is at the last value seen often. */
static void
add_scale (VaiQuoteField *self, GtkBox *box)
{
  const VaiFeature *feature = feature_of (self);
  double low = feature->seen[SEEN_LOW], high = feature->seen[SEEN_HIGH];

  if (!(low < high))
    {
      low = feature->seen[SEEN_MIN];
      high = feature->seen[SEEN_MAX];
    }
  if (!(low < high))
    return;
  double fine = pow (10, -(double) MIN (feature->decimals, 6));
  double step = MAX (fine, pow (10, floor (log10 ((high - low) / SLIDER_STEPS))));
  self->scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, low, high, step);
  gtk_scale_set_draw_value (GTK_SCALE (self->scale), FALSE);
  gtk_scale_add_mark (GTK_SCALE (self->scale), feature->seen[SEEN_USUAL_HIGH], GTK_POS_BOTTOM, NULL);
  g_autofree char *often = dup_number (feature, feature->seen[SEEN_USUAL_HIGH]);
  g_autofree char *tip = g_strdup_printf (_ ("Seldom more than %s"), often);
  gtk_widget_set_tooltip_text (self->scale, tip);
  name_widget (self->scale, g_strdup_printf (_ ("%s, slider"), feature->name));
  gtk_box_append (box, self->scale);
  g_signal_connect_swapped (self->scale, "value-changed", G_CALLBACK (slid_cb), self);
}

static void
fill_row (VaiQuoteField *self, GtkBox *box, GtkBox *line)
{
  const VaiFeature *feature = feature_of (self);
  GtkWidget *name = gtk_label_new (feature->name);

  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_wrap (GTK_LABEL (name), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (name), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (name), 2);
  gtk_widget_set_tooltip_text (name, feature->name);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_box_append (line, name);
  gtk_box_append (box, GTK_WIDGET (line));
  if (feature->type == VAI_TYPE_CATEGORY)
    add_drop (self, line);
  add_entry (self, feature->type == VAI_TYPE_CATEGORY || feature->type == VAI_TYPE_TEXT ? box : line);
  if (feature->type == VAI_TYPE_NUMBER)
    add_unit (self, line);
  if (feature->type == VAI_TYPE_DATE)
    add_calendar (self, line);
  if (feature->actionable)
    add_lock (self, line);
  if (feature->actionable && feature->type == VAI_TYPE_NUMBER)
    add_scale (self, box);
  self->note = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->note), 0);
  gtk_label_set_wrap (GTK_LABEL (self->note), TRUE);
  gtk_widget_add_css_class (self->note, "caption");
  gtk_box_append (box, self->note);
}

VaiQuoteField *
vai_quote_field_new (VaiFrame *frame, guint feature, void (*changed) (gpointer form), gpointer form)
{
  VaiQuoteField *self = g_new0 (VaiQuoteField, 1);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  *self = (VaiQuoteField){ .frame = frame, .feature = feature, .changed = changed, .form = form };
  self->row = adw_preferences_row_new ();
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->row), FALSE);
  gtk_widget_set_focusable (self->row, FALSE);
  gtk_widget_add_css_class (box, "quote-field");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self->row), box);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), feature_of (self)->name);
  fill_row (self, GTK_BOX (box), GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8)));
  vai_quote_field_show (self);
  return self;
}

void
vai_quote_field_free (VaiQuoteField *self)
{
  GtkWidget *const senders[] = { self->entry, self->drop, self->scale, self->lock };

  for (guint i = 0; i < G_N_ELEMENTS (senders); i++)
    if (senders[i] != NULL)
      g_signal_handlers_disconnect_by_data (senders[i], self);
  g_clear_pointer (&self->codes, g_array_unref);
  g_free (self->original);
  g_free (self);
}
