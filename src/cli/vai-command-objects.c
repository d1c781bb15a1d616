#include "vai-command-objects.h"

#include "vai-quote-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

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

static gboolean
print_row_json (const VaiRowKind *kind, gconstpointer row, GError **error)
{
  g_autoptr (JsonNode) node = vai_row_to_json (kind, row);
  return vai_print_json_node (node, error);
}

static void
print_row (const VaiRowKind *kind, gconstpointer row)
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

/* --- What every kind of object has alike. --- */

static gboolean
list (const VaiObjectForm *form, const char *command, int argc, char **argv, GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  gboolean deleted = FALSE;
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  vai_entries_add (entries, "deleted", G_OPTION_ARG_NONE, &deleted, N_ ("Those in the trash"), NULL);
  if (!vai_object_words_parse (&words, command, "", form->list_summary, entries, 0, 0, VAI_STORE_READ_ONLY, argc, argv,
                               error))
    return FALSE;
  g_autoptr (GPtrArray) rows = form->list (words.store, deleted, error);
  if (rows == NULL)
    return FALSE;
  if (words.json)
    return vai_print_rows_json (form->kind, rows, error);
  form->print_list (rows);
  return TRUE;
}

typedef gboolean (*OneFunc) (const VaiObjectForm *form, VaiObjectWords *words, const char *id, GError **error);

static gboolean
show_one (const VaiObjectForm *form, VaiObjectWords *words, const char *id, GError **error)
{
  gpointer row = form->get (words->store, id, error);
  if (row == NULL)
    return FALSE;
  gboolean done = TRUE;
  if (words->json)
    done = print_row_json (form->kind, row, error);
  else
    print_row (form->kind, row);
  vai_row_free (form->kind, row);
  return done;
}

static gboolean
delete_one (const VaiObjectForm *form, VaiObjectWords *words, const char *id, GError **error)
{
  return vai_store_set_deleted (words->store, form->object, id, TRUE, error);
}

static gboolean
restore_one (const VaiObjectForm *form, VaiObjectWords *words, const char *id, GError **error)
{
  return vai_store_set_deleted (words->store, form->object, id, FALSE, error);
}

static gboolean
purge_one (const VaiObjectForm *form, VaiObjectWords *words, const char *id, GError **error)
{
  gint64 n = vai_store_purge (words->store, form->object, id, G_MAXINT64, error);
  if (n == 0)
    g_set_error (error, VAI_ERROR, VAI_ERROR_NOT_FOUND,
                 _ ("“%s” is not in the trash, so it was not removed. Delete it first."), id);
  return n > 0;
}

/* A subcommand of every kind: @one does it to the object that is named, NULL lists them all. */
typedef struct
{
  const char *name, *arguments, *summary;
  OneFunc one;
} CommonSubcommand;

static const CommonSubcommand common_subcommands[] = {
  { "list", "", NULL, NULL },
  { "show", "NAME|ID", NULL, show_one },
  { "delete", "NAME|ID", N_ ("Move it to the trash"), delete_one },
  { "restore", "ID", N_ ("Take it back from the trash"), restore_one },
  { "purge", "ID", N_ ("Remove it from the trash for good"), purge_one },
};

static const char *
common_summary (const CommonSubcommand *self, const VaiObjectForm *form)
{
  return self->one == NULL ? form->list_summary : self->one == show_one ? form->show_summary : self->summary;
}

static gboolean
is_of_form (const CommonSubcommand *self, const VaiObjectForm *form)
{
  return form != NULL && (self->one != NULL || form->list != NULL) && (self->one != show_one || form->get != NULL);
}

static gboolean
run_common (const CommonSubcommand *self,
            const VaiObjectForm *form,
            const VaiCommand *command,
            int argc,
            char **argv,
            GError **error)
{
  g_auto (VaiObjectWords) words = { 0 };
  g_autofree char *name = g_strdup_printf ("%s %s", command->name, self->name);
  if (self->one == NULL)
    return list (form, name, argc, argv, error);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));
  if (!vai_object_words_parse (&words, name, self->arguments, common_summary (self, form), entries, 1, 0,
                               self->one == show_one ? VAI_STORE_READ_ONLY : VAI_STORE_EXISTING, argc, argv, error))
    return FALSE;
  g_autofree char *id = vai_store_resolve (words.store, form->object, words.words[0], error);
  if (id == NULL || !self->one (form, &words, id, error))
    return FALSE;
  return self->one == show_one || !words.json || vai_print_json_member ("id", id, error);
}

static void
print_subcommand (const VaiCommand *command, const char *name, const char *arguments, const char *summary)
{
  g_print ("  valutai-cli %s %s %s\n      %s\n", command->name, name, arguments, _ (summary));
}

static void
print_subcommands (const VaiCommand *command, const VaiObjectForm *form, const VaiSubcommand *subcommands)
{
  g_print ("%s\n\n", _ (command->summary));
  for (const VaiSubcommand *sub = subcommands; sub->name != NULL; sub++)
    print_subcommand (command, sub->name, sub->arguments, sub->summary);
  for (guint i = 0; i < G_N_ELEMENTS (common_subcommands); i++)
    if (is_of_form (&common_subcommands[i], form))
      print_subcommand (command, common_subcommands[i].name, common_subcommands[i].arguments,
                        common_summary (&common_subcommands[i], form));
}

gboolean
vai_subcommands_run (const VaiCommand *command,
                     const VaiObjectForm *form,
                     const VaiSubcommand *subcommands,
                     int argc,
                     char **argv,
                     GError **error)
{
  const char *name = argc > 1 ? argv[1] : "";
  for (const VaiSubcommand *sub = subcommands; sub->name != NULL; sub++)
    if (g_str_equal (sub->name, name))
      return sub->run (argc - 1, argv + 1, error);
  for (guint i = 0; i < G_N_ELEMENTS (common_subcommands); i++)
    if (is_of_form (&common_subcommands[i], form) && g_str_equal (common_subcommands[i].name, name))
      return run_common (&common_subcommands[i], form, command, argc - 1, argv + 1, error);
  if (g_str_equal (name, "--help") || g_str_equal (name, "-h"))
    {
      print_subcommands (command, form, subcommands);
      return TRUE;
    }
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
               _ ("“valutai-cli %s” needs one of its words. See: valutai-cli %s --help"), command->name, command->name);
  return FALSE;
}

char *
vai_print_dup_time (gint64 ms)
{
  if (ms == 0)
    return g_strdup ("");
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);
  return g_date_time_format (time, "%Y-%m-%d %H:%M");
}
