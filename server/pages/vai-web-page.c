#include "vai-web-page.h"

#include "vai-message.h"
#include "vai-route.h"
#include "vai-text.h"

#include <string.h>

/* No script, no picture, nothing from elsewhere, in no frame; the address with its token is told to nobody. */
#define POLICY "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

static VaiReply *
frame (VaiCall *call, guint status, const char *content)
{
  const char *body = strchr (content, '\n');
  g_autofree char *title = g_strndup (content, (gsize) (body - content));
  g_autofree char *page = vai_text_fill ("page-frame.html", call->locale, "title", title, NULL);
  g_autoptr (GString) whole = g_string_new (page);
  g_string_replace (whole, "{{content}}", body + 1, 1);
  gsize size = whole->len;
  char *text = g_string_free (g_steal_pointer (&whole), FALSE);
  VaiReply *reply = vai_reply_new_bytes (status, "text/html; charset=utf-8", g_bytes_new_take (text, size));
  vai_reply_set_header (reply, "Content-Security-Policy", POLICY);
  vai_reply_set_header (reply, "Referrer-Policy", "no-referrer");
  vai_reply_set_header (reply, "X-Frame-Options", "DENY");
  vai_reply_set_header (reply, "Content-Language", call->locale);
  return reply;
}

VaiReply *
vai_web_page_new (VaiCall *call, guint status, const char *name, ...)
{
  g_autofree char *file = g_strdup_printf ("page-%s.html", name);
  va_list pairs;
  va_start (pairs, name);
  g_autofree char *content = vai_text_fill_valist (file, call->locale, pairs);
  va_end (pairs);
  return frame (call, status, content);
}

/* The last part of its path. */
const char *
vai_web_page_get_name (VaiCall *call)
{
  return call->route->path + 1;
}

VaiReply *
vai_web_page_new_form (VaiCall *call, guint status, const char *token, const char *problem)
{
  const char *name = call->message != NULL ? vai_message_get_text (call->message, "name", "") : "";
  const char *email = call->message != NULL ? vai_message_get_text (call->message, "email", "") : "";
  return vai_web_page_new (call, status, vai_web_page_get_name (call), "token", token, "problem", problem, "name", name,
                           "email", email, NULL);
}

/* The rest of the line that begins with @key and “=”, or NULL. */
static char *
find_line (const char *lines, const char *key)
{
  g_autofree char *start = g_strdup_printf ("\n%s=", key);
  const char *found = strstr (lines, start);
  return found == NULL ? NULL : g_strndup (found + strlen (start), strcspn (found + strlen (start), "\n"));
}

char *
vai_web_page_dup_words (VaiCall *call, const char *key, const char *otherwise)
{
  g_autofree char *text = vai_text_fill ("page-words.txt", call->locale, NULL);
  g_autofree char *lines = g_strconcat ("\n", text, NULL);
  char *words = find_line (lines, key);
  if (words == NULL)
    words = find_line (lines, otherwise);
  g_assert (words != NULL);
  return words;
}

/* The member @name of the refusal's error, or "". */
static char *
dup_part (JsonObject *error, const char *name)
{
  return g_strdup (error != NULL ? vai_message_get_text (error, name, "") : "");
}

static char *
dup_problem (VaiCall *call, VaiReply *reply)
{
  gsize size = 0;
  const char *text = reply->body != NULL ? g_bytes_get_data (reply->body, &size) : "";
  g_autoptr (JsonObject) message = vai_message_parse (text, size, NULL);
  JsonObject *error = message != NULL && json_object_has_member (message, "error")
                          ? json_object_get_object_member (message, "error")
                          : NULL;
  g_autofree char *code = dup_part (error, "code");
  g_autofree char *field = dup_part (error, "field");
  const char *parts[] = { vai_web_page_get_name (call), field };
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *both = g_strconcat (code, ".", parts[i], NULL);
      g_autofree char *words = vai_web_page_dup_words (call, both, "none");
      if (*words != '\0')
        return g_steal_pointer (&words);
    }
  return vai_web_page_dup_words (call, code, "internal");
}

VaiReply *
vai_web_page_show_refusal (VaiCall *call, VaiReply *reply)
{
  if (reply->content_type != NULL && g_str_has_prefix (reply->content_type, "text/html"))
    return reply;
  g_autofree char *problem = dup_problem (call, reply);
  VaiReply *page
      = call->message != NULL
            ? vai_web_page_new_form (call, reply->status, vai_message_get_text (call->message, "token", ""), problem)
            : vai_web_page_new (call, reply->status, "problem", "problem", problem, NULL);
  for (guint i = 0; reply->headers != NULL && i < reply->headers->len; i += 2)
    vai_reply_set_header (page, reply->headers->pdata[i], reply->headers->pdata[i + 1]);
  vai_reply_free (reply);
  return page;
}
