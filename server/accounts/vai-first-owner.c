#include "vai-first-owner.h"

#include "vai-link.h"
#include "vai-user.h"

#include <stdio.h>

/* Whoever has just started the server is there. */
#define SETUP_MS (24 * 3600 * G_GINT64_CONSTANT (1000))

static gboolean
offer (VaiTransaction *transaction, gpointer data)
{
  char **token = data;
  g_clear_pointer (token, g_free);
  if (vai_user_is_last_owner (transaction, ""))
    *token = vai_link_new (transaction, "setup", NULL, NULL, vai_server_now (), SETUP_MS);
  return TRUE;
}

gboolean
vai_first_owner_offer (VaiServer *server, GError **error)
{
  g_autofree char *token = NULL;
  g_autoptr (VaiConnection) connection = vai_connection_new (server->database);
  if (!vai_connection_write (connection, offer, &token, error))
    return FALSE;
  if (token != NULL)
    printf ("valutai-server: make the first administrator: %s/setup?token=%s\n", server->public_url, token);
  return TRUE;
}
