/* The parts of a model file, each a name → GBytes; vai-model-file.c puts them into one zip. */
#pragma once

#include "vai-model.h"

G_BEGIN_DECLS

/* Trees of the largest `auto` model are some 10 parts. */
#define VAI_MODEL_MEMBERS_MAX 64

/* model.json, metrics.json and calibration.json. The schema must be in @self before the others are read. */
void vai_model_write_description (const VaiModel *self, GHashTable *parts);
void vai_model_write_metrics (const VaiModel *self, GHashTable *parts);
gboolean vai_model_read_description (VaiModel *self, GHashTable *parts, guint *n_members, GError **error);
gboolean vai_model_read_metrics (VaiModel *self, GHashTable *parts, GError **error);

/* "reference.bin", little-endian:
 *   "VAIREF1\n", u32 rows, u32 features, u32 flags (1: opened, 2: names, 4: tested)
 *   rows × u8 won, [rows × u8 tested], rows × f64 margin, rows × f64 probability, rows × u32 group, [rows × i64
 * opened], [rows × text name] by feature: numbers and dates rows × f64; categories rows × i32; text u32 count, count ×
 * text, rows × i32 where a text is u32 length and its bytes of UTF-8. */
GBytes *vai_reference_to_bytes (const VaiReference *self);
gboolean vai_reference_from_bytes (VaiReference *self, VaiSchema *schema, GBytes *bytes, GError **error);

/* The part @name as JSON object in @node; errors DAMAGED, TOO_LARGE with the part's name in front. */
JsonObject *vai_model_part_object (GHashTable *parts, const char *name, JsonNode **node, GError **error);

/* A model from the parts of a file, "manifest.json" among them, whose hashes were checked before, or do not matter. */
VaiModel *vai_model_from_parts (GHashTable *parts, GError **error);

G_END_DECLS
