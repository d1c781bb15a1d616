/* Members of the object that is being built. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* NULL is written as null. */
void vai_json_add_text (JsonBuilder *builder, const char *name, const char *text);
void vai_json_add_integer (JsonBuilder *builder, const char *name, gint64 value);
void vai_json_add_flag (JsonBuilder *builder, const char *name, gboolean value);

/* What is not finite is written as null. */
void vai_json_add_real (JsonBuilder *builder, const char *name, double value);

/* A time; 0, which is never, is written as null. */
void vai_json_add_time (JsonBuilder *builder, const char *name, gint64 milliseconds);

/* A list of the texts up to NULL; none, when @texts is NULL. */
void vai_json_add_texts (JsonBuilder *builder, const char *name, const char *const *texts);

/* Begins the list @name; json_builder_end_array() ends it. */
void vai_json_begin_list (JsonBuilder *builder, const char *name);

/* A builder in its object. */
JsonBuilder *vai_json_new_object (void);

G_END_DECLS
