#include "vai-metrics.h"

#include "vai-route.h"
#include "vai-workers.h"

/* Upper bounds of the latencies, in seconds. */
static const double bounds[] = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30 };

typedef struct
{
  guint64 by_class[6]; /* of statuses: 2xx is 2 */
  guint64 buckets[G_N_ELEMENTS (bounds) + 1];
  double seconds;
} RouteStats;

typedef struct
{
  char *help;
  gboolean counts;
  double value;
} Number;

static GMutex lock;
static GHashTable *routes;  /* VaiRoute → RouteStats */
static GHashTable *numbers; /* name → Number */

static void
number_free (gpointer data)
{
  g_free (((Number *) data)->help);
  g_free (data);
}

void
vai_metrics_note_request (const VaiCall *call, guint status, gint64 microseconds)
{
  double seconds = (double) microseconds / G_USEC_PER_SEC;
  guint bucket = 0;
  while (bucket < G_N_ELEMENTS (bounds) && seconds > bounds[bucket])
    bucket++;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (routes == NULL)
    routes = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, g_free);
  RouteStats *stats = g_hash_table_lookup (routes, call->route);
  if (stats == NULL)
    {
      stats = g_new0 (RouteStats, 1);
      g_hash_table_insert (routes, (gpointer) call->route, stats);
    }
  stats->by_class[MIN (status / 100, 5)]++;
  stats->buckets[bucket]++;
  stats->seconds += seconds;
}

static Number *
find_number (const char *name, const char *help, gboolean counts)
{
  if (numbers == NULL)
    numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, number_free);
  Number *number = g_hash_table_lookup (numbers, name);
  if (number != NULL)
    return number;
  number = g_new0 (Number, 1);
  number->help = g_strdup (help);
  number->counts = counts;
  g_hash_table_insert (numbers, g_strdup (name), number);
  return number;
}

void
vai_metrics_count (const char *name, const char *help, gint64 by)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  find_number (name, help, TRUE)->value += (double) by;
}

void
vai_metrics_set (const char *name, const char *help, double value)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  find_number (name, help, FALSE)->value = value;
}

static void
write_header (GString *text, const char *name, const char *help, const char *type)
{
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
write_requests (GString *text)
{
  GHashTableIter iter;
  gpointer key, value;
  write_header (text, "valutai_requests_total", "Requests by route and class of status.", "counter");
  g_hash_table_iter_init (&iter, routes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    for (guint i = 1; i < 6; i++)
      if (((RouteStats *) value)->by_class[i] > 0)
        g_string_append_printf (
            text, "valutai_requests_total{method=\"%s\",route=\"%s\",status=\"%uxx\"} %" G_GUINT64_FORMAT "\n",
            ((const VaiRoute *) key)->method, ((const VaiRoute *) key)->path, i, ((RouteStats *) value)->by_class[i]);
}

static void
write_latencies (GString *text)
{
  GHashTableIter iter;
  gpointer key, value;
  write_header (text, "valutai_request_seconds", "Time from a request to its answer.", "histogram");
  g_hash_table_iter_init (&iter, routes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      const VaiRoute *route = key;
      const RouteStats *stats = value;
      g_autofree char *labels = g_strdup_printf ("method=\"%s\",route=\"%s\"", route->method, route->path);
      guint64 n = 0;
      char number[G_ASCII_DTOSTR_BUF_SIZE];
      for (guint i = 0; i <= G_N_ELEMENTS (bounds); i++)
        {
          n += stats->buckets[i];
          const char *bound
              = i < G_N_ELEMENTS (bounds) ? g_ascii_formatd (number, sizeof number, "%g", bounds[i]) : "+Inf";
          g_string_append_printf (text, "valutai_request_seconds_bucket{%s,le=\"%s\"} %" G_GUINT64_FORMAT "\n", labels,
                                  bound, n);
        }
      g_string_append_printf (
          text, "valutai_request_seconds_sum{%s} %s\nvalutai_request_seconds_count{%s} %" G_GUINT64_FORMAT "\n", labels,
          g_ascii_dtostr (number, sizeof number, stats->seconds), labels, n);
    }
}

static void
write_number (GString *text, const char *name, const Number *number)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  write_header (text, name, number->help, number->counts ? "counter" : "gauge");
  g_string_append_printf (text, "%s %s\n", name, g_ascii_dtostr (digits, sizeof digits, number->value));
}

char *
vai_metrics_dup_text (VaiServer *server)
{
  vai_metrics_set ("valutai_database_writes_waiting", "Writes that wait for the database.",
                   vai_database_get_n_waiting (server->database));
  vai_metrics_set ("valutai_database_can_write", "1 while the database takes writes.",
                   vai_database_can_write (server->database, NULL));
  vai_metrics_set ("valutai_requests_waiting", "Requests that wait for a worker.",
                   vai_workers_get_n_waiting (server->workers));
  GString *text = g_string_new (NULL);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (routes != NULL)
    {
      write_requests (text);
      write_latencies (text);
    }
  g_autoptr (GList) names = g_list_sort (g_hash_table_get_keys (numbers), (GCompareFunc) g_strcmp0);
  for (GList *l = names; l != NULL; l = l->next)
    write_number (text, l->data, g_hash_table_lookup (numbers, l->data));
  return g_string_free (text, FALSE);
}
