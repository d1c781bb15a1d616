#include "vai-rate-limit.h"

#include "vai-route.h"

/* Token buckets: so many at once, so many a second after that. Generous to a program that works, too slow for one that
 * guesses; writes come in bursts of 64 when a machine was offline for long. */
static const struct
{
  double burst, per_second;
} classes[VAI_RATE_N] = {
  [VAI_RATE_READ] = { 20000, 10000 }, [VAI_RATE_WRITE] = { 20000, 10000 }, [VAI_RATE_SIGN_IN] = { 60, 1 },
  [VAI_RATE_MAIL] = { 20, 0.1 },      [VAI_RATE_HEAVY] = { 200, 20 },
};

/* More buckets than this are forgotten at once: a flood from many addresses must not fill the memory. */
#define BUCKETS_MAX 65536

typedef struct
{
  double tokens;
  gint64 at; /* monotonic microseconds */
} Bucket;

static GMutex lock;
static GHashTable *buckets; /* "class who" → Bucket */

VaiReply *
vai_rate_limit_check (VaiCall *call, const char *who)
{
  VaiRate rate = call->route->rate;
  if (rate == VAI_RATE_NONE)
    return NULL;
  char key[96];
  g_snprintf (key, sizeof key, "%d %s", rate, who);
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  if (buckets == NULL || g_hash_table_size (buckets) > BUCKETS_MAX)
    {
      g_clear_pointer (&buckets, g_hash_table_unref);
      buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    }
  Bucket *bucket = g_hash_table_lookup (buckets, key);
  if (bucket == NULL)
    {
      bucket = g_new (Bucket, 1);
      *bucket = (Bucket){ classes[rate].burst, now };
      g_hash_table_insert (buckets, g_strdup (key), bucket);
    }
  double gained = (double) (now - bucket->at) / G_USEC_PER_SEC * classes[rate].per_second;
  bucket->tokens = MIN (classes[rate].burst, bucket->tokens + gained) - 1;
  bucket->at = now;
  if (bucket->tokens >= 0)
    return NULL;
  bucket->tokens = 0;
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_TOO_MANY, NULL, "Too many requests: wait a little.");
  g_autofree char *seconds = g_strdup_printf ("%d", (int) (1 / classes[rate].per_second) + 1);
  vai_reply_set_header (reply, "Retry-After", seconds);
  return reply;
}
