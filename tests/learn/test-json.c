#include "vai-error.h"
#include "vai-json.h"

#include <math.h>
#include <string.h>

static void
test_refusals (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  for (guint i = 0; i < 200000; i++)
    g_string_append_c (deep, '[');
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_json_parse (deep->str, deep->len, &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE);

  const char *bad[] = { "", " ", "{", "{\"a\":NaN}", "\xff", "{\"a\":1}x", "[1,]x" };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) wrong = NULL;
      g_assert_null (vai_json_parse (bad[i], strlen (bad[i]), &wrong));
      g_assert_error (wrong, VAI_ERROR, VAI_ERROR_DAMAGED);
    }
  /* Brackets inside of a string are no depth, and an escaped quote does not end it. */
  g_autoptr (GString) flat = g_string_new ("[\"\\\"");
  for (guint i = 0; i < 1000; i++)
    g_string_append_c (flat, '[');
  g_string_append (flat, "\"]");
  g_autoptr (JsonNode) node = vai_json_parse (flat->str, flat->len, NULL);
  g_assert_nonnull (node);
}

static void
test_members (void)
{
  double numbers[] = { 0.1, NAN, -3e300, 5e-324, 1.0 / 3 };
  g_autoptr (JsonObject) object = json_object_new ();
  json_object_set_array_member (object, "numbers", vai_json_array_new_doubles (numbers, 5));
  vai_json_set_double (object, "infinite", INFINITY);
  json_object_set_int_member (object, "count", 7);
  json_object_set_string_member (object, "name", "x");
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autoptr (GBytes) bytes = vai_json_to_bytes (node);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_autoptr (JsonNode) back = vai_json_parse (data, size, NULL);
  g_assert_nonnull (back);
  JsonObject *read = vai_json_node_get_object (back, NULL);
  double values[5], value;
  g_assert_true (vai_json_get_doubles (read, "numbers", values, 5, NULL));
  for (guint i = 0; i < 5; i++)
    g_assert_true (isnan (numbers[i]) ? isnan (values[i]) : values[i] == numbers[i]);
  g_assert_true (vai_json_get_double (read, "infinite", &value, NULL) && isnan (value));
  g_assert_false (vai_json_get_finite (read, "infinite", &value, NULL));
  guint64 count;
  g_assert_true (vai_json_get_uint (read, "count", 7, &count, NULL) && count == 7);
  g_assert_false (vai_json_get_uint (read, "count", 6, &count, NULL));
  g_autoptr (GError) error = NULL;
  g_assert_null (vai_json_get_string (read, "count", &error));
  g_assert_error (error, VAI_ERROR, VAI_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, "count"));
  g_assert_false (vai_json_get_doubles (read, "numbers", values, 4, NULL));
  g_assert_false (vai_json_get_doubles (read, "absent", values, 5, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/refusals", test_refusals);
  g_test_add_func ("/json/members", test_members);
  return g_test_run ();
}
