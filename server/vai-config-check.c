#include "vai-config-check.h"

#include "vai-database.h"
#include "vai-error.h"
#include "vai-vault.h"

#include <errno.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ── Places ── */

static gboolean
refuse (GError **error, const char *option, const char *path, const char *what)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "%s: “%s” %s.", option, path, what);
  return FALSE;
}

static gboolean
refuse_unseen (GError **error, const char *option, const char *path)
{
  g_set_error (error, VAI_ERROR, VAI_ERROR_USAGE, "%s: “%s” cannot be looked at: %s.", option, path,
               g_strerror (errno));
  return FALSE;
}

/* A folder that is there, or for which there is a place. */
static gboolean
check_folder (const char *option, const char *path, GError **error)
{
  g_autofree char *place = g_strdup (path);
  struct stat status;
  while (stat (place, &status) != 0 && errno == ENOENT && strcmp (place, ".") != 0 && strcmp (place, "/") != 0)
    {
      char *above = g_path_get_dirname (place);
      g_free (place);
      place = above;
    }
  if (stat (place, &status) != 0)
    return refuse_unseen (error, option, path);
  if (!S_ISDIR (status.st_mode))
    return refuse (error, option, place, "is no folder");
  if (access (place, W_OK | X_OK) != 0)
    return refuse (error, option, place, "is a folder in which this user may not write");
  return TRUE;
}

/* A file that is there; when it is not, one @may be made in a folder that is, or in that of the data. */
static gboolean
check_file (const VaiServerConfig *config, const char *option, int mode, gboolean may, GError **error)
{
  const char *path = vai_server_config_get_text (config, option);
  struct stat status;
  if (path == NULL)
    return TRUE;
  if (stat (path, &status) != 0)
    {
      if (errno != ENOENT)
        return refuse_unseen (error, option, path);
      if (!may)
        return refuse (error, option, path, "is not there");
      g_autofree char *folder = g_path_get_dirname (path);
      gboolean made = strcmp (folder, vai_server_config_get_text (config, "data")) == 0;
      return made || g_file_test (folder, G_FILE_TEST_EXISTS)
                 ? check_folder (option, folder, error)
                 : refuse (error, option, folder, "is a folder that is not there");
    }
  if (S_ISDIR (status.st_mode))
    return refuse (error, option, path, "is a folder: a file is wanted");
  if (access (path, mode) != 0)
    return refuse (error, option, path,
                   mode & W_OK ? "is a file that this user may not read and write"
                               : "is a file that this user may not read");
  return TRUE;
}

static gboolean
check_master_key (const VaiServerConfig *config, GError **error)
{
  const char *path = vai_server_config_get_text (config, "master-key-file");
  if (!check_file (config, "master-key-file", R_OK, TRUE, error))
    return FALSE;
  guint8 key[VAI_MASTER_KEY_BYTES];
  gboolean right = !g_file_test (path, G_FILE_TEST_EXISTS) || vai_vault_read_key (path, key, error);
  sodium_memzero (key, sizeof key);
  return right;
}

gboolean
vai_config_check_places (const VaiServerConfig *config, GError **error)
{
  const char *blobs = vai_server_config_get_text (config, "blob-store");
  return check_folder ("data", vai_server_config_get_text (config, "data"), error)
         && (vai_database_is_address (vai_server_config_get_text (config, "database"))
             || check_file (config, "database", R_OK | W_OK, TRUE, error))
         && (g_str_has_prefix (blobs, "s3://") || check_folder ("blob-store", blobs, error))
         && check_master_key (config, error) && check_file (config, "breached-passwords", R_OK, FALSE, error);
}

/* ── Notes ── */

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  return strcmp (host, "localhost") == 0 || (address != NULL && g_inet_address_get_is_loopback (address));
}

static gboolean
listens_outside (const VaiServerConfig *config)
{
  g_autoptr (GSocketConnectable) where
      = g_network_address_parse (vai_server_config_get_text (config, "listen"), 0, NULL);
  return !is_loopback (g_network_address_get_hostname (G_NETWORK_ADDRESS (where)));
}

static gboolean
has_no_mail (const VaiServerConfig *config)
{
  return vai_server_config_get_text (config, "smtp-url") == NULL;
}

static gboolean
has_far_mail (const VaiServerConfig *config)
{
  const char *url = vai_server_config_get_text (config, "smtp-url");
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;
  return uri != NULL && strcmp (g_uri_get_scheme (uri), "smtp") == 0 && !is_loopback (g_uri_get_host (uri));
}

static gboolean
sells_nothing (const VaiServerConfig *config)
{
  return vai_server_config_get_text (config, "stripe-secret-key") == NULL;
}

static gboolean
has_no_name (const VaiServerConfig *config)
{
  return vai_server_config_get_text (config, "public-url") == NULL && listens_outside (config);
}

static gboolean
is_clear (const VaiServerConfig *config)
{
  const char *url = vai_server_config_get_text (config, "public-url");
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;
  return uri != NULL && strcmp (g_uri_get_scheme (uri), "http") == 0 && !is_loopback (g_uri_get_host (uri));
}

static gboolean
has_no_proxy (const VaiServerConfig *config)
{
  return vai_server_config_get_text (config, "trusted-proxies") == NULL && listens_outside (config);
}

static gboolean
is_seen (const VaiServerConfig *config)
{
  const char *file = vai_server_config_get_file (config);
  struct stat status;
  return file != NULL && stat (file, &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

static gboolean
shares_a_folder (const VaiServerConfig *config)
{
  return vai_database_is_address (vai_server_config_get_text (config, "database"))
         && !g_str_has_prefix (vai_server_config_get_text (config, "blob-store"), "s3://");
}

static gboolean
shares_no_key (const VaiServerConfig *config)
{
  return vai_database_is_address (vai_server_config_get_text (config, "database"))
         && !g_file_test (vai_server_config_get_text (config, "master-key-file"), G_FILE_TEST_EXISTS);
}

static void
note_variables (GString *text)
{
  g_auto (GStrv) names = g_listenv ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (!g_str_has_prefix (names[i], "VALUTAI_") || strcmp (names[i], "VALUTAI_CONFIG") == 0)
        continue;
      g_autofree char *name = g_ascii_strdown (names[i] + strlen ("VALUTAI_"), -1);
      if (!vai_server_config_has_option (g_strdelimit (name, "_", '-')))
        g_string_append_printf (text, "note: %s in the environment is no option.\n", names[i]);
    }
}

char *
vai_config_dup_notes (const VaiServerConfig *config)
{
  static const struct
  {
    gboolean (*is_so) (const VaiServerConfig *config);
    const char *text;
  } notes[] = {
    { has_no_mail, "smtp-url is not given: letters are written to the log, and nobody gets them." },
    { has_far_mail, "smtp-url is another machine: unless it offers STARTTLS no letter is sent." },
    { sells_nothing, "stripe-secret-key is not given: nothing can be bought." },
    { has_no_name, "public-url is not given: links in letters lead to the address of listen." },
    { is_clear, "public-url is no https: passwords travel as they are written." },
    { has_no_proxy, "trusted-proxies is not given: behind a proxy all people would share its address and its limits." },
    { is_seen, "the file of --config can be read by other users: chmod 600." },
    { shares_a_folder, "blob-store is a folder: every server of this database must see it." },
    { shares_no_key, "master-key-file is not there: one is made for a new database; for one in use copy its own." },
  };
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (notes); i++)
    if (notes[i].is_so (config))
      g_string_append_printf (text, "note: %s\n", notes[i].text);
  note_variables (text);
  return g_string_free (text, FALSE);
}
