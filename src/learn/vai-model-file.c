/* The file is a zip; its first part, manifest.json, names every other with its size and sha256, so that nothing is
 * inflated or read that was not declared. Parts come in the order of their names and carry no time: equal models are
 * equal bytes. */
#include "vai-model-private.h"

#include "vai-card.h"
#include "vai-error.h"
#include "vai-json.h"
#include "vai-output.h"

#include <inttypes.h>
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/* A third of the time of the usual level, for a file a tenth larger. */
#define LEVEL "1"

#define FORMAT_NAME "valutai-model"
#define FORMAT_VERSION 1
#define MANIFEST "manifest.json"

/* A forest on a million rows has some 100 MB; beyond these a file is no model of ours. */
#define FILE_SIZE_MAX (1024u * 1024 * 1024)
#define PARTS_SIZE_MAX (2048ull * 1024 * 1024)
#define PARTS_MAX 512
#define PART_NAME_MAX 100
#define MANIFEST_SIZE_MAX (1024 * 1024)

typedef struct archive Archive;
typedef struct archive_entry ArchiveEntry;

static void
free_archive (Archive *archive)
{
  archive_free (archive);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, free_archive)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveEntry, archive_entry_free)

static GHashTable *
parts_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Owned by @parts. */
static GPtrArray *
sorted_names (GHashTable *parts)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;
  g_hash_table_iter_init (&iter, parts);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, name);
  g_ptr_array_sort (names, compare_names);
  return names;
}

static gssize
append_bytes (Archive *archive, void *data, const void *buffer, size_t size)
{
  g_byte_array_append (data, buffer, size);
  return size;
}

static gboolean
write_part (Archive *archive, const char *name, GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);
  g_autoptr (ArchiveEntry) entry = archive_entry_new ();
  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, size);
  /* The zip's own earliest time, 1980, whatever the time zone. */
  archive_entry_set_mtime (entry, 0, 0);
  return archive_write_header (archive, entry) == ARCHIVE_OK
         && archive_write_data (archive, data, size) == (gssize) size;
}

static GBytes *
zip (GBytes *manifest, GHashTable *parts, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GPtrArray) names = sorted_names (parts);
  g_autoptr (Archive) archive = archive_write_new ();
  gboolean good = archive_write_set_format_zip (archive) == ARCHIVE_OK
                  && archive_write_set_format_option (archive, "zip", "compression-level", LEVEL) == ARCHIVE_OK
                  && archive_write_set_bytes_per_block (archive, 0) == ARCHIVE_OK
                  && archive_write_open2 (archive, out, NULL, append_bytes, NULL, NULL) == ARCHIVE_OK
                  && write_part (archive, MANIFEST, manifest);
  for (guint i = 0; good && i < names->len; i++)
    good
        = write_part (archive, g_ptr_array_index (names, i), g_hash_table_lookup (parts, g_ptr_array_index (names, i)));
  if (!good || archive_write_close (archive) != ARCHIVE_OK)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_FAILED, _ ("The model could not be packed: %s"),
                   archive_error_string (archive));
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* Over the parts as the manifest declares them. */
static char *
fingerprint_of (JsonArray *declared)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  for (guint i = 0; i < json_array_get_length (declared); i++)
    {
      JsonObject *part = json_array_get_object_element (declared, i);
      g_autofree char *line = g_strdup_printf ("%s %s\n", json_object_get_string_member (part, "name"),
                                               json_object_get_string_member (part, "sha256"));
      g_checksum_update (checksum, (const guchar *) line, strlen (line));
    }
  return g_strdup (g_checksum_get_string (checksum));
}

static GBytes *
make_manifest (const VaiModel *self, GHashTable *parts, char **fingerprint)
{
  g_autoptr (GPtrArray) names = sorted_names (parts);
  g_autoptr (JsonObject) object = json_object_new ();
  json_object_set_string_member (object, "format", FORMAT_NAME);
  json_object_set_int_member (object, "format_version", FORMAT_VERSION);
  json_object_set_string_member (object, "app_version", VAI_VERSION);
  /* As text: JSON integers of other readers end at 2^53. */
  g_autofree char *seed = g_strdup_printf ("%" PRIu64, self->seed);
  json_object_set_string_member (object, "seed", seed);
  json_object_set_string_member (object, "data_fingerprint", self->data_fingerprint);
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < names->len; i++)
    {
      GBytes *bytes = g_hash_table_lookup (parts, g_ptr_array_index (names, i));
      g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
      JsonObject *part = json_object_new ();
      json_object_set_string_member (part, "name", g_ptr_array_index (names, i));
      json_object_set_int_member (part, "size", g_bytes_get_size (bytes));
      json_object_set_string_member (part, "sha256", sha256);
      json_array_add_object_element (array, part);
    }
  if (fingerprint != NULL)
    *fingerprint = fingerprint_of (array);
  json_object_set_array_member (object, "parts", array);
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  return vai_json_to_bytes (node);
}

GBytes *
vai_model_to_bytes (const VaiModel *self, char **fingerprint, GError **error)
{
  g_autoptr (GHashTable) parts = parts_new ();
  g_autoptr (JsonNode) schema = vai_schema_to_json (self->schema);
  g_hash_table_replace (parts, g_strdup ("schema.json"), vai_json_to_bytes (schema));
  vai_model_write_description (self, parts);
  vai_model_write_metrics (self, parts);
  g_hash_table_replace (parts, g_strdup ("reference.bin"), vai_reference_to_bytes (&self->reference));
  char *card = vai_card_write_english (self);
  g_hash_table_replace (parts, g_strdup ("card.md"), g_bytes_new_take (card, strlen (card)));
  for (guint m = 0; m < self->members->len; m++)
    {
      g_autofree char *prefix = g_strdup_printf ("member-%u", m);
      if (!vai_member_save (g_ptr_array_index (self->members, m), prefix, parts, error))
        return NULL;
    }
  g_autofree char *name = NULL;
  g_autoptr (GBytes) manifest = make_manifest (self, parts, fingerprint != NULL ? &name : NULL);
  GBytes *bytes = zip (manifest, parts, error);
  if (bytes != NULL && fingerprint != NULL)
    *fingerprint = g_steal_pointer (&name);
  return bytes;
}

static gboolean
set_foreign (GError **error)
{
  g_set_error_literal (error, VAI_ERROR, VAI_ERROR_FOREIGN,
                       _ ("This is no ValutAI model. Choose a file that “train” wrote, like “quotes.valutai”."));
  return FALSE;
}

static gboolean
set_damaged (const char *what, GError **error)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_DAMAGED,
               _ ("The model file is damaged (%s). Take it from a backup, or train again."), what);
  return FALSE;
}

/* Reads the present entry, at most @size_max bytes. */
static GBytes *
read_entry (Archive *archive, guint64 size_max)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;
  while ((n = archive_read_data (archive, buffer, sizeof buffer)) > 0)
    {
      if ((guint64) out->len + n > size_max)
        return NULL;
      g_byte_array_append (out, buffer, n);
    }
  return n == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&out)) : NULL;
}

static gboolean
check_manifest (JsonObject *manifest, GError **error)
{
  const char *format = vai_json_get_string (manifest, "format", NULL);
  guint64 version;
  if (g_strcmp0 (format, FORMAT_NAME) != 0)
    return set_foreign (error);
  if (!vai_json_get_uint (manifest, "format_version", G_MAXUINT32, &version, error))
    return FALSE;
  if (version > FORMAT_VERSION)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_NEWER,
                   _ ("The model was written by a newer version of ValutAI (format %u, this one reads up to %d). "
                      "Update ValutAI."),
                   (guint) version, FORMAT_VERSION);
      return FALSE;
    }
  JsonArray *parts = vai_json_get_array (manifest, "parts", error);
  if (parts == NULL)
    return FALSE;
  guint64 size, total = 0;
  for (guint i = 0; i < json_array_get_length (parts); i++)
    {
      JsonObject *part = vai_json_node_get_object (json_array_get_element (parts, i), error);
      if (part == NULL || !vai_json_get_uint (part, "size", PARTS_SIZE_MAX, &size, error)
          || !vai_json_get_string (part, "name", error) || !vai_json_get_string (part, "sha256", error))
        return FALSE;
      total += size;
    }
  return (total <= PARTS_SIZE_MAX && json_array_get_length (parts) <= PARTS_MAX)
         || set_damaged (_ ("too large"), error);
}

static gboolean
read_declared_part (Archive *archive, const char *entry_name, JsonObject *declared, GHashTable *parts, GError **error)
{
  const char *name = json_object_get_string_member (declared, "name");
  guint64 size = json_object_get_int_member (declared, "size");
  if (g_strcmp0 (entry_name, name) != 0 || g_str_equal (name, MANIFEST) || strlen (name) > PART_NAME_MAX
      || g_hash_table_contains (parts, name))
    return set_damaged (_ ("its parts are not those it declares"), error);
  g_autoptr (GBytes) bytes = read_entry (archive, size);
  if (bytes == NULL || g_bytes_get_size (bytes) != size)
    return set_damaged (name, error);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  if (g_strcmp0 (sha256, json_object_get_string_member (declared, "sha256")) != 0)
    return set_damaged (name, error);
  g_hash_table_replace (parts, g_strdup (name), g_steal_pointer (&bytes));
  return TRUE;
}

static JsonNode *
read_manifest (Archive *archive, GError **error)
{
  ArchiveEntry *entry; /* owned by the archive */
  if (archive_read_next_header (archive, &entry) != ARCHIVE_OK)
    {
      set_damaged (_ ("it is no whole zip"), error);
      return NULL;
    }
  if (g_strcmp0 (archive_entry_pathname (entry), MANIFEST) != 0)
    {
      set_foreign (error);
      return NULL;
    }
  g_autoptr (GBytes) bytes = read_entry (archive, MANIFEST_SIZE_MAX);
  if (bytes == NULL)
    {
      set_damaged (MANIFEST, error);
      return NULL;
    }
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonNode) node = vai_json_parse (data, size, error);
  JsonObject *manifest = node != NULL ? vai_json_node_get_object (node, error) : NULL;
  return manifest != NULL && check_manifest (manifest, error) ? g_steal_pointer (&node) : NULL;
}

static Archive *
open_archive (GBytes *bytes, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  if (size < 4 || memcmp (data, "PK\3\4", 4) != 0)
    {
      set_foreign (error);
      return NULL;
    }
  if (size > FILE_SIZE_MAX)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_TOO_LARGE, _ ("The model file has %zu bytes; at most %u are read."),
                   size, FILE_SIZE_MAX);
      return NULL;
    }
  g_autoptr (Archive) archive = archive_read_new ();
  archive_read_support_format_zip_seekable (archive);
  if (archive_read_open_memory (archive, data, size) == ARCHIVE_OK)
    return g_steal_pointer (&archive);
  set_damaged (_ ("it is no whole zip"), error);
  return NULL;
}

/* Everything the file holds, checked against its manifest. */
static gboolean
unzip (GBytes *bytes, JsonNode **manifest, GHashTable *parts, GError **error)
{
  g_autoptr (Archive) archive = open_archive (bytes, error);
  g_autoptr (JsonNode) node = archive != NULL ? read_manifest (archive, error) : NULL;
  if (node == NULL)
    return FALSE;
  JsonArray *declared = json_object_get_array_member (json_node_get_object (node), "parts");
  for (guint i = 0; i < json_array_get_length (declared); i++)
    {
      ArchiveEntry *entry;
      if (archive_read_next_header (archive, &entry) != ARCHIVE_OK)
        return set_damaged (_ ("parts are missing"), error);
      if (!read_declared_part (archive, archive_entry_pathname (entry), json_array_get_object_element (declared, i),
                               parts, error))
        return FALSE;
    }
  ArchiveEntry *more;
  if (archive_read_next_header (archive, &more) != ARCHIVE_EOF)
    return set_damaged (_ ("its parts are not those it declares"), error);
  *manifest = g_steal_pointer (&node);
  return TRUE;
}

static gboolean
read_schema (VaiModel *self, GHashTable *parts, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  if (vai_model_part_object (parts, "schema.json", &node, error) == NULL)
    return FALSE;
  self->schema = vai_schema_from_json (node, error);
  return self->schema != NULL;
}

static gboolean
read_members (VaiModel *self, guint n_members, GHashTable *parts, GError **error)
{
  for (guint m = 0; m < n_members; m++)
    {
      g_autofree char *prefix = g_strdup_printf ("member-%u", m);
      VaiMember *member = vai_member_load (prefix, parts, self->schema, error);
      if (member == NULL)
        return FALSE;
      g_ptr_array_add (self->members, member);
    }
  return TRUE;
}

static gboolean
read_manifest_members (VaiModel *self, JsonObject *manifest, GError **error)
{
  const char *seed = vai_json_get_string (manifest, "seed", error);
  if (seed == NULL)
    return FALSE;
  if (!g_ascii_string_to_unsigned (seed, 10, 0, G_MAXUINT64, &self->seed, NULL))
    return set_damaged (MANIFEST, error);
  const char *fingerprint = vai_json_get_string (manifest, "data_fingerprint", error);
  self->data_fingerprint = g_strdup (fingerprint);
  return fingerprint != NULL;
}

static gboolean
read_model (VaiModel *self, JsonObject *manifest, GHashTable *parts, GError **error)
{
  guint n_members = 0;
  GBytes *reference = g_hash_table_lookup (parts, "reference.bin");
  if (!read_manifest_members (self, manifest, error) || !read_schema (self, parts, error)
      || !vai_model_read_description (self, parts, &n_members, error) || !vai_model_read_metrics (self, parts, error)
      || !read_members (self, n_members, parts, error))
    return FALSE;
  if (reference == NULL)
    return set_damaged (_ ("parts are missing"), error);
  return vai_reference_from_bytes (&self->reference, self->schema, reference, error);
}

VaiModel *
vai_model_from_parts (GHashTable *parts, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObject *manifest = vai_model_part_object (parts, MANIFEST, &node, error);
  g_autoptr (VaiModel) self = vai_model_new ();
  if (manifest == NULL || !read_model (self, manifest, parts, error))
    return NULL;
  return g_steal_pointer (&self);
}

VaiModel *
vai_model_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (GHashTable) parts = parts_new ();
  g_autoptr (JsonNode) manifest = NULL;
  if (!unzip (bytes, &manifest, parts, error))
    return NULL;
  g_hash_table_replace (parts, g_strdup (MANIFEST), vai_json_to_bytes (manifest));
  return vai_model_from_parts (parts, error);
}

GBytes *
vai_model_read_file (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);
  /* Else a pipe keeps us waiting for somebody who writes. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  g_autoptr (GMappedFile) file = fd >= 0 ? g_mapped_file_new_from_fd (fd, FALSE, NULL) : NULL;
  int failed = fd < 0 ? errno : g_file_test (path, G_FILE_TEST_IS_DIR) ? EISDIR : EINVAL;
  if (fd >= 0)
    close (fd);
  if (file != NULL)
    return g_mapped_file_get_bytes (file);
  vai_error_set_errno (error, failed, FALSE, _ ("Cannot read “%s”"), path);
  return NULL;
}

VaiModel *
vai_model_load (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = vai_model_read_file (path, error);
  return bytes != NULL ? vai_model_from_bytes (bytes, error) : NULL;
}

char *
vai_model_fingerprint (GBytes *bytes, GError **error)
{
  g_autoptr (GHashTable) parts = parts_new ();
  g_autoptr (JsonNode) manifest = NULL;
  if (!unzip (bytes, &manifest, parts, error))
    return NULL;
  return fingerprint_of (json_object_get_array_member (json_node_get_object (manifest), "parts"));
}
