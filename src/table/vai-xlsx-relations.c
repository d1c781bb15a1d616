#include "vai-xlsx-parts.h"

#include <string.h>

typedef struct
{
  const char *folder; /* of the part whose relations these are, "" or ending in a slash */
  GPtrArray *relations;
} Relations;

static void
relation_free (gpointer data)
{
  VaiXlsxRelation *self = data;
  g_free (self->id);
  g_free (self->type);
  g_free (self->target);
  g_free (self);
}

/* "../a/./b" below "x/y/" is "x/a/b". */
static char *
resolve (const char *folder, const char *target)
{
  g_autofree char *whole = target[0] == '/' ? g_strdup (target) : g_strconcat (folder, target, NULL);
  g_auto (GStrv) pieces = g_strsplit (whole, "/", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new ();
  for (guint i = 0; pieces[i] != NULL; i++)
    if (strcmp (pieces[i], "..") == 0 && kept->len > 0)
      g_ptr_array_set_size (kept, kept->len - 1);
    else if (pieces[i][0] != '\0' && strcmp (pieces[i], ".") != 0 && strcmp (pieces[i], "..") != 0)
      g_ptr_array_add (kept, pieces[i]);
  g_ptr_array_add (kept, NULL);
  return g_strjoinv ("/", (char **) kept->pdata);
}

static gboolean
on_start (gpointer data, const char *name, const VaiXmlAttributes *attributes, GError **error)
{
  Relations *self = data;
  if (strcmp (name, "Relationship") != 0 || self->relations->len >= VAI_ZIP_PARTS_MAX)
    return TRUE;
  g_autofree char *id = vai_xml_dup_attribute (attributes, "Id");
  g_autofree char *type = vai_xml_dup_attribute (attributes, "Type");
  g_autofree char *target = vai_xml_dup_attribute (attributes, "Target");
  if (id == NULL || type == NULL || target == NULL || vai_xml_attribute_is (attributes, "TargetMode", "External"))
    return TRUE;
  VaiXlsxRelation *relation = g_new0 (VaiXlsxRelation, 1);
  const char *slash = strrchr (type, '/');
  relation->id = g_steal_pointer (&id);
  relation->type = g_strdup (slash != NULL ? slash + 1 : type);
  relation->target = resolve (self->folder, target);
  g_ptr_array_add (self->relations, relation);
  return TRUE;
}

GPtrArray *
vai_xlsx_relations_read (VaiZip *zip, const char *part, GCancellable *cancellable, GError **error)
{
  static const VaiXmlHandler handler = { on_start, NULL, NULL };
  const char *slash = strrchr (part, '/');
  g_autofree char *folder = slash != NULL ? g_strndup (part, slash + 1 - part) : g_strdup ("");
  g_autofree char *name = g_strconcat (folder, "_rels/", slash != NULL ? slash + 1 : part, ".rels", NULL);
  g_autoptr (GPtrArray) relations = g_ptr_array_new_with_free_func (relation_free);
  Relations self = { folder, relations };
  if (vai_zip_find (zip, name) != NULL && !vai_xml_read (zip, name, &handler, &self, cancellable, error))
    return NULL;
  return g_steal_pointer (&relations);
}

const VaiXlsxRelation *
vai_xlsx_relations_find_id (const GPtrArray *self, const char *id)
{
  for (guint i = 0; i < self->len; i++)
    {
      const VaiXlsxRelation *relation = g_ptr_array_index (self, i);
      if (strcmp (relation->id, id) == 0)
        return relation;
    }
  return NULL;
}

const VaiXlsxRelation *
vai_xlsx_relations_find_type (const GPtrArray *self, const char *type)
{
  for (guint i = 0; i < self->len; i++)
    {
      const VaiXlsxRelation *relation = g_ptr_array_index (self, i);
      if (strcmp (relation->type, type) == 0)
        return relation;
    }
  return NULL;
}
