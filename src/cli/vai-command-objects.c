#include "vai-command-objects.h"

#include "vai-quote-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
vai_subcommands_run (const VaiCommand *command, const VaiSubcommand *subcommands, int argc, char **argv, GError **error)
{
  for (const VaiSubcommand *sub = subcommands; argc > 1 && sub->name != NULL; sub++)
    if (g_str_equal (sub->name, argv[1]))
      return sub->run (argc - 1, argv + 1, error);
  gboolean help = argc > 1 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"));
  if (!help)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                   _ ("“valutai-cli %s” needs one of its words. See: valutai-cli %s --help"), command->name,
                   command->name);
      return FALSE;
    }
  g_print ("%s\n\n", _ (command->summary));
  for (const VaiSubcommand *sub = subcommands; sub->name != NULL; sub++)
    g_print ("  valutai-cli %s %s %s\n      %s\n", command->name, sub->name, sub->arguments, _ (sub->summary));
  return TRUE;
}

gboolean
vai_object_words_parse (VaiObjectWords *self,
                        const char *command,
                        const char *arguments,
                        const char *summary,
                        GArray *entries,
                        guint n_words,
                        guint n_optional,
                        VaiStoreMode mode,
                        int argc,
                        char **argv,
                        GError **error)
{
  VaiCommand form = { .name = command, .arguments = arguments, .summary = summary };
  vai_entries_add (entries, "workspace", G_OPTION_ARG_FILENAME, &self->workspace,
                   N_ ("Another workspace than the usual one"), N_ ("FILE"));
  vai_entries_add (entries, "json", G_OPTION_ARG_NONE, &self->json, N_ ("One JSON document on standard output"), NULL);
  if (!vai_cli_parse (&form, vai_entries_end (entries), argc, argv, n_words, n_optional, &self->words, error))
    return FALSE;
  self->store = vai_cli_open_store (self->workspace, mode, error);
  return self->store != NULL;
}

void
vai_object_words_clear (VaiObjectWords *self)
{
  g_clear_object (&self->store);
  g_clear_pointer (&self->words, g_strfreev);
  g_clear_pointer (&self->workspace, g_free);
}

gboolean
vai_print_rows_json (const VaiRowKind *kind, const GPtrArray *rows, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    json_builder_add_value (builder, vai_row_to_json (kind, g_ptr_array_index (rows, i)));
  json_builder_end_array (builder);
  return vai_print_json (builder, error);
}

gboolean
vai_print_row_json (const VaiRowKind *kind, gconstpointer row, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  json_builder_add_value (builder, vai_row_to_json (kind, row));
  return vai_print_json (builder, error);
}

void
vai_print_row (const VaiRowKind *kind, gconstpointer row)
{
  g_autoptr (JsonNode) node = vai_row_to_json (kind, row);
  JsonObject *object = json_node_get_object (node);
  g_autoptr (GList) names = json_object_get_members (object);
  for (GList *at = names; at != NULL; at = at->next)
    {
      JsonNode *value = json_object_get_member (object, at->data);
      if (JSON_NODE_HOLDS_NULL (value))
        continue;
      g_autofree char *text = json_to_string (value, FALSE);
      vai_print_line ("%s: %s", (char *) at->data, text);
    }
}

typedef gboolean (*ObjectFunc) (VaiObjectWords *words, VaiObject object, const char *id, GError **error);

static gboolean
for_one (VaiObject object,
         const char *command,
         const char *arguments,
         const char *summary,
         ObjectFunc func,
         int argc,
         char **argv,
         GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  if (!vai_object_words_parse (&words, command, arguments, summary, entries, 1, 0, VAI_STORE_EXISTING, argc, argv,
                               error))
    return FALSE;
  g_autofree char *id = vai_store_resolve (words.store, object, words.words[0], error);
  return id != NULL && func (&words, object, id, error);
}

static gboolean
delete_one (VaiObjectWords *words, VaiObject object, const char *id, GError **error)
{
  return vai_store_set_deleted (words->store, object, id, TRUE, error);
}

static gboolean
restore_one (VaiObjectWords *words, VaiObject object, const char *id, GError **error)
{
  return vai_store_set_deleted (words->store, object, id, FALSE, error);
}

static gboolean
purge_one (VaiObjectWords *words, VaiObject object, const char *id, GError **error)
{
  return vai_store_purge (words->store, object, id, G_MAXINT64, error) >= 0;
}

gboolean
vai_object_delete (VaiObject object, const char *command, int argc, char **argv, GError **error)
{
  return for_one (object, command, "NAME|ID", N_ ("Move it to the trash"), delete_one, argc, argv, error);
}

gboolean
vai_object_restore (VaiObject object, const char *command, int argc, char **argv, GError **error)
{
  return for_one (object, command, "ID", N_ ("Take it back from the trash"), restore_one, argc, argv, error);
}

gboolean
vai_object_purge (VaiObject object, const char *command, int argc, char **argv, GError **error)
{
  return for_one (object, command, "ID", N_ ("Remove it from the trash for good"), purge_one, argc, argv, error);
}

char *
vai_print_dup_time (gint64 ms)
{
  if (ms == 0)
    return g_strdup ("");
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);
  return g_date_time_format (time, "%Y-%m-%d %H:%M");
}
