#include "vai-settle.h"

#include "vai-random.h"

#include <string.h>

/* A server of one account with one device, and copies of that device, over a network that loses, doubles and reorders.
 * The truth is a list of the operations that ever arrived. */

#define N_COPIES 3
#define N_OPS 64
#define N_STEPS 300
#define GRANTED 60

typedef struct
{
  gint64 epoch;
  guint n;
  guint ops[N_OPS]; /* numbers of operations; the cost is 1 + number % 4 */
} Copy;

typedef struct
{
  VaiSettleDevice device;
  gint64 available, consumed, debt;
  guint chain[N_OPS]; /* of the epoch that runs */
  gboolean spent[100000];
  char hashes[2][N_OPS + 1][VAI_HASH_SIZE];
} Server;

static gint64
cost_of (guint op)
{
  return 1 + op % 4;
}

/* Hashes of a chain of operations, the genesis first. */
static void
link_chain (char (*hashes)[VAI_HASH_SIZE], gint64 epoch, const guint *ops, guint n)
{
  memcpy (hashes[0], VAI_LOG_GENESIS, VAI_HASH_SIZE);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%d %s %u", (int) epoch, hashes[i], ops[i]);
      vai_log_hash (text, hashes[i + 1]);
    }
}

static void
take (Server *self, guint op, gboolean current)
{
  gint64 available = self->spent[op] ? 0 : self->available;
  VaiSettleCharge charge = vai_settle_charge (&self->device, cost_of (op), available, current);
  if (self->spent[op])
    {
      self->available += charge.from_hold;
      return;
    }
  self->spent[op] = TRUE;
  self->available -= charge.from_available;
  self->debt += charge.from_debt;
  self->consumed += cost_of (op);
}

static void
check (const Server *self)
{
  gint64 hold = vai_settle_get_hold (&self->device), consumed = 0;
  g_assert_cmpint (hold, >=, 0);
  g_assert_cmpint (self->available, >=, 0);
  g_assert_cmpint (self->debt, >=, 0);
  g_assert_cmpint (GRANTED + self->debt, ==, self->available + hold + self->consumed);
  for (guint i = 0; i < G_N_ELEMENTS (self->spent); i++)
    consumed += self->spent[i] ? cost_of (i) : 0;
  g_assert_cmpint (consumed, ==, self->consumed);
}

static VaiSettleOutcome
settle (Server *self, const Copy *copy, guint since)
{
  VaiSettleDevice before = self->device;
  const char *known[N_OPS + 1] = { NULL }, *told[N_OPS] = { NULL };
  link_chain (self->hashes[0], self->device.epoch, self->chain, (guint) self->device.head_seq);
  link_chain (self->hashes[1], copy->epoch, copy->ops, copy->n);
  for (guint i = since; i <= copy->n; i++)
    {
      known[i - since] = i <= self->device.head_seq ? self->hashes[0][i] : NULL;
      if (i < copy->n)
        told[i - since] = self->hashes[1][i + 1];
    }
  VaiSettleMessage message = { copy->epoch, since, self->hashes[1][since], told, copy->n - since };
  gsize first;
  VaiSettleOutcome outcome = vai_settle_compare (&self->device, &message, known, &first);
  gboolean appends = outcome == VAI_SETTLE_APPENDS;
  for (guint i = since + (appends ? (guint) first : 0); i < copy->n && outcome != VAI_SETTLE_GAP; i++)
    {
      if (outcome == VAI_SETTLE_FORKS && g_strcmp0 (known[i + 1 - since], told[i - since]) == 0)
        continue;
      take (self, copy->ops[i], outcome != VAI_SETTLE_LATE);
      if (appends)
        {
          self->chain[self->device.head_seq++] = copy->ops[i];
          memcpy (self->device.head_hash, told[i - since], VAI_HASH_SIZE);
        }
    }
  if (outcome == VAI_SETTLE_FORKS)
    self->available += vai_settle_close (&self->device);
  gint64 paid = MIN (self->debt, self->available);
  self->debt -= paid;
  self->available -= paid;
  gint64 rise = outcome == VAI_SETTLE_GAP
                    ? 0
                    : vai_lease_get_rise (self->available, vai_settle_get_hold (&self->device), VAI_LEASE_NEED_UNKNOWN);
  self->device.cap += rise;
  self->available -= rise;
  if (self->device.epoch == before.epoch)
    {
      g_assert_cmpint (self->device.cap, >=, before.cap);
      g_assert_cmpint (self->device.used, >=, before.used);
      g_assert_cmpint (self->device.head_seq, >=, before.head_seq);
    }
  check (self);
  return outcome;
}

static void
run_seed (guint64 seed)
{
  VaiRandom state, *random = &state;
  vai_random_init (random, seed, 1);
  g_autofree Server *server = g_new0 (Server, 1);
  Copy copies[N_COPIES] = { { .epoch = 1 }, { .epoch = 1 }, { .epoch = 1 } };
  Copy late = { .epoch = 1 };
  guint next_op = 0;
  server->available = GRANTED;
  server->device.epoch = 1;
  memcpy (server->device.head_hash, VAI_LOG_GENESIS, VAI_HASH_SIZE);
  for (guint step = 0; step < N_STEPS; step++)
    {
      Copy *copy = &copies[vai_random_below (random, 20) < 17 ? 0 : vai_random_below (random, N_COPIES)];
      guint act = (guint) vai_random_below (random, 10);
      if (act < 4 && copy->n < N_OPS)
        copy->ops[copy->n++] = next_op++;
      else if (act == 4)
        late = *copy; /* a message that comes later */
      else if (act == 5)
        settle (server, &late, (guint) vai_random_below (random, late.n + 1));
      else if (act == 6 && vai_random_below (random, 8) == 0)
        copies[vai_random_below (random, N_COPIES)] = *copy; /* a copied disk */
      else if (settle (server, copy, (guint) vai_random_below (random, copy->n + 1)) != VAI_SETTLE_GAP
               && (copy->epoch != server->device.epoch || copy->n == N_OPS))
        {
          if (copy->epoch == server->device.epoch)
            server->available += vai_settle_close (&server->device);
          *copy = (Copy){ .epoch = server->device.epoch };
        }
    }
  /* In the end each tells all: every operation that any of them still has is charged. */
  for (guint i = 0; i < N_COPIES; i++)
    {
      settle (server, &copies[i], 0);
      for (guint k = 0; k < copies[i].n; k++)
        g_assert_true (server->spent[copies[i].ops[k]]);
    }
}

static void
test_seeds (void)
{
  for (guint64 seed = 1; seed <= 60; seed++)
    run_seed (seed);
}

static void
test_compare (void)
{
  VaiSettleDevice device = { .epoch = 2, .head_seq = 2 };
  memcpy (device.head_hash, "b", 2);
  const char *known[] = { VAI_LOG_GENESIS, "a", "b", NULL };
  const char *same[] = { "a", "b", "c" }, *other[] = { "a", "x", "c" };
  gsize first;
  VaiSettleMessage message = { 2, 0, VAI_LOG_GENESIS, same, 3 };
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_APPENDS);
  g_assert_cmpuint (first, ==, 2);
  message.hashes = other;
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_FORKS);
  message = (VaiSettleMessage){ 2, 2, "x", same, 1 };
  g_assert_cmpint (vai_settle_compare (&device, &message, known + 2, &first), ==, VAI_SETTLE_FORKS);
  message = (VaiSettleMessage){ 2, 2, "x", same, 0 };
  g_assert_cmpint (vai_settle_compare (&device, &message, known + 2, &first), ==, VAI_SETTLE_GAP);
  message.restored = TRUE;
  g_assert_cmpint (vai_settle_compare (&device, &message, known + 2, &first), ==, VAI_SETTLE_FORKS);
  message = (VaiSettleMessage){ 2, 2, "b", same + 2, 1 };
  g_assert_cmpint (vai_settle_compare (&device, &message, known + 2, &first), ==, VAI_SETTLE_APPENDS);
  g_assert_cmpuint (first, ==, 0);
  message = (VaiSettleMessage){ 2, 3, "b", same, 0 };
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_GAP);
  message.epoch = 1;
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_LATE);
  message.epoch = 3;
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_GAP);
  message.n = 1;
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_UNKNOWN);
  message.epoch = 2 + VAI_SETTLE_FORGOTTEN_MAX;
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_UNKNOWN);
  message.epoch++;
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_BEYOND);
  message.n = 0;
  g_assert_cmpint (vai_settle_compare (&device, &message, known, &first), ==, VAI_SETTLE_GAP);
}

static void
test_time (void)
{
  VaiSettleDevice device = { .epoch = 1 };
  g_assert_false (vai_settle_is_over (&device, G_MAXINT64));
  device.not_after = 1000;
  g_assert_false (vai_settle_is_over (&device, 1000 + VAI_LEASE_RETURN_MS - 1));
  g_assert_true (vai_settle_is_over (&device, 1000 + VAI_LEASE_RETURN_MS));
}

static void
test_next (void)
{
  gint64 from;
  g_assert_cmpint (vai_settle_get_next (2, 5, 2, 3, &from), ==, VAI_SETTLE_SEND);
  g_assert_cmpint (from, ==, 3);
  g_assert_cmpint (vai_settle_get_next (2, 5, 2, 5, &from), ==, VAI_SETTLE_DONE);
  g_assert_cmpint (vai_settle_get_next (2, 5, 2, 6, &from), ==, VAI_SETTLE_RESTORED);
  g_assert_cmpint (vai_settle_get_next (2, 5, 3, 0, &from), ==, VAI_SETTLE_NEW_EPOCH);
  g_assert_cmpint (vai_settle_get_next (2, 5, 1, 9, &from), ==, VAI_SETTLE_DONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settle/compare", test_compare);
  g_test_add_func ("/settle/time", test_time);
  g_test_add_func ("/settle/next", test_next);
  g_test_add_func ("/settle/seeds", test_seeds);
  return g_test_run ();
}
