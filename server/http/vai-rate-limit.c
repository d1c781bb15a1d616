#include "vai-rate-limit.h"

#include "vai-route.h"

/* A bucket is full of so many requests, and gains so many a second. */
typedef struct
{
  double burst, per_second;
} Rate;

/* A desk that syncs asks one thing after the other, some tens a second. The most that a program of somebody's own has
 * to do at once is a whole library, or all quotes of a company scored one by one: some ten thousand requests as fast as
 * they go. A loop that ran away asks more than that, and then leaves most of the server to the others. HEAVY is what
 * takes long or makes files: by hand, or a page at a time. */
static const Rate of_account[VAI_RATE_N] = {
  [VAI_RATE_READ] = { 60000, 1000 }, [VAI_RATE_WRITE] = { 30000, 500 }, [VAI_RATE_SIGN_IN] = { 60, 1 },
  [VAI_RATE_MAIL] = { 20, 0.1 },     [VAI_RATE_HEAVY] = { 100, 2 },
};

/* Many people may be behind an address: an office where all sign in at nine, or renew their tokens. READ is pages and
 * tokens that are none, WRITE the renewal of tokens and what Stripe tells. */
static const Rate of_address[VAI_RATE_N] = {
  [VAI_RATE_READ] = { 1000, 100 }, [VAI_RATE_WRITE] = { 1000, 100 }, [VAI_RATE_SIGN_IN] = { 120, 1 },
  [VAI_RATE_MAIL] = { 20, 0.1 },   [VAI_RATE_HEAVY] = { 100, 2 },
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

static Bucket *
find_bucket (const char *key, const Rate *rate, gint64 now)
{
  if (buckets == NULL || g_hash_table_size (buckets) > BUCKETS_MAX)
    {
      g_clear_pointer (&buckets, g_hash_table_unref);
      buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    }
  Bucket *bucket = g_hash_table_lookup (buckets, key);
  if (bucket == NULL)
    {
      bucket = g_new (Bucket, 1);
      *bucket = (Bucket){ rate->burst, now };
      g_hash_table_insert (buckets, g_strdup (key), bucket);
    }
  return bucket;
}

static gboolean
take (const char *key, const Rate *rate, gint64 now)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  Bucket *bucket = find_bucket (key, rate, now);
  /* Another thread may have looked at the clock later and come first. */
  double gained = (double) MAX (now - bucket->at, 0) / G_USEC_PER_SEC * rate->per_second;
  bucket->tokens = MIN (rate->burst, bucket->tokens + gained);
  bucket->at = MAX (bucket->at, now);
  if (bucket->tokens < 1)
    return FALSE;
  bucket->tokens--;
  return TRUE;
}

VaiReply *
vai_rate_limit_check (VaiCall *call, gint64 now)
{
  VaiRate class = call->route->rate;
  if (class == VAI_RATE_NONE)
    return NULL;
  const Rate *rate = call->user_id != NULL ? &of_account[class] : &of_address[class];
  char key[96];
  g_snprintf (key, sizeof key, "%d %s", class, call->user_id != NULL ? call->user_id : call->address);
  if (take (key, rate, now))
    return NULL;
  VaiReply *reply = vai_reply_new_refusal (VAI_REFUSAL_TOO_MANY, NULL, "Too many requests: wait a little.");
  g_autofree char *seconds = g_strdup_printf ("%d", (int) (1 / rate->per_second) + 1);
  vai_reply_set_header (reply, "Retry-After", seconds);
  return reply;
}
