#include "vai-stripe.h"

#include "vai-message.h"
#include "vai-metrics.h"

#include <curl/curl.h>
#include <string.h>

/* The rule of Stripe's own libraries: two more tries, half a second and then twice as long up to five, with jitter. */
#define TRIES_MAX 3
#define WAIT_FIRST_SECONDS 0.5
#define WAIT_MAX_SECONDS 5.0

#define CONNECT_SECONDS_MAX 10
#define ANSWER_SECONDS_MAX 30

/* A page of a hundred objects is far smaller. */
#define ANSWER_BYTES_MAX (8 * 1024 * 1024)

typedef struct
{
  const char *method, *path, *key, *form; /* @key and @form may be NULL */
} Request;

typedef struct
{
  long status; /* 0: none came */
  GString *body;
  gboolean should_retry, should_not_retry; /* what Stripe advises */
} Answer;

gboolean
vai_stripe_is_configured (VaiServer *server)
{
  return vai_server_config_get_text (server->config, "stripe-secret-key") != NULL;
}

gboolean
vai_stripe_is_live (VaiServer *server)
{
  const char *key = vai_server_config_get_text (server->config, "stripe-secret-key");
  return key != NULL && (g_str_has_prefix (key, "sk_live_") || g_str_has_prefix (key, "rk_live_"));
}

/* ── One try ── */

static size_t
body_cb (char *data, size_t size, size_t n, void *user_data)
{
  Answer *answer = user_data;
  if (answer->body->len + size * n > ANSWER_BYTES_MAX)
    return 0;
  g_string_append_len (answer->body, data, (gssize) (size * n));
  return size * n;
}

static size_t
header_cb (char *data, size_t size, size_t n, void *user_data)
{
  Answer *answer = user_data;
  g_autofree char *line = g_strndup (data, size * n);
  g_autofree char *lower = g_ascii_strdown (g_strstrip (line), -1);
  if (g_str_has_prefix (lower, "stripe-should-retry:"))
    {
      answer->should_retry = g_str_has_suffix (lower, "true");
      answer->should_not_retry = g_str_has_suffix (lower, "false");
    }
  return size * n;
}

static struct curl_slist *
append_header (struct curl_slist *headers, const char *name, const char *value)
{
  g_autofree char *line = g_strconcat (name, ": ", value, NULL);
  return curl_slist_append (headers, line);
}

static struct curl_slist *
make_headers (VaiServer *server, const Request *request)
{
  g_autofree char *bearer
      = g_strconcat ("Bearer ", vai_server_config_get_text (server->config, "stripe-secret-key"), NULL);
  struct curl_slist *headers = append_header (NULL, "Authorization", bearer);
  headers = append_header (headers, "Stripe-Version", vai_server_config_get_text (server->config, "stripe-version"));
  if (request->key != NULL)
    headers = append_header (headers, "Idempotency-Key", request->key);
  return headers;
}

static void
try_once (VaiServer *server, const Request *request, Answer *answer)
{
  g_autofree char *url
      = g_strdup_printf ("%s/%s", vai_server_config_get_text (server->config, "stripe-url"), request->path);
  CURL *curl = curl_easy_init ();
  struct curl_slist *headers = make_headers (server, request);
  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, (long) CONNECT_SECONDS_MAX);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, (long) ANSWER_SECONDS_MAX);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, body_cb);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, answer);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, header_cb);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, answer);
  if (request->form != NULL)
    curl_easy_setopt (curl, CURLOPT_POSTFIELDS, request->form);
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, request->method);
  CURLcode code = curl_easy_perform (curl);
  if (code == CURLE_OK)
    curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &answer->status);
  else
    g_warning ("Stripe does not answer: %s", curl_easy_strerror (code));
  curl_slist_free_all (headers);
  curl_easy_cleanup (curl);
}

static gboolean
should_try_again (const Answer *answer)
{
  if (answer->status == 0 || answer->should_retry)
    return TRUE;
  return !answer->should_not_retry && (answer->status == 409 || answer->status >= 500);
}

static void
wait_before (VaiServer *server, guint try)
{
  double seconds = MIN (WAIT_FIRST_SECONDS * (double) (1u << (try - 1)), WAIT_MAX_SECONDS);
  seconds = MAX (seconds * 0.5 * (1 + (double) randombytes_uniform (1000) / 1000), WAIT_FIRST_SECONDS);
  gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  while (g_get_monotonic_time () < until && !g_atomic_int_get (&server->draining))
    g_usleep (G_USEC_PER_SEC / 20);
}

/* ── With the rule ── */

static VaiStripeResult
judge (const Request *request, const Answer *answer, JsonObject *body)
{
  if (answer->status >= 200 && answer->status < 300 && body != NULL)
    return VAI_STRIPE_DONE;
  const char *type = body != NULL ? vai_stripe_find_text (body, "error.type") : NULL;
  const char *code = body != NULL ? vai_stripe_find_text (body, "error.code") : NULL;
  const char *param = body != NULL ? vai_stripe_find_text (body, "error.param") : NULL;
  g_warning ("Stripe answers %ld to %s %.*s: type %s, code %s, parameter %s", answer->status, request->method,
             (int) strcspn (request->path, "?"), request->path, type != NULL ? type : "-", code != NULL ? code : "-",
             param != NULL ? param : "-");
  if (answer->status == 404)
    return VAI_STRIPE_MISSING;
  gboolean may_be_done = answer->status < 400 || answer->status >= 500 || answer->status == 409 || answer->status == 429
                         || answer->status == 401 || answer->status == 403;
  return may_be_done ? VAI_STRIPE_UNKNOWN : VAI_STRIPE_REFUSED;
}

static VaiStripeResult
ask (VaiServer *server, const Request *request, JsonObject **result)
{
  *result = NULL;
  for (guint try = 1;; try++)
    {
      Answer answer = { .body = g_string_new (NULL) };
      try_once (server, request, &answer);
      gboolean again = should_try_again (&answer) && try < TRIES_MAX && !g_atomic_int_get (&server->draining);
      g_autoptr (JsonObject) body = vai_message_parse (answer.body->str, answer.body->len, NULL);
      g_string_free (answer.body, TRUE);
      if (again)
        {
          wait_before (server, try);
          continue;
        }
      VaiStripeResult verdict = judge (request, &answer, body);
      vai_metrics_count ("valutai_stripe_calls_done_total", "Calls of Stripe that were answered",
                         verdict == VAI_STRIPE_DONE);
      vai_metrics_count ("valutai_stripe_calls_failed_total", "Calls of Stripe that failed or were refused",
                         verdict != VAI_STRIPE_DONE);
      if (verdict == VAI_STRIPE_DONE)
        *result = g_steal_pointer (&body);
      return verdict;
    }
}

VaiStripeResult
vai_stripe_get (VaiServer *server, const char *path, JsonObject **answer)
{
  return ask (server, &(Request){ .method = "GET", .path = path }, answer);
}

VaiStripeResult
vai_stripe_post (VaiServer *server, const char *path, const char *key, const char *const *form, JsonObject **answer)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; form[i] != NULL; i += 2)
    {
      if (form[i + 1] == NULL)
        continue;
      g_string_append_printf (text, "%s%s=", text->len > 0 ? "&" : "", form[i]);
      g_string_append_uri_escaped (text, form[i + 1], NULL, FALSE);
    }
  return ask (server, &(Request){ .method = "POST", .path = path, .key = key, .form = text->str }, answer);
}

/* ── What is in an answer ── */

static JsonNode *
find (JsonObject *object, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  JsonNode *node = NULL;
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
        {
          JsonArray *array = json_node_get_array (node);
          guint64 index = g_ascii_strtoull (names[i], NULL, 10);
          node = index < json_array_get_length (array) ? json_array_get_element (array, (guint) index) : NULL;
        }
      else if (node == NULL || JSON_NODE_HOLDS_OBJECT (node))
        node = json_object_get_member (node == NULL ? object : json_node_get_object (node), names[i]);
      else
        node = NULL;
      if (node == NULL)
        return NULL;
    }
  return node;
}

JsonObject *
vai_stripe_find_object (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
vai_stripe_find_array (JsonObject *object, const char *path)
{
  JsonNode *node = find (object, path);
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonNode *
find_value (JsonObject *object, const char *path, GType type)
{
  JsonNode *node = find (object, path);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type ? node : NULL;
}

const char *
vai_stripe_find_text (JsonObject *object, const char *path)
{
  JsonNode *node = find_value (object, path, G_TYPE_STRING);
  return node != NULL ? json_node_get_string (node) : NULL;
}

gint64
vai_stripe_find_integer (JsonObject *object, const char *path)
{
  JsonNode *node = find_value (object, path, G_TYPE_INT64);
  return node != NULL ? json_node_get_int (node) : 0;
}

gboolean
vai_stripe_find_boolean (JsonObject *object, const char *path)
{
  JsonNode *node = find_value (object, path, G_TYPE_BOOLEAN);
  return node != NULL && json_node_get_boolean (node);
}

const char *
vai_stripe_find_id (JsonObject *object, const char *path)
{
  JsonObject *expanded = vai_stripe_find_object (object, path);
  return expanded != NULL ? vai_stripe_find_text (expanded, "id") : vai_stripe_find_text (object, path);
}

gboolean
vai_stripe_is_id (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;
  return length > 0 && length <= 255 && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_") == length;
}
