/* JSON that may come from a stranger: looked at before json-glib sees it, and read with an answer for every missing or
 * mistyped member. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* json-glib 1.6 recurses: 100,000 nested arrays end the process. Nothing of ours is deeper than 12. */
#define VAI_JSON_DEPTH_MAX 64

/* The largest part of ours, a schema of 10,000 columns, stays under 40 MB. */
#define VAI_JSON_SIZE_MAX (64 * 1024 * 1024)

/* Errors: TOO_LARGE, DAMAGED. */
JsonNode *vai_json_parse (const char *data, gsize size, GError **error);

/* Compact text with a newline at its end; equal nodes give equal bytes. */
GBytes *vai_json_to_bytes (JsonNode *node);

/* A double that is not finite is written as null, and null reads as NaN. */
void vai_json_set_double (JsonObject *object, const char *name, double value);
JsonArray *vai_json_array_new_doubles (const double *values, gsize n);

/* NULL is written as null. */
void vai_json_set_text (JsonObject *object, const char *name, const char *text);
void vai_json_set_strings (JsonObject *object, const char *name, const char *const *texts);

/* Each gives FALSE or NULL with error DAMAGED, naming the member, when it is missing or of another kind. What is
 * returned by pointer belongs to @object. */
JsonObject *vai_json_node_get_object (JsonNode *node, GError **error);
gboolean vai_json_get_double (JsonObject *object, const char *name, double *value, GError **error);
gboolean vai_json_get_finite (JsonObject *object, const char *name, double *value, GError **error);
gboolean vai_json_get_uint (JsonObject *object, const char *name, guint64 max, guint64 *value, GError **error);
gboolean vai_json_get_boolean (JsonObject *object, const char *name, gboolean *value, GError **error);
const char *vai_json_get_string (JsonObject *object, const char *name, GError **error);
JsonObject *vai_json_get_object (JsonObject *object, const char *name, GError **error);
JsonArray *vai_json_get_array (JsonObject *object, const char *name, GError **error);

gboolean vai_json_get_int (JsonObject *object, const char *name, gint64 min, gint64 max, gint64 *value, GError **error);

/* @value is NULL where the member is null. */
gboolean vai_json_get_text (JsonObject *object, const char *name, const char **value, GError **error);

/* An array of texts, copied: free with g_strfreev(). */
GStrv vai_json_get_strings (JsonObject *object, const char *name, GError **error);

/* An array of exactly @n numbers or nulls. */
gboolean vai_json_get_doubles (JsonObject *object, const char *name, double *values, gsize n, GError **error);

/* An array of 1 to @n_max finite numbers, copied: free with g_free(). */
double *vai_json_dup_finite (JsonObject *object, const char *name, gsize n_max, gsize *n, GError **error);

G_END_DECLS
