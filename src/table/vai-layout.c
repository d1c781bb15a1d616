#include "vai-layout.h"

#include "vai-cell.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Records looked at for a header; a longer preamble can be given. */
#define HEADER_SEARCH_MAX 60

/* Records looked at below it. */
#define BODY_MAX 1000

/* A header fills at least this share of the cells that the fullest record near it fills; titles and groups above it
 * fill fewer. */
#define HEADER_FILL 0.6

/* A column is of numbers or dates when this share of its values is. */
#define TYPED_SHARE 0.8

/* How much a text that is not found below it speaks for a header, where one that is found speaks against it with 1. */
#define NEW_TEXT_VOTE 0.2

/* Longer names are cut: they are sentences. */
#define NAME_LENGTH_MAX 200

typedef enum
{
  CELL_EMPTY,
  CELL_TYPED,
  CELL_YEAR, /* a number that may as well name a column */
  CELL_TEXT,
} CellKind;

static void
get_cell (const VaiTokens *sample, guint record, guint column, const char **text, gsize *length)
{
  *text = "";
  *length = 0;
  if (column >= sample->records[record].n_fields)
    return;
  const VaiField *field = &sample->fields[sample->records[record].first + column];
  *text = sample->text + field->start;
  *length = field->length;
  vai_cell_trim (text, length);
}

static CellKind
kind_of (const char *text, gsize length)
{
  VaiNumber number;
  VaiDate date;
  if (length == 0)
    return CELL_EMPTY;
  if (vai_cell_is_missing (text, length))
    return CELL_EMPTY;
  VaiNumberKind kind = vai_cell_parse_number (text, length, '.', &number);
  if (kind == VAI_NUMBER_PLAIN && number.value >= 1900 && number.value <= 2100 && length == 4)
    return CELL_YEAR;
  if (kind != VAI_NUMBER_NONE || vai_cell_parse_number (text, length, ',', &number) != VAI_NUMBER_NONE)
    return CELL_TYPED;
  return vai_cell_parse_date (text, length, &date) != VAI_DATE_NONE ? CELL_TYPED : CELL_TEXT;
}

static guint
count_filled (const VaiTokens *sample, guint record)
{
  guint filled = 0;
  for (guint i = 0; i < sample->records[record].n_fields; i++)
    {
      const char *text;
      gsize length;
      get_cell (sample, record, i, &text, &length);
      filled += length > 0;
    }
  return filled;
}

/* The most frequent number of fields; the larger of equals. */
static guint
find_usual_width (const VaiTokens *sample)
{
  guint n = MIN (sample->n_records, BODY_MAX), widest = 1;
  for (guint i = 0; i < n; i++)
    widest = MAX (widest, sample->records[i].n_fields);
  g_autofree guint *counts = g_new0 (guint, widest + 1);
  guint best = 0;
  for (guint i = 0; i < n; i++)
    counts[sample->records[i].n_fields]++;
  for (guint i = 1; i <= widest; i++)
    if (counts[i] >= counts[best])
      best = i;
  return MAX (best, 1);
}

static guint
find_widest (const VaiTokens *sample, guint from)
{
  guint widest = 1;
  for (guint i = from; i < MIN (sample->n_records, from + BODY_MAX); i++)
    widest = MAX (widest, sample->records[i].n_fields);
  return widest;
}

/* The first record that is filled like one of the table. */
static guint
find_first_full (const VaiTokens *sample, guint usual, gboolean wide)
{
  guint n = MIN (sample->n_records, HEADER_SEARCH_MAX), most = 0;
  g_autofree guint *filled = g_new (guint, n + 1);
  for (guint i = 0; i < n; i++)
    {
      filled[i] = count_filled (sample, i);
      /* A broken record with too many fields sets no measure. */
      if (!wide)
        filled[i] = MIN (filled[i], usual);
      most = MAX (most, filled[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      gboolean narrow = !wide && usual > 2 && sample->records[i].n_fields + 1 < usual;
      if (!narrow && filled[i] >= HEADER_FILL * most)
        return i;
    }
  return 0;
}

/* Does the record @header name its columns? Above 0: yes. */
static double
vote_on_column (const VaiTokens *sample, guint header, guint column)
{
  const char *name, *text;
  gsize name_length, length;
  get_cell (sample, header, column, &name, &name_length);
  CellKind kind = kind_of (name, name_length);
  guint filled = 0, typed = 0;
  gboolean found = FALSE;
  for (guint i = header + 1; i < MIN (sample->n_records, header + 1 + BODY_MAX); i++)
    {
      get_cell (sample, i, column, &text, &length);
      CellKind here = kind_of (text, length);
      filled += here != CELL_EMPTY;
      typed += here == CELL_TYPED || here == CELL_YEAR;
      found |= length == name_length && length > 0 && memcmp (text, name, length) == 0;
    }
  if (kind == CELL_EMPTY || kind == CELL_YEAR || filled == 0)
    return 0;
  if (kind == CELL_TYPED)
    return typed >= TYPED_SHARE * filled ? -1 : -0.5;
  if (typed >= TYPED_SHARE * filled)
    return 1;
  return found ? -1 : NEW_TEXT_VOTE;
}

static gboolean
is_header (const VaiTokens *sample, guint record, guint n_columns)
{
  double votes = 0;
  for (guint i = 0; i < n_columns; i++)
    votes += vote_on_column (sample, record, i);
  return votes >= 0;
}

/* Columns at the right without a name and without any value below: a delimiter at the end of each line makes one. */
static guint
drop_empty_columns (const VaiTokens *sample, const VaiLayout *layout, guint n_columns)
{
  const char *text;
  gsize length;
  while (n_columns > 1)
    {
      for (guint i = layout->header; i < MIN (sample->n_records, layout->header + 1 + BODY_MAX); i++)
        {
          get_cell (sample, i, n_columns - 1, &text, &length);
          if (length > 0)
            return n_columns;
        }
      n_columns--;
    }
  return n_columns;
}

/* One line, valid, without blanks around it and of a length that can be shown. */
static char *
clean_name (const char *text, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  GString *name = g_string_new (NULL);
  glong n = 0;
  for (const char *at = valid; *at != '\0' && n < NAME_LENGTH_MAX; at = g_utf8_next_char (at), n++)
    {
      gunichar c = g_utf8_get_char (at);
      gboolean blank = g_unichar_isspace (c) || g_unichar_iscntrl (c);
      if (blank && name->len > 0 && name->str[name->len - 1] != ' ')
        g_string_append_c (name, ' ');
      else if (!blank)
        g_string_append_unichar (name, c);
    }
  return g_strchomp (g_string_free (name, FALSE));
}

static char *
make_unique (char *name, GHashTable *taken)
{
  g_autofree char *wanted = name;
  char *unique = g_strdup (wanted);
  for (guint i = 2; g_hash_table_contains (taken, unique); i++)
    {
      g_free (unique);
      unique = g_strdup_printf ("%s (%u)", wanted, i);
    }
  return unique;
}

static void
find_names (const VaiTokens *sample, VaiLayout *layout)
{
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  layout->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < layout->n_columns; i++)
    {
      const char *text = "";
      gsize length = 0;
      if (layout->has_header)
        get_cell (sample, layout->header, i, &text, &length);
      char *name = clean_name (text, length);
      layout->n_unnamed += layout->has_header && name[0] == '\0';
      if (name[0] == '\0')
        {
          g_free (name);
          name = g_strdup_printf (_ ("Column %u"), i + 1);
        }
      layout->n_renamed += g_hash_table_contains (taken, name);
      name = make_unique (name, taken);
      g_hash_table_add (taken, name);
      g_ptr_array_add (layout->names, name);
    }
}

static guint
find_record_at_line (const VaiTokens *sample, guint line)
{
  guint i = 0;
  while (i + 1 < sample->n_records && sample->records[i].line < line)
    i++;
  return i;
}

void
vai_layout_find (const VaiTokens *sample, const VaiDialect *given, gboolean wide, VaiLayout *layout)
{
  *layout = (VaiLayout){ 0 };
  guint usual = find_usual_width (sample);
  layout->header
      = given->preamble >= 0 ? find_record_at_line (sample, given->preamble) : find_first_full (sample, usual, wide);
  guint width = wide ? find_widest (sample, layout->header) : usual;
  layout->has_header = given->preamble >= 0 ? given->has_header : is_header (sample, layout->header, width);
  if (layout->has_header)
    width = MAX (width, sample->records[layout->header].n_fields);
  layout->n_columns = drop_empty_columns (sample, layout, width);
  layout->first_row = layout->header + layout->has_header;
  find_names (sample, layout);
}

void
vai_layout_clear (VaiLayout *layout)
{
  g_clear_pointer (&layout->names, g_ptr_array_unref);
}
