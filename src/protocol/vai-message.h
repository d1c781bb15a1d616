/* What client and server say to each other is JSON objects, each described once by a table of fields. A message is
 * checked against its table before anybody looks into it: no field more, none less, none of another kind or size. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* json-glib parses by recursion and dies of a hundred thousand brackets; nothing of ours is nested deeper than 8. */
#define VAI_MESSAGE_DEPTH_MAX 64

typedef enum
{
  VAI_FIELD_TEXT,    /* least and most: characters */
  VAI_FIELD_EMAIL,   /* a text that could be an address */
  VAI_FIELD_ID,      /* a UUID, in lower case */
  VAI_FIELD_INTEGER, /* least and most: its value */
  VAI_FIELD_REAL,
  VAI_FIELD_BOOLEAN,
  VAI_FIELD_OBJECT, /* anything in it */
  VAI_FIELD_ARRAY,  /* least and most: items */
} VaiFieldKind;

typedef enum
{
  VAI_FIELD_REQUIRED = 0,
  VAI_FIELD_OPTIONAL = 1 << 0,
  VAI_FIELD_NULLABLE = 1 << 1,
  VAI_FIELD_VISIBLE = 1 << 2, /* a text that is for people: something of it can be seen */
} VaiFieldFlags;

typedef struct
{
  const char *name; /* NULL ends a table */
  VaiFieldKind kind;
  VaiFieldFlags flags;
  gint64 least, most;
  const char *const *values; /* of a text: the only ones, NULL-terminated; or NULL */
} VaiField;

/* The object in @size bytes of @text. Error: NOT_A_TABLE for what is no JSON object as vai_json_text_is_object() says,
 * or one nested deeper than VAI_MESSAGE_DEPTH_MAX. Unref with json_object_unref(). */
JsonObject *vai_message_parse (const char *text, gsize size, GError **error);

/* TRUE when @object has exactly what @fields say. Else @field is the name of the first that is wrong, @why what is
 * wrong with it; both to free. */
gboolean vai_message_check (JsonObject *object, const VaiField *fields, char **field, char **why);

/* FALSE when @text is empty or nothing but blanks and controls, in any script. */
gboolean vai_message_is_visible (const char *text);

/* Members that may be missing or null, after the check. */
const char *vai_message_get_text (JsonObject *object, const char *name, const char *otherwise);
gint64 vai_message_get_integer (JsonObject *object, const char *name, gint64 otherwise);
gboolean vai_message_get_boolean (JsonObject *object, const char *name, gboolean otherwise);

G_END_DECLS
