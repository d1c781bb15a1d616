/* dump-sheet FORMAT FILE [SHEET]: what a sheet source gives, one line per row, for comparison with another program. */
#include "vai-sheet-source.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static VaiFormat
format_from_name (const char *name)
{
  for (VaiFormat format = VAI_FORMAT_XLSX; format <= VAI_FORMAT_XLS; format++)
    if (g_str_equal (name, vai_format_name (format)))
      return format;
  return VAI_FORMAT_UNKNOWN;
}

static void
print_row (const VaiSheetRow *row)
{
  static const char kinds[] = "-tndbe";
  printf ("%" G_GUINT64_FORMAT, row->number);
  for (guint i = 0; i < row->n_cells; i++)
    {
      const VaiSheetCell *cell = &row->cells[i];
      g_autofree char *text = g_strescape (cell->text, NULL);
      printf ("\t%c%s%s%s", kinds[cell->kind], text, cell->percent ? "%" : "",
              cell->currency != NULL ? cell->currency : "");
    }
  putchar ('\n');
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_autoptr (GError) error = NULL;
  if (argc < 3)
    return EXIT_FAILURE;
  g_autoptr (VaiSheetSource) source
      = vai_sheet_source_open (argv[2], format_from_name (argv[1]), argc > 3 ? argv[3] : NULL, NULL, &error);
  if (source == NULL)
    {
      printf ("error %d %s\n", error->code, error->message);
      return EXIT_FAILURE;
    }
  const GPtrArray *sheets = vai_sheet_source_get_sheets (source);
  for (guint i = 0; i < sheets->len; i++)
    {
      const VaiSheetName *sheet = g_ptr_array_index (sheets, i);
      printf ("sheet %s%s\n", sheet->name, sheet->hidden ? " (hidden)" : "");
    }
  printf ("reading %s\n", vai_sheet_source_get_sheet_name (source));
  VaiSheetRow row;
  while (vai_sheet_source_next_row (source, &row, &error))
    print_row (&row);
  if (error != NULL)
    printf ("error %d %s\n", error->code, error->message);
  return error == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
