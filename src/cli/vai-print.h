/* Printing for people and for machines. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One document on standard output. FALSE and @error when standard output fails. */
gboolean vai_print_json (JsonBuilder *builder, GError **error);
gboolean vai_print_json_node (JsonNode *root, GError **error);

/* The document of a command that has one thing to tell: { "@name": "@value" }. */
gboolean vai_print_json_member (const char *name, const char *value, GError **error);

/* Lines of cells under a header, columns as wide as their widest cell in characters; a cell over 48 characters is cut.
 * Numbers on the right where
 * @right says so ('r' or 'l' for each column). */
typedef struct _VaiGrid VaiGrid;

VaiGrid *vai_grid_new (const char *alignment, ...) G_GNUC_NULL_TERMINATED;
void vai_grid_add (VaiGrid *self, ...) G_GNUC_NULL_TERMINATED;
void vai_grid_print (VaiGrid *self);
void vai_grid_free (VaiGrid *self);

/* One paragraph on standard output, with a line end. */
void vai_print_line (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (VaiGrid, vai_grid_free)

/* Adds "whole" and "problems": those of @faults (nullable, of char *) and of @error (nullable); whole without any. */
void vai_json_add_whole (JsonBuilder *builder, const GPtrArray *faults, const GError *error);

/* What a check says of a file that is damaged: with @json that document; @error takes @damage. A failure of another
 * kind (no such file) says nothing of the file and prints nothing. Always FALSE. */
gboolean vai_print_unwhole (const GPtrArray *faults, GError *damage, gboolean json, GError **error);

/* The word for people of an outcome by its name in files ("won", "lost", "open", "unknown", "none"). */
const char *vai_print_outcome_word (const char *name);

G_END_DECLS
