#include "vai-server-config.h"

#include "vai-error.h"

#include <string.h>

typedef enum
{
  KIND_TEXT,
  KIND_URL,
  KIND_INTEGER,
  KIND_LIST,   /* separated by commas */
  KIND_SECRET, /* not by a flag, never shown */
} Kind;

typedef struct
{
  const char *name;
  Kind kind;
  const char *otherwise; /* NULL: nothing */
  gint64 least, most;    /* of an integer */
  const char *help;
} Option;

static const Option options[] = {
  { "data", KIND_TEXT, ".", 0, 0, "folder of the embedded database, keys and blobs" },
  { "database", KIND_TEXT, NULL, 0, 0,
    "postgresql://…, or the path of a SQLite file (default: DATA/valutai-server.db)" },
  { "listen", KIND_TEXT, "127.0.0.1:8480", 0, 0, "address and port; port 0 takes a free one" },
  { "public-url", KIND_URL, NULL, 0, 0, "the address that people's programs use (default: http://LISTEN)" },
  { "trusted-proxies", KIND_LIST, NULL, 0, 0, "addresses whose X-Forwarded-For is believed" },
  { "cors-origins", KIND_LIST, NULL, 0, 0, "web origins that may call; none by default" },
  { "workers", KIND_INTEGER, "32", 1, 256, "requests that are worked on at once" },
  { "connections", KIND_INTEGER, "512", 1, 65536, "open connections at once" },
  { "master-key-file", KIND_TEXT, NULL, 0, 0, "file with 32 bytes in hexadecimal (default: made in DATA)" },
  { "smtp-url", KIND_URL, NULL, 0, 0, "smtp://host:port; without it, mail is written to the log" },
  { "smtp-user", KIND_TEXT, NULL, 0, 0, "user name for the mail server" },
  { "smtp-password", KIND_SECRET, NULL, 0, 0, "its password" },
  { "mail-from", KIND_TEXT, "ValutAI <valutai@localhost>", 0, 0, "sender of mail" },
  { "stripe-url", KIND_URL, "https://api.stripe.com", 0, 0, "address of Stripe" },
  { "stripe-version", KIND_TEXT, "2026-10-28.endive", 0, 0, "version of Stripe's interface" },
  { "stripe-secret-key", KIND_SECRET, NULL, 0, 0, "sk_…; without it nothing can be bought" },
  { "stripe-webhook-secrets", KIND_SECRET, NULL, 0, 0, "whsec_…, several with commas while they change" },
  { "blob-store", KIND_TEXT, NULL, 0, 0, "folder, or s3://bucket/prefix (default: DATA/blobs)" },
  { "s3-url", KIND_URL, NULL, 0, 0, "address of the S3-compatible store" },
  { "s3-region", KIND_TEXT, "us-east-1", 0, 0, "its region" },
  { "s3-access-key", KIND_SECRET, NULL, 0, 0, "its access key" },
  { "s3-secret-key", KIND_SECRET, NULL, 0, 0, "its secret key" },
  { "quota-mib", KIND_INTEGER, "2048", 1, 1 << 20, "blobs of one account, MiB" },
  { "free-credits", KIND_INTEGER, "20", 0, 1000000, "gift to a new account, once per person" },
  { "breached-passwords", KIND_TEXT, NULL, 0, 0, "file with passwords that are refused, a line each" },
  { "totp-window", KIND_INTEGER, "1", 0, 2, "steps of thirty seconds that a one-time code may be early or late" },
  { "log-level", KIND_TEXT, "info", 0, 0, "debug, info, warning or error" },
};

struct _VaiServerConfig
{
  GHashTable *texts; /* name → value */
  GHashTable *lists; /* name → GStrv */
};

static const Option *
find_option (const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (strlen (options[i].name) == length && strncmp (options[i].name, name, length) == 0)
      return &options[i];
  return NULL;
}

static gboolean
check_value (const Option *option, const char *value, GError **error)
{
  if (option->kind == KIND_INTEGER && !g_ascii_string_to_signed (value, 10, option->least, option->most, NULL, NULL))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                   "%s: “%s” is no whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ".", option->name,
                   value, option->least, option->most);
      return FALSE;
    }
  if (option->kind == KIND_URL && !g_uri_is_valid (value, G_URI_FLAGS_NONE, NULL))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "%s: “%s” is no address like https://example.com.", option->name,
                   value);
      return FALSE;
    }
  return TRUE;
}

static gboolean
set_value (VaiServerConfig *self, const Option *option, const char *value, GError **error)
{
  if (!check_value (option, value, error))
    return FALSE;
  g_hash_table_insert (self->texts, (gpointer) option->name, g_strdup (value));
  return TRUE;
}

static gboolean
read_file (VaiServerConfig *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  g_auto (GStrv) keys = g_key_file_get_keys (file, "server", NULL, error);
  if (keys == NULL)
    return FALSE;
  for (guint i = 0; keys[i] != NULL; i++)
    {
      const Option *option = find_option (keys[i], strlen (keys[i]));
      if (option == NULL)
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "%s: there is no option “%s”.", path, keys[i]);
          return FALSE;
        }
      g_autofree char *value = g_key_file_get_string (file, "server", keys[i], error);
      if (value == NULL || !set_value (self, option, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_environment (VaiServerConfig *self, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_autofree char *upper = g_ascii_strup (options[i].name, -1);
      g_autofree char *name = g_strconcat ("VALUTAI_", g_strdelimit (upper, "-", '_'), NULL);
      const char *value = g_getenv (name);
      if (value != NULL && !set_value (self, &options[i], value, error))
        return FALSE;
    }
  return TRUE;
}

/* --name=value or --name value; gives how many arguments it took, 0 for an error. */
static guint
read_flag (VaiServerConfig *self, GStrv arguments, GError **error)
{
  const char *name = arguments[0] + 2;
  gsize length = strcspn (name, "=");
  const Option *option = find_option (name, length);
  if (option == NULL || option->kind == KIND_SECRET)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                   option == NULL ? "There is no option “%s”: see --help."
                                  : "“%s” is a secret: give it by the file or the environment.",
                   arguments[0]);
      return 0;
    }
  const char *value = name[length] == '=' ? name + length + 1 : arguments[1];
  if (value == NULL)
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "“%s” wants a value.", arguments[0]);
      return 0;
    }
  return !set_value (self, option, value, error) ? 0 : name[length] == '=' ? 1 : 2;
}

static gboolean
read_flags (VaiServerConfig *self, GStrv *arguments, GError **error)
{
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();
  for (guint i = 0; (*arguments)[i] != NULL;)
    {
      char *argument = (*arguments)[i];
      if (!g_str_has_prefix (argument, "--") || g_str_has_prefix (argument, "--config="))
        {
          if (!g_str_has_prefix (argument, "--"))
            g_strv_builder_add (rest, argument);
          i++;
          continue;
        }
      guint taken = read_flag (self, *arguments + i, error);
      if (taken == 0)
        return FALSE;
      i += taken;
    }
  g_strfreev (*arguments);
  *arguments = g_strv_builder_end (rest);
  return TRUE;
}

/* What follows from other options when it is not given. */
static void
fill_defaults (VaiServerConfig *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].otherwise != NULL && !g_hash_table_contains (self->texts, options[i].name))
      g_hash_table_insert (self->texts, (gpointer) options[i].name, g_strdup (options[i].otherwise));
  const char *data = vai_server_config_get_text (self, "data");
  if (!g_hash_table_contains (self->texts, "database"))
    g_hash_table_insert (self->texts, (gpointer) "database", g_build_filename (data, "valutai-server.db", NULL));
  if (!g_hash_table_contains (self->texts, "blob-store"))
    g_hash_table_insert (self->texts, (gpointer) "blob-store", g_build_filename (data, "blobs", NULL));
  if (!g_hash_table_contains (self->texts, "master-key-file"))
    g_hash_table_insert (self->texts, (gpointer) "master-key-file", g_build_filename (data, "master.key", NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *text = g_hash_table_lookup (self->texts, options[i].name);
      char **list = text == NULL || *text == '\0' ? g_new0 (char *, 1) : g_strsplit (text, ",", -1);
      for (guint k = 0; list[k] != NULL; k++)
        g_strstrip (list[k]);
      g_hash_table_insert (self->lists, (gpointer) options[i].name, list);
    }
}

static const char *
find_file (GStrv arguments)
{
  for (guint i = 0; arguments[i] != NULL; i++)
    if (g_str_has_prefix (arguments[i], "--config="))
      return arguments[i] + strlen ("--config=");
  return g_getenv ("VALUTAI_CONFIG");
}

VaiServerConfig *
vai_server_config_new (GStrv *arguments, GError **error)
{
  g_autoptr (VaiServerConfig) self = g_new0 (VaiServerConfig, 1);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_strfreev);
  const char *file = find_file (*arguments);
  if ((file != NULL && !read_file (self, file, error)) || !read_environment (self, error)
      || !read_flags (self, arguments, error))
    return NULL;
  fill_defaults (self);
  return g_steal_pointer (&self);
}

void
vai_server_config_free (VaiServerConfig *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->texts);
  g_hash_table_unref (self->lists);
  g_free (self);
}

const char *
vai_server_config_get_text (const VaiServerConfig *self, const char *name)
{
  g_assert (find_option (name, strlen (name)) != NULL);
  return g_hash_table_lookup (self->texts, name);
}

gint64
vai_server_config_get_integer (const VaiServerConfig *self, const char *name)
{
  return g_ascii_strtoll (vai_server_config_get_text (self, name), NULL, 10);
}

const char *const *
vai_server_config_get_list (const VaiServerConfig *self, const char *name)
{
  g_assert (find_option (name, strlen (name)) != NULL);
  return g_hash_table_lookup (self->lists, name);
}

char *
vai_server_config_describe (const VaiServerConfig *self)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *value = vai_server_config_get_text (self, options[i].name);
      if (options[i].kind == KIND_SECRET)
        value = value == NULL ? "not set" : "set";
      g_string_append_printf (text, "%s=%s\n", options[i].name, value != NULL ? value : "");
    }
  return g_string_free (text, FALSE);
}

char *
vai_server_config_dup_help (void)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_string_append_printf (text, "  %s%-24s %s\n", options[i].kind == KIND_SECRET ? "  " : "--", options[i].name,
                            options[i].help);
  return g_string_free (text, FALSE);
}
