/* Messages are what their tables say, and nothing else; JSON that is too deep never reaches the parser. */
#include "vai-error.h"
#include "vai-message.h"

#include <string.h>

static const char *const colours[] = { "red", "green", NULL };

static const VaiField fields[] = {
  { "name", VAI_FIELD_TEXT, VAI_FIELD_REQUIRED, 1, 3 },
  { "email", VAI_FIELD_EMAIL, VAI_FIELD_OPTIONAL },
  { "id", VAI_FIELD_ID, VAI_FIELD_OPTIONAL },
  { "count", VAI_FIELD_INTEGER, VAI_FIELD_OPTIONAL, -2, 5 },
  { "share", VAI_FIELD_REAL, VAI_FIELD_OPTIONAL | VAI_FIELD_NULLABLE },
  { "colour", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL, 0, 0, colours },
  { "rows", VAI_FIELD_ARRAY, VAI_FIELD_OPTIONAL, 1, 2 },
  { "more", VAI_FIELD_OBJECT, VAI_FIELD_OPTIONAL },
  { "on", VAI_FIELD_BOOLEAN, VAI_FIELD_OPTIONAL },
  { "why", VAI_FIELD_TEXT, VAI_FIELD_OPTIONAL | VAI_FIELD_VISIBLE, 1, 5 },
  { NULL },
};

/* The name of the field that is wrong in @text; NULL: none. */
static char *
wrong_field (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonObject *object = vai_message_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  char *field = NULL;
  g_autofree char *why = NULL;
  gboolean right = vai_message_check (object, fields, &field, &why);
  g_assert_true (right == (field == NULL));
  json_object_unref (object);
  return field;
}

static void
test_fields (void)
{
  static const char *const cases[][2] = {
    { "{\"name\":\"abc\"}", NULL },
    { "{\"name\":\"èéà\",\"email\":\"a@b.it\",\"id\":\"01a20528-9c72-77ce-b223-e9145030800f\",\"count\":-2,\"share\":"
      "null,"
      "\"colour\":\"red\",\"rows\":[1],\"more\":{\"x\":[1]},\"on\":false}",
      NULL },
    { "{}", "name" },
    { "{\"name\":\"\"}", "name" },
    { "{\"name\":\"abcd\"}", "name" },
    { "{\"name\":null}", "name" },
    { "{\"name\":7}", "name" },
    { "{\"name\":[\"a\"]}", "name" },
    { "{\"name\":\"a\",\"role\":\"owner\"}", "role" },
    { "{\"name\":\"a\",\"email\":\"a@b\"}", "email" },
    { "{\"name\":\"a\",\"email\":\"a b@c.it\"}", "email" },
    { "{\"name\":\"a\",\"email\":\"a@b.it\\r\\nBcc: x@y.it\"}", "email" },
    { "{\"name\":\"a\",\"email\":\"<a@b.it>\"}", "email" },
    { "{\"name\":\"a\",\"id\":\"01A20528-9C72-77CE-B223-E9145030800F\"}", "id" },
    { "{\"name\":\"a\",\"id\":\"../../etc/passwd\"}", "id" },
    { "{\"name\":\"a\",\"count\":6}", "count" },
    { "{\"name\":\"a\",\"count\":1.5}", "count" },
    { "{\"name\":\"a\",\"count\":\"1\"}", "count" },
    { "{\"name\":\"a\",\"share\":true}", "share" },
    { "{\"name\":\"a\",\"colour\":\"blue\"}", "colour" },
    { "{\"name\":\"a\",\"rows\":[]}", "rows" },
    { "{\"name\":\"a\",\"rows\":[1,2,3]}", "rows" },
    { "{\"name\":\"a\",\"more\":[]}", "more" },
    { "{\"name\":\"a\",\"on\":1}", "on" },
    { "{\"name\":\" \",\"why\":\"\\u00a0è \"}", NULL }, /* of a name nothing was said */
    { "{\"name\":\"a\",\"why\":\"   \"}", "why" },
    { "{\"name\":\"a\",\"why\":\"\\t\\n\\u00a0\\u2003\"}", "why" },
    { "{\"name\":\"a\",\"why\":\"\\u200b\\u202e\"}", "why" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *field = wrong_field (cases[i][0]);
      g_assert_cmpstr (field, ==, cases[i][1]);
    }
}

/* @n nested lists in an object. */
static char *
nested (guint n)
{
  g_autofree char *open = g_strnfill (n, '['), *close = g_strnfill (n, ']');
  return g_strdup_printf ("{\"a\":%s%s}", open, close);
}

static void
test_depth (void)
{
  static const struct
  {
    guint depth;
    gboolean right;
  } cases[] = { { 0, FALSE }, { 10, TRUE }, { 63, TRUE }, { 64, FALSE }, { 100000, FALSE }, { 5000000, FALSE } };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = nested (cases[i].depth);
      JsonObject *object = vai_message_parse (text, strlen (text), &error);
      g_assert_true ((object != NULL) == cases[i].right);
      g_clear_pointer (&object, json_object_unref);
    }
}

/* Brackets side by side, and brackets in texts, are not deep. */
static void
test_wide (void)
{
  g_autoptr (GString) text = g_string_new ("{\"a\":[");
  for (guint i = 0; i < 2000; i++)
    g_string_append (text, i == 0 ? "{}" : ",[\"[[[[{{{{\\\"[[[[\"]");
  g_string_append (text, "]}");
  g_autoptr (GError) error = NULL;
  JsonObject *object = vai_message_parse (text->str, text->len, &error);
  g_assert_no_error (error);
  json_object_unref (object);
}

static void
test_no_object (void)
{
  static const char *const texts[] = { "",
                                       " ",
                                       "[]",
                                       "1",
                                       "null",
                                       "{",
                                       "{\"a\":}",
                                       "\xff\xfe",
                                       "{\"a\":\"\xc3\"}",
                                       "}{",
                                       "{\"a\":1e999}",
                                       "{\"a\":\"\\774\"}",
                                       "{\"a\":[\"\\x41\"]}",
                                       "{'a':1}",
                                       "{/**/}",
                                       "{\"a\":\"\\u0000\"}",
                                       "{\"\\377\":1}" };
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (vai_message_parse (texts[i], strlen (texts[i]), &error));
      g_assert_error (error, VAI_ERROR, VAI_ERROR_NOT_A_TABLE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/fields", test_fields);
  g_test_add_func ("/message/depth", test_depth);
  g_test_add_func ("/message/wide", test_wide);
  g_test_add_func ("/message/no-object", test_no_object);
  return g_test_run ();
}
