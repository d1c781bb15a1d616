#include "vai-history.h"

#include "vai-json-build.h"

void
vai_history_write (VaiRows *rows, JsonBuilder *builder)
{
  vai_json_add_text (builder, "id", vai_rows_get_text (rows, 0));
  vai_json_add_text (builder, "type", vai_rows_get_text (rows, 1));
  vai_json_add_integer (builder, "amount", vai_rows_get_integer (rows, 2));
  vai_json_add_integer (builder, "balance", vai_rows_get_integer (rows, 3));
  vai_json_add_text (builder, "description", vai_rows_get_text (rows, 4));
  vai_json_add_text (builder, "operation_type", vai_rows_get_text (rows, 5));
  vai_json_add_text (builder, "resource_id", vai_rows_get_text (rows, 6));
  vai_json_add_integer (builder, "created_at", vai_rows_get_integer (rows, 7));
}
