#include "vai-import-file-step.h"

#include "vai-compat.h"
#include "vai-format.h"
#include "vai-preview-list.h"
#include "vai-rejected.h"
#include "vai-window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Lines that can be the header, beside those around the one that was found. */
#define HEADER_LINES 12

/* What is said of the file is no wider beside the preview, however long its name. */
#define LEFT_WIDTH 344

struct _VaiImportFileStep
{
  GtkWidget parent_instance;

  VaiImportDraft *draft;
  gboolean updating; /* the rows change by what was found, not by a person */
  gboolean read;     /* it is known how this file is written */

  GtkStack *stack;
  GtkWidget *choose_button;
  GtkBox *sides;
  AdwClamp *left;
  AdwActionRow *file_row;
  AdwComboRow *sheet_row, *encoding_row, *delimiter_row, *quote_row, *decimal_row, *date_row, *header_row;
  GtkWidget *rejected_box, *notes_box;
  GtkLabel *notes;
  GtkLabel *rejected_label;
  GtkToggleButton *rejected_show;
  GtkLabel *preview_label;
  GtkSpinner *spinner;
  GtkLabel *status;
  GtkStack *preview_stack;
  VaiPreviewList *preview;
  AdwStatusPage *error_page;
};

G_DEFINE_FINAL_TYPE (VaiImportFileStep, vai_import_file_step, GTK_TYPE_WIDGET)

/* The values of the drop-downs, in their order. */
static const VaiEncoding encodings[]
    = { VAI_ENCODING_UTF8, VAI_ENCODING_UTF16LE, VAI_ENCODING_UTF16BE, VAI_ENCODING_WINDOWS_1252 };
static const char delimiters[] = { ',', ';', '\t', '|', ':', ' ' };
static const char quotes[] = { '"', '\'' };
static const char decimals[] = { '.', ',' };
static const VaiDateOrder orders[] = { VAI_DATE_ORDER_DMY, VAI_DATE_ORDER_MDY, VAI_DATE_ORDER_YMD };

static void
vai_import_file_step_dispose (GObject *object)
{
  VaiImportFileStep *self = VAI_IMPORT_FILE_STEP (object);

  if (self->draft != NULL)
    g_signal_handlers_disconnect_by_data (self->draft, self);
  g_clear_object (&self->draft);
  gtk_widget_dispose_template (GTK_WIDGET (object), VAI_TYPE_IMPORT_FILE_STEP);
  G_OBJECT_CLASS (vai_import_file_step_parent_class)->dispose (object);
}

/* What was found, in the rows. */

static void
set_choices (AdwComboRow *row, const char *const *titles, guint selected)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (titles);

  adw_combo_row_set_model (row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (row, selected);
}

static guint
find_char (const char *of, guint n, char wanted)
{
  for (guint i = 0; i < n; i++)
    if (of[i] == wanted)
      return i;
  return GTK_INVALID_LIST_POSITION;
}

static void
show_sheets (VaiImportFileStep *self, const VaiImport *import)
{
  guint selected = GTK_INVALID_LIST_POSITION;

  gtk_widget_set_visible (GTK_WIDGET (self->sheet_row), import->sheets != NULL);
  if (import->sheets == NULL)
    return;
  for (guint i = 0; import->sheets[i] != NULL; i++)
    if (g_strcmp0 (import->sheets[i], import->dialect.sheet) == 0)
      selected = i;
  set_choices (self->sheet_row, (const char *const *) import->sheets, selected);
}

static void
show_header (VaiImportFileStep *self, const VaiDialect *dialect)
{
  guint n = HEADER_LINES + MAX (dialect->preamble, 0);
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _ ("None"));
  for (guint i = 1; i <= n; i++)
    gtk_string_list_take (list, g_strdup_printf (_ ("Line %u"), i));
  adw_combo_row_set_model (self->header_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->header_row, dialect->has_header ? MAX (dialect->preamble, 0) + 1 : 0);
}

static void
show_text_choices (VaiImportFileStep *self, const VaiDialect *dialect)
{
  const char *const encoding_titles[] = { "UTF-8", "UTF-16 LE", "UTF-16 BE", "Windows-1252", NULL };
  const char *const delimiter_titles[]
      = { _ ("Comma  ,"), _ ("Semicolon  ;"), _ ("Tab"), _ ("Vertical bar  |"), _ ("Colon  :"), _ ("Space"), NULL };
  const char *const quote_titles[] = { "\"", "'", NULL };
  gboolean text = dialect->format == VAI_FORMAT_DELIMITED;
  guint encoding = 0;

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++)
    if (encodings[i] == dialect->encoding)
      encoding = i;
  set_choices (self->encoding_row, encoding_titles, encoding);
  set_choices (self->delimiter_row, delimiter_titles,
               find_char (delimiters, G_N_ELEMENTS (delimiters), dialect->delimiter));
  set_choices (self->quote_row, quote_titles, find_char (quotes, G_N_ELEMENTS (quotes), dialect->quote));
  gtk_widget_set_visible (GTK_WIDGET (self->encoding_row), text);
  gtk_widget_set_visible (GTK_WIDGET (self->delimiter_row), text);
  gtk_widget_set_visible (GTK_WIDGET (self->quote_row), text);
}

static void
show_choices (VaiImportFileStep *self, const VaiImport *import)
{
  const char *const decimal_titles[] = { _ ("Point  1,000.5"), _ ("Comma  1.000,5"), NULL };
  const char *const date_titles[]
      = { _ ("Day first  31/12/26"), _ ("Month first  12/31/26"), _ ("Year first  2026-12-31"), NULL };
  const VaiDialect *dialect = &import->dialect;
  guint order = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    if (orders[i] == dialect->date_order)
      order = i;
  self->updating = TRUE;
  show_sheets (self, import);
  show_text_choices (self, dialect);
  set_choices (self->decimal_row, decimal_titles, find_char (decimals, G_N_ELEMENTS (decimals), dialect->decimal_mark));
  set_choices (self->date_row, date_titles, order);
  show_header (self, dialect);
  self->updating = FALSE;
}

/* What a person says. */

static void
take_header (VaiDialect *dialect, guint selected, const VaiPreview *preview)
{
  dialect->has_header = selected > 0;
  if (selected > 0)
    dialect->preamble = selected - 1;
  else if (preview != NULL)
    dialect->preamble = preview->import->dialect.preamble;
}

static void
take_choice (VaiImportFileStep *self, AdwComboRow *row, VaiDialect *dialect)
{
  const VaiPreview *preview = vai_import_draft_get_preview (self->draft);
  guint selected = adw_combo_row_get_selected (row);

  if (row == self->encoding_row)
    dialect->encoding = encodings[selected];
  else if (row == self->delimiter_row)
    dialect->delimiter = delimiters[selected];
  else if (row == self->quote_row)
    dialect->quote = quotes[selected];
  else if (row == self->decimal_row)
    dialect->decimal_mark = decimals[selected];
  else if (row == self->date_row)
    dialect->date_order = orders[selected];
  else if (row == self->header_row)
    take_header (dialect, selected, preview);
  else
    {
      g_free (dialect->sheet);
      dialect->sheet
          = g_strdup (gtk_string_list_get_string (GTK_STRING_LIST (adw_combo_row_get_model (row)), selected));
      /* Another sheet begins elsewhere. */
      dialect->preamble = -1;
    }
}

static void
changed_cb (VaiImportFileStep *self, GParamSpec *pspec, AdwComboRow *row)
{
  g_auto (VaiDialect) dialect;

  vai_dialect_init (&dialect);
  if (self->updating || self->draft == NULL || adw_combo_row_get_selected (row) == GTK_INVALID_LIST_POSITION)
    return;
  vai_dialect_copy (&dialect, vai_import_draft_get_dialect (self->draft));
  take_choice (self, row, &dialect);
  vai_import_draft_set_dialect (self->draft, &dialect);
}

/* The preview. */

/* What was left out or taken for something else: a totals row, empty rows, dates that can be read in two ways. */
static void
show_notes (VaiImportFileStep *self, const VaiImport *import)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; import != NULL && import->notes != NULL && i < import->notes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (const char *) g_ptr_array_index (import->notes, i));
  gtk_label_set_label (self->notes, text->str);
  gtk_widget_set_visible (self->notes_box, text->len > 0);
}

static void
show_counts (VaiImportFileStep *self)
{
  const VaiPreview *preview = vai_import_draft_get_preview (self->draft);
  const VaiImport *import = vai_import_draft_get_import (self->draft);
  guint n_columns = preview != NULL ? preview->import->table->columns->len : 0;
  g_autofree char *columns = g_strdup_printf (ngettext ("%u column, first lines, then what looks odd",
                                                        "%u columns, first lines, then what looks odd", n_columns),
                                              n_columns);
  gtk_label_set_label (self->preview_label, preview != NULL ? columns : "");
  gtk_widget_set_visible (GTK_WIDGET (self->status), import != NULL);
  gtk_widget_set_visible (self->rejected_box, import != NULL && import->n_rejected > 0);
  show_notes (self, import);
  if (import == NULL)
    return;
  g_autofree char *count = vai_format_count (import->table->n_rows);
  g_autofree char *quotes_text
      = g_strdup_printf (ngettext ("%s quote", "%s quotes", (gulong) import->table->n_rows), count);
  vai_announce (self->status, quotes_text);
  g_autofree char *rejected = vai_format_count (import->n_rejected);
  g_autofree char *text = g_strdup_printf (
      ngettext ("%s line cannot be read", "%s lines cannot be read", (gulong) import->n_rejected), rejected);
  gtk_label_set_label (self->rejected_label, text);
}

static void
show_error (VaiImportFileStep *self)
{
  const GError *error = vai_import_draft_get_error (self->draft);
  g_autofree char *message = error != NULL ? vai_import_draft_dup_message (self->draft, error) : NULL;
  g_autofree char *text = message != NULL ? vai_format_markup (message) : NULL;

  adw_status_page_set_description (self->error_page, text);
  gtk_stack_set_visible_child_name (self->preview_stack, error != NULL ? "error" : "lines");
}

static void
show_busy (VaiImportFileStep *self)
{
  gtk_spinner_set_spinning (self->spinner, vai_import_draft_is_busy (self->draft));
}

/* Of a file that cannot be read at all nothing can be chosen but another. */
static void
show_rows (VaiImportFileStep *self, gboolean read)
{
  AdwComboRow *const rows[] = { self->sheet_row,   self->encoding_row, self->delimiter_row, self->quote_row,
                                self->decimal_row, self->date_row,     self->header_row };

  self->read = read;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_widget_set_visible (GTK_WIDGET (rows[i]), read);
}

static void
previewed_cb (VaiImportFileStep *self)
{
  const VaiPreview *preview = vai_import_draft_get_preview (self->draft);

  if (!self->read)
    show_rows (self, preview != NULL);
  if (preview != NULL)
    show_choices (self, preview->import);
  vai_preview_list_set (self->preview, preview);
  show_counts (self);
  show_error (self);
  show_busy (self);
}

static void
loaded_cb (VaiImportFileStep *self)
{
  const VaiImport *import = vai_import_draft_get_import (self->draft);

  if (import == NULL)
    gtk_toggle_button_set_active (self->rejected_show, FALSE);
  else
    vai_preview_list_set_odd (self->preview, import);
  show_counts (self);
  show_error (self);
  show_busy (self);
}

static void
show_rejected_cb (VaiImportFileStep *self)
{
  vai_preview_list_set_only_rejected (self->preview, gtk_toggle_button_get_active (self->rejected_show));
}

static void
export_rejected_cb (VaiImportFileStep *self)
{
  const VaiImport *import = vai_import_draft_get_import (self->draft);

  if (import != NULL)
    vai_rejected_export (GTK_WIDGET (self), import->rejected);
}

/* The file. */

void
vai_import_file_step_set_file (VaiImportFileStep *self, GFile *file)
{
  g_return_if_fail (VAI_IS_IMPORT_FILE_STEP (self));
  g_return_if_fail (G_IS_FILE (file));

  g_autofree char *path = g_file_get_path (file);
  if (path == NULL)
    {
      vai_window_say (GTK_WIDGET (self), _ ("This file is not on this computer: save it here first, and choose that."));
      return;
    }
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *shown = g_utf8_make_valid (name, -1);
  adw_action_row_set_subtitle (self->file_row, shown);
  gtk_stack_set_visible_child_name (self->stack, "file");
  self->read = FALSE;
  vai_import_draft_set_path (self->draft, path);
}

static void
picked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiImportFileStep) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = vai_pick_finish (result, &error);
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;

  if (error != NULL)
    vai_window_say (GTK_WIDGET (source), error->message);
  if (file != NULL && self->draft != NULL)
    vai_import_file_step_set_file (self, file);
}

static void
choose_cb (VaiImportFileStep *self)
{
  vai_pick_table_async (GTK_WIDGET (self), _ ("Choose a file with your quotes"), picked_cb, g_object_ref (self));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiImportFileStep) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    vai_window_say (GTK_WIDGET (self), error->message);
  else if (self->draft != NULL)
    vai_import_file_step_set_file (self, G_FILE (source));
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VaiImportFileStep) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "valutai", NULL);
  /* Translators: the name of a file, without its ending. */
  g_autofree char *name = g_strconcat (_ ("Pasted quotes"), ".txt", NULL);

  if (text == NULL || text[0] == '\0')
    {
      vai_window_say (GTK_WIDGET (self), _ ("There is no text to paste: copy cells of a spreadsheet first."));
      return;
    }
  g_mkdir_with_parents (folder, 0700);
  g_autoptr (GFile) file = g_file_new_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, written_cb,
                                       g_steal_pointer (&self));
}

void
vai_import_file_step_paste (VaiImportFileStep *self)
{
  g_return_if_fail (VAI_IS_IMPORT_FILE_STEP (self));

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL, pasted_cb, g_object_ref (self));
}

static void
paste_cb (VaiImportFileStep *self)
{
  vai_import_file_step_paste (self);
}

static void
vai_import_file_step_class_init (VaiImportFileStepClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = vai_import_file_step_dispose;
  g_type_ensure (VAI_TYPE_PREVIEW_LIST);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/valutai/ValutAI/ui/vai-import-file-step.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, VaiImportFileStep, name)
  BIND (stack);
  BIND (choose_button);
  BIND (sides);
  BIND (left);
  BIND (file_row);
  BIND (sheet_row);
  BIND (encoding_row);
  BIND (delimiter_row);
  BIND (quote_row);
  BIND (decimal_row);
  BIND (date_row);
  BIND (header_row);
  BIND (rejected_box);
  BIND (notes_box);
  BIND (notes);
  BIND (rejected_label);
  BIND (rejected_show);
  BIND (preview_label);
  BIND (spinner);
  BIND (status);
  BIND (preview_stack);
  BIND (preview);
  BIND (error_page);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, paste_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_rejected_cb);
  gtk_widget_class_bind_template_callback (widget_class, export_rejected_cb);
}

static void
vai_import_file_step_init (VaiImportFileStep *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  adw_clamp_set_maximum_size (self->left, LEFT_WIDTH);
}

static void
compact_cb (VaiImportFileStep *self, GParamSpec *pspec, VaiPage *page)
{
  adw_clamp_set_maximum_size (self->left, vai_page_get_compact (page) ? G_MAXINT16 : LEFT_WIDTH);
}

void
vai_import_file_step_attach (VaiImportFileStep *self, VaiPage *page, VaiImportDraft *draft)
{
  g_return_if_fail (VAI_IS_IMPORT_FILE_STEP (self));
  g_return_if_fail (self->draft == NULL);

  self->draft = g_object_ref (draft);
  vai_page_bind_orientation (page, self->sides);
  g_signal_connect_object (page, "notify::compact", G_CALLBACK (compact_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (draft, "previewed", G_CALLBACK (previewed_cb), self);
  g_signal_connect_swapped (draft, "loaded", G_CALLBACK (loaded_cb), self);
  g_signal_connect_swapped (draft, "changed", G_CALLBACK (show_busy), self);
}

gboolean
vai_import_file_step_shed (VaiImportFileStep *self)
{
  g_return_val_if_fail (VAI_IS_IMPORT_FILE_STEP (self), FALSE);
  g_signal_handlers_disconnect_by_data (self->draft, self);
  return vai_preview_list_shed (self->preview);
}
