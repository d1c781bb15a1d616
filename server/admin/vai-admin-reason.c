#include "vai-admin-reason.h"

char *
vai_admin_dup_reason (VaiCall *call)
{
  g_autoptr (JsonNode) node
      = json_node_init_string (json_node_alloc (), vai_message_get_text (call->message, "reason", ""));
  return json_to_string (node, FALSE);
}
