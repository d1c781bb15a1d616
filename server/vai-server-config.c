#include "vai-server-config.h"

#include "vai-config-kind.h"
#include "vai-error.h"

#include <string.h>

typedef struct
{
  const char *name;
  VaiConfigKind kind;
  const char *otherwise; /* NULL: nothing */
  gint64 least, most;    /* of an integer */
  const char *help;
} Option;

static const Option options[] = {
  { "data", VAI_CONFIG_PATH, ".", 0, 0, "folder of the embedded database, keys and blobs" },
  { "database", VAI_CONFIG_DATABASE, NULL, 0, 0,
    "postgresql://…, or the path of a SQLite file (default: DATA/valutai-server.db)" },
  { "listen", VAI_CONFIG_LISTEN, "127.0.0.1:8480", 0, 0, "address and port; port 0 takes a free one" },
  { "public-url", VAI_CONFIG_HTTP, NULL, 0, 0, "the address that people's programs use (default: http://LISTEN)" },
  { "trusted-proxies", VAI_CONFIG_PROXIES, NULL, 0, 0, "addresses and networks whose X-Forwarded-For is believed" },
  { "cors-origins", VAI_CONFIG_ORIGINS, NULL, 0, 0, "web origins that may call; none by default" },
  { "workers", VAI_CONFIG_INTEGER, "32", 1, 256, "requests that are worked on at once" },
  { "connections", VAI_CONFIG_INTEGER, "1024", 1, 1 << 16, "connections at once; more are told to come again" },
  { "connections-per-address", VAI_CONFIG_INTEGER, "128", 1, 1 << 16, "of those by one address that is no proxy" },
  { "client-timeout", VAI_CONFIG_INTEGER, "30", 1, 3600, "seconds for a request to come and its answer to be taken" },
  { "idle-timeout", VAI_CONFIG_INTEGER, "90", 1, 3600, "seconds that a connection may rest between requests" },
  { "master-key-file", VAI_CONFIG_PATH, NULL, 0, 0, "file with 32 bytes in hexadecimal (default: made in DATA)" },
  { "smtp-url", VAI_CONFIG_SMTP, NULL, 0, 0, "smtp://host:port; without it, mail is written to the log" },
  { "smtp-user", VAI_CONFIG_TEXT, NULL, 0, 0, "user name for the mail server" },
  { "smtp-password", VAI_CONFIG_PASSWORD, NULL, 0, 0, "its password" },
  { "mail-from", VAI_CONFIG_MAILBOX, "ValutAI <valutai@localhost>", 0, 0, "sender of mail" },
  { "stripe-url", VAI_CONFIG_HTTP, "https://api.stripe.com", 0, 0, "address of Stripe" },
  { "stripe-version", VAI_CONFIG_WORD, "2026-10-28.endive", 0, 0, "version of Stripe's interface" },
  { "stripe-secret-key", VAI_CONFIG_STRIPE_KEY, NULL, 0, 0, "sk_…; without it nothing can be bought" },
  { "stripe-webhook-secrets", VAI_CONFIG_WEBHOOK_SECRETS, NULL, 0, 0,
    "whsec_…, several with commas while they change" },
  { "blob-store", VAI_CONFIG_BLOBS, NULL, 0, 0, "folder, or s3://bucket/prefix (default: DATA/blobs)" },
  { "s3-url", VAI_CONFIG_HTTP, NULL, 0, 0, "address of the S3-compatible store" },
  { "s3-region", VAI_CONFIG_WORD, "us-east-1", 0, 0, "its region" },
  { "s3-access-key", VAI_CONFIG_KEY, NULL, 0, 0, "its access key" },
  { "s3-secret-key", VAI_CONFIG_KEY, NULL, 0, 0, "its secret key" },
  { "quota-mib", VAI_CONFIG_INTEGER, "2048", 1, 1 << 20, "library and published models of one account, MiB" },
  { "free-credits", VAI_CONFIG_INTEGER, "20", 0, 1000000, "gift to a new account, once per person" },
  { "breached-passwords", VAI_CONFIG_PATH, NULL, 0, 0, "file with passwords that are refused, a line each" },
  { "totp-window", VAI_CONFIG_INTEGER, "1", 0, 2, "steps of thirty seconds that a one-time code may be early or late" },
  { "log-level", VAI_CONFIG_LEVEL, "info", 0, 0, "debug, info, warning or error" },
};

struct _VaiServerConfig
{
  GHashTable *texts; /* name → value */
  GHashTable *lists; /* name → GStrv */
  char *file;        /* that was read, or NULL */
};

/* Addresses may hold one. */
static char *
dup_without_password (const char *value)
{
  g_autoptr (GRegex) passwords = g_regex_new ("(://[^/@:]*:)[^@]*(?=@)|(password=)[^&]*", 0, 0, NULL);
  return g_regex_replace (passwords, value, -1, 0, "\\1\\2***", 0, NULL);
}

static const Option *
find_option (const char *name, gsize length)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (strlen (options[i].name) == length && strncmp (options[i].name, name, length) == 0)
      return &options[i];
  return NULL;
}

/* What an error may say of a value. */
static char *
dup_shown (const Option *option, const char *value)
{
  if (vai_config_kind_is_secret (option->kind))
    return g_strdup ("what is given");
  g_autofree char *clear = dup_without_password (value);
  return g_strdup_printf ("“%s”", clear);
}

static gboolean
check_value (const Option *option, const char *value, GError **error)
{
  if (option->kind == VAI_CONFIG_INTEGER
      && !g_ascii_string_to_signed (value, 10, option->least, option->most, NULL, NULL))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                   "%s: “%s” is no whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ".", option->name,
                   value, option->least, option->most);
      return FALSE;
    }
  const char *wanted = vai_config_kind_check (option->kind, value);
  /* The examples leave out so what is everybody's own. */
  if (strstr (value, "…") != NULL)
    wanted = "as in the example: fill it in";
  if (wanted == NULL)
    return TRUE;
  g_autofree char *shown = dup_shown (option, value);
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "%s: %s is %s.", option->name, shown, wanted);
  return FALSE;
}

static gboolean
set_value (VaiServerConfig *self, const Option *option, const char *value, GError **error)
{
  /* What is given as nothing is not given: a file or an environment that is filled in by others has all the names. */
  if (*value == '\0')
    {
      g_hash_table_remove (self->texts, option->name);
      return TRUE;
    }
  g_autofree char *bare = g_strstrip (g_strdup (value));
  if (*bare == '\0')
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "%s: there are only spaces.", option->name);
      return FALSE;
    }
  if (!check_value (option, value, error))
    return FALSE;
  g_hash_table_insert (self->texts, (gpointer) option->name, g_strdup (value));
  return TRUE;
}

static gboolean
read_group (VaiServerConfig *self, GKeyFile *file, GError **error)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, "server", NULL, error);
  if (keys == NULL)
    return FALSE;
  for (guint i = 0; keys[i] != NULL; i++)
    {
      const Option *option = find_option (keys[i], strlen (keys[i]));
      if (option == NULL)
        {
          g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "there is no option “%s”.", keys[i]);
          return FALSE;
        }
      g_autofree char *value = g_key_file_get_string (file, "server", keys[i], error);
      if (value == NULL || !set_value (self, option, value, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_file (VaiServerConfig *self, const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error) && read_group (self, file, error))
    return TRUE;
  g_prefix_error (error, "“%s”: ", path);
  return FALSE;
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
        {
          g_prefix_error (error, "%s in the environment: ", name);
          return FALSE;
        }
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
  if (option == NULL || vai_config_kind_is_secret (option->kind))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE,
                   option == NULL ? "There is no option “%s”: see --help."
                                  : "“%s” is a secret: give it by the file or the environment.",
                   arguments[0]);
      return 0;
    }
  const char *value = name[length] == '=' ? name + length + 1 : arguments[1];
  if (value == NULL || (name[length] != '=' && g_str_has_prefix (value, "--")))
    {
      g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "“%s” wants a value.", arguments[0]);
      return 0;
    }
  return !set_value (self, option, value, error) ? 0 : name[length] == '=' ? 1 : 2;
}

static gboolean
is_config (const char *argument)
{
  return g_str_has_prefix (argument, "--config=") || strcmp (argument, "--config") == 0;
}

static gboolean
read_flags (VaiServerConfig *self, GStrv *arguments, GError **error)
{
  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();
  for (guint i = 0; (*arguments)[i] != NULL;)
    {
      char *argument = (*arguments)[i];
      if (!g_str_has_prefix (argument, "--"))
        {
          g_strv_builder_add (rest, argument);
          i++;
          continue;
        }
      if (is_config (argument))
        {
          i += argument[strlen ("--config")] == '=' ? 1 : 2;
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

/* Finds in @file that of --config=FILE or --config FILE, else of the environment, or NULL. */
static gboolean
find_file (GStrv arguments, const char **file, GError **error)
{
  *file = g_getenv ("VALUTAI_CONFIG");
  if (*file != NULL && **file == '\0')
    *file = NULL;
  for (guint i = 0; arguments[i] != NULL; i++)
    if (is_config (arguments[i]))
      {
        *file = arguments[i][strlen ("--config")] == '=' ? arguments[i] + strlen ("--config=") : arguments[++i];
        if (*file == NULL || **file == '\0' || g_str_has_prefix (*file, "--"))
          {
            g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "“--config” wants a file.");
            return FALSE;
          }
      }
  return TRUE;
}

/* What is right alone and wrong together. */
static gboolean
check_together (const VaiServerConfig *self, GError **error)
{
  static const struct
  {
    const char *name, *wants, *why;
  } rules[] = {
    { "stripe-secret-key", "stripe-webhook-secrets", "what is paid would be noticed late" },
    { "stripe-webhook-secrets", "stripe-secret-key", "nothing can be bought" },
    { "smtp-password", "smtp-user", "a password is of a user" },
    { "smtp-user", "smtp-url", "there is no mail server" },
    { "blob-store", "s3-url", "there is no such store" },
    { "blob-store", "s3-access-key", "there is no such store" },
    { "blob-store", "s3-secret-key", "there is no such store" },
  };
  gboolean remote = g_str_has_prefix (vai_server_config_get_text (self, "blob-store"), "s3://");
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (vai_server_config_get_text (self, rules[i].name) != NULL
        && (remote || strcmp (rules[i].name, "blob-store") != 0)
        && vai_server_config_get_text (self, rules[i].wants) == NULL)
      {
        g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "%s wants %s too: without it %s.", rules[i].name,
                     rules[i].wants, rules[i].why);
        return FALSE;
      }
  return TRUE;
}

VaiServerConfig *
vai_server_config_new (GStrv *arguments, GError **error)
{
  g_autoptr (VaiServerConfig) self = g_new0 (VaiServerConfig, 1);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->lists = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_strfreev);
  const char *file;
  if (!find_file (*arguments, &file, error))
    return NULL;
  self->file = g_strdup (file);
  if ((file != NULL && !read_file (self, file, error)) || !read_environment (self, error)
      || !read_flags (self, arguments, error))
    return NULL;
  fill_defaults (self);
  return check_together (self, error) ? g_steal_pointer (&self) : NULL;
}

void
vai_server_config_free (VaiServerConfig *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->texts);
  g_hash_table_unref (self->lists);
  g_free (self->file);
  g_free (self);
}

const char *
vai_server_config_get_file (const VaiServerConfig *self)
{
  return self->file;
}

gboolean
vai_server_config_has_option (const char *name)
{
  return find_option (name, strlen (name)) != NULL;
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
      if (vai_config_kind_is_secret (options[i].kind))
        value = value == NULL ? "not set" : "set";
      g_autofree char *shown = dup_without_password (value != NULL ? value : "");
      g_string_append_printf (text, "%s=%s\n", options[i].name, shown);
    }
  return g_string_free (text, FALSE);
}

char *
vai_server_config_dup_help (void)
{
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_string_append_printf (text, "  %s%-24s %s\n", vai_config_kind_is_secret (options[i].kind) ? "  " : "--",
                            options[i].name, options[i].help);
  return g_string_free (text, FALSE);
}
