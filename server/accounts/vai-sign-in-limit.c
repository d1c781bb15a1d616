#include "vai-sign-in-limit.h"

/* Five are a person's own mistakes. After them each costs twice the wait of the one before, up to a minute. */
#define FREE_TRIES 5
#define WAIT_FIRST_MS 1000
#define WAIT_MAX_MS 60000

/* Tries are forgotten after this long without one. */
#define WINDOW_MS (15 * 60 * G_GINT64_CONSTANT (1000))

static char *
name_of (const char *email, const char *address)
{
  /* Hashed: somebody who mistypes may type a password where the address belongs. */
  g_autofree char *both = g_strconcat (email, "\n", address, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, both, -1);
  return g_strconcat ("sign-in ", hash, NULL);
}

gint64
vai_sign_in_limit_wait (VaiTransaction *transaction, const char *email, const char *address, gint64 now)
{
  g_autofree char *name = name_of (email, address);
  g_autoptr (VaiRows) rows = vai_transaction_query (
      transaction, "SELECT window_start, count FROM rate_limit WHERE id = $1", VAI_TEXT (name));
  if (!vai_rows_next (rows))
    return 0;
  gint64 last = vai_rows_get_integer (rows, 0);
  gint64 over = vai_rows_get_integer (rows, 1) - FREE_TRIES;
  if (over < 0 || now - last > WINDOW_MS)
    return 0;
  gint64 wait = MIN (WAIT_MAX_MS, (gint64) WAIT_FIRST_MS << MIN (over, 10));
  return MAX (0, last + wait - now);
}

void
vai_sign_in_limit_note (VaiTransaction *transaction, const char *email, const char *address, gboolean right, gint64 now)
{
  g_autofree char *name = name_of (email, address);
  if (right)
    vai_transaction_run (transaction, "DELETE FROM rate_limit WHERE id = $1", VAI_TEXT (name));
  else
    vai_transaction_run (
        transaction,
        "INSERT INTO rate_limit (id, window_start, count) VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE "
        "SET count = CASE WHEN rate_limit.window_start < $3 THEN 1 ELSE rate_limit.count + 1 END, "
        "window_start = excluded.window_start",
        VAI_TEXT (name), VAI_INTEGER (now), VAI_INTEGER (now - WINDOW_MS));
}
